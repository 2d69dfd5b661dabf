"""Who may come in: the one connected app and the people of a new company. Constants, not secrets."""

from functools import cached_property

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - of an imitation that guards nothing
USERNAME = "integration@example.com"
PASSWORD = "sandbox-password"  # noqa: S105
SECURITY_TOKEN = "SandboxToken"  # noqa: S105
SALES_USERNAME = "sales@example.com"  # the person who acts in the user interface

KEY_BITS = 2048


class KeyPair:
    """The RSA keys of the connected app: made on first use, and anew with each start."""

    @cached_property
    def _private(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)

    @property
    def private_pem(self) -> str:
        return self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @property
    def public_pem(self) -> str:
        return (
            self._private.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )
