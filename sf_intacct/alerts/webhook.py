"""A webhook: one JSON document in one POST, signed, so that the receiver knows it is ours and not an old one.

Signature: hex HMAC-SHA256, by the shared secret, of "<timestamp>.<number>.<body>", in X-Sf-Intacct-Signature.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import requests

from sf_intacct.alerts.channel import NotTold
from sf_intacct.calls import require_tls

TIMEOUT_SECONDS = 10
SIGNATURE, STAMP, NUMBER = "X-Sf-Intacct-Signature", "X-Sf-Intacct-Timestamp", "X-Sf-Intacct-Message"


def signature(secret: str, stamp: str, number: int, body: bytes) -> str:
    """What a receiver computes and compares."""
    return hmac.new(secret.encode(), f"{stamp}.{number}.".encode() + body, hashlib.sha256).hexdigest()


class Webhook:
    """Satisfies `Channel`. No redirect is followed, no proxy or netrc of the machine counts, nothing is retried."""

    name = "webhook"

    def __init__(self, url: str, secret: str, now: Callable[[], datetime]) -> None:
        require_tls(url, "the webhook of the alerts")
        self._url, self._secret, self._now = url, secret, now

    def send(self, number: int, body: str) -> None:
        data, stamp = body.encode(), self._now().isoformat(timespec="seconds")
        headers = {
            "Content-Type": "application/json",
            STAMP: stamp,
            NUMBER: str(number),
            SIGNATURE: signature(self._secret, stamp, number, data),
        }
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    self._url,
                    data=data,
                    headers=headers,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                    stream=True,  # what it answers is not read: it could be endless
                )
                answer.close()
        except requests.RequestException as error:
            # Not its text: that holds the address, and addresses of webhooks are secrets.
            raise NotTold(f"{self._host}: {type(error).__name__}") from None
        if not 200 <= answer.status_code < 300:
            raise NotTold(f"{self._host} answered {answer.status_code}")

    @property
    def _host(self) -> str:
        return urlsplit(self._url).hostname or "the webhook"
