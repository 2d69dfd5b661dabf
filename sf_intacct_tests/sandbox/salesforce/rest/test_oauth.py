"""The token endpoint: who gets in, how, and in which words others are turned away."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.salesforce.org import Org

BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXPIRY = int((START + timedelta(minutes=3)).timestamp())


def token(org: Org, form: dict[str, str], status: int = 200, auth: Any = None) -> dict[str, Any]:
    answer = requests.post(f"{org.host}/services/oauth2/token", data=form, auth=auth, timeout=10)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def assertion(org: Org, key: str | None = None, **claims: Any) -> str:
    given = {"iss": "sandbox-client", "sub": "integration@example.com", "aud": "https://login.salesforce.com", **claims}
    return jwt.encode({"exp": EXPIRY, **given}, key or org.credentials["private_key"], algorithm="RS256")


def bearer(signed: str) -> dict[str, str]:
    return {"grant_type": BEARER, "assertion": signed}


def lets_in(org: Org, granted: dict[str, Any]) -> bool:
    headers = {"Authorization": f"{granted['token_type']} {granted['access_token']}"}
    return bool(org.send("GET", "limits", headers=headers).ok)


def test_client_credentials_come_as_a_form_or_in_the_header(org: Org) -> None:
    assert lets_in(org, token(org, {"grant_type": "client_credentials", **org.client}))
    pair = (org.credentials["client_id"], org.credentials["client_secret"])
    granted = token(org, {"grant_type": "client_credentials"}, auth=pair)
    assert list(granted) == ["access_token", "signature", "scope", "instance_url", "id", "token_type", "issued_at"]
    assert granted["instance_url"] == org.host
    assert granted["access_token"].startswith(org.credentials["organization_id"][:15] + "!")
    assert granted["issued_at"] == str(int(START.timestamp() * 1000))


def test_a_password_comes_with_its_token_or_from_a_trusted_network(org: Org) -> None:
    person = {"grant_type": "password", "username": "integration@example.com", **org.client}
    assert lets_in(org, token(org, {**person, "password": "sandbox-passwordSandboxToken"}))
    assert lets_in(org, token(org, {**person, "password": "sandbox-password"}))
    refused = token(org, {**person, "password": "guess"}, 400)
    assert refused == {"error": "invalid_grant", "error_description": "authentication failure"}


@pytest.mark.parametrize("expiry", [EXPIRY, str(EXPIRY), EXPIRY * 1000])
def test_an_assertion_may_write_its_expiry_in_three_ways(org: Org, expiry: Any) -> None:
    org.control.act("set_limit", name="assertion_expiry_checked", value=True)
    assert lets_in(org, token(org, bearer(assertion(org, exp=expiry))))


def test_an_assertion_may_be_meant_for_this_host(org: Org) -> None:
    assert lets_in(org, token(org, bearer(assertion(org, aud=f"{org.host}/"))))


@pytest.mark.parametrize(
    ("claims", "error", "description"),
    [
        ({"iss": "somebody"}, "invalid_client_id", "client identifier invalid"),
        ({"sub": "nobody@example.com"}, "invalid_grant", "user hasn't approved this consumer"),
        ({"aud": "https://elsewhere.example.com"}, "invalid_grant", "audience is invalid"),
        ({"exp": EXPIRY - 3600}, "invalid_grant", "expired authorization code"),
        ({"exp": "later"}, "invalid_grant", "invalid assertion"),
    ],
)
def test_an_assertion_that_claims_too_much_is_refused(
    org: Org, claims: dict[str, Any], error: str, description: str
) -> None:
    org.control.act("set_limit", name="assertion_expiry_checked", value=True)
    refused = token(org, bearer(assertion(org, **claims)), 400)
    assert refused == {"error": error, "error_description": description}


def test_a_foreign_key_opens_only_once_it_is_registered(org: Org) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    signed = assertion(org, pem)
    assert token(org, bearer(signed), 400)["error_description"] == "invalid assertion"
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    org.control.act("register_public_key", pem=public.decode())
    assert lets_in(org, token(org, bearer(signed)))


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "magic"}, "unsupported_grant_type"),
        ({}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}, "invalid_client_id"),
        ({"grant_type": "client_credentials", "client_id": "sandbox-client", "client_secret": "y"}, "invalid_client"),
    ],
)
def test_other_grants_are_refused(org: Org, form: dict[str, str], error: str) -> None:
    assert token(org, form, 400)["error"] == error


def test_a_revoked_token_is_expired(org: Org) -> None:
    granted = token(org, {"grant_type": "client_credentials", **org.client})
    assert lets_in(org, granted)
    requests.post(f"{org.host}/services/oauth2/revoke", data={"token": granted["access_token"]}, timeout=10)
    assert not lets_in(org, granted)


def test_the_token_knows_whose_it_is(org: Org) -> None:
    granted = token(org, {"grant_type": "client_credentials", **org.client})
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    for url in (granted["id"], f"{org.host}/services/oauth2/userinfo"):
        told = requests.get(url, headers=headers, timeout=10).json()
        assert told["organization_id"] == org.credentials["organization_id"]
        assert told["user_id"].startswith("005")
        assert requests.get(url, timeout=10).status_code == 401
