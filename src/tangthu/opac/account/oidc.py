"""OpenID Connect: the authorization code flow with PKCE, against any provider.

OpenID Connect Core 1.0 (3.1, 3.1.3.7), Discovery 1.0, RFC 7636 (PKCE), RFC 9700 (best practice).
What the provider publishes is remembered for an hour; every question to it has a time limit.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

import httpx
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import constant_time_compare
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from tangthu.opac.errors import ProviderFailed

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
CLAIMS = ("card", "phone", "citizen_number")
"""What the provider's claim may name."""
KEPT_SECONDS = 3600
TIMEOUT = httpx.Timeout(8.0, connect=4.0)
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What the operator told of the provider; `claim_is` says what its claim names."""

    issuer: str
    client_id: str
    client_secret: str
    scope: str
    label: str
    claim: str
    claim_is: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What must come back: remembered in the session while the reader is at the provider."""

    state: str
    nonce: str
    verifier: str
    next: str
    is_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """Whom the provider has recognised: `hint` is the value of the claim, if it told one."""

    issuer: str
    subject: str
    hint: str


def provider() -> Provider | None:
    """Return the provider of this installation; None where none is set up."""
    told = settings.OIDC
    if told["claim_is"] not in CLAIMS:
        raise ImproperlyConfigured(f"TANGTHU_OIDC_CLAIM_IS must be one of {', '.join(CLAIMS)}")
    return Provider(**told) if told["issuer"] and told["client_id"] else None


def begin(
    known: Provider, *, back: str, there: str, is_kept: bool = False, prompt: str = ""
) -> tuple[str, Asked]:
    """Return where to send the reader, and what to remember until they come back.

    `prompt` is `login` where the provider must not take whoever was there last for this reader
    (OpenID Connect Core, 3.1.2.1).
    """
    asked = Asked(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        next=there,
        is_kept=is_kept,
    )
    question = {
        "response_type": "code",
        "client_id": known.client_id,
        "redirect_uri": back,
        "scope": known.scope,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": challenge(asked.verifier),
        "code_challenge_method": "S256",
        **({"prompt": prompt} if prompt else {}),
    }
    return f"{_published(known, 'authorization_endpoint')}?{urlencode(question)}", asked


def challenge(verifier: str) -> str:
    """Return what proves later that who brings the code is who asked for it (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def finish(known: Provider, asked: Asked, answer: Mapping[str, str], *, back: str) -> Somebody:
    """Exchange the code for who it is. Raises ProviderFailed for whatever does not fit."""
    if not constant_time_compare(answer.get("state", ""), asked.state):
        raise ProviderFailed(why="state")
    if answer.get("iss", known.issuer) != known.issuer:
        raise ProviderFailed(why="issuer")  # RFC 9207: another provider's answer
    if answer.get("error") or not answer.get("code"):
        raise ProviderFailed(why=answer.get("error", "no_code")[:60])
    tokens = _exchange(known, asked, answer["code"], back)
    claims = _verified(known, str(tokens.get("id_token", "")), asked.nonce)
    subject = str(claims.get("sub", ""))
    if not subject or len(subject) > 255:
        raise ProviderFailed(why="subject")
    hint = claims.get(known.claim) if known.claim else None
    if known.claim and hint is None:
        hint = _user_info(known, str(tokens.get("access_token", "")), subject).get(known.claim)
    return Somebody(issuer=known.issuer, subject=subject, hint=str(hint or "")[:60])


def _exchange(known: Provider, asked: Asked, code: str, back: str) -> Mapping[str, object]:
    told = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": asked.verifier,
        "client_id": known.client_id,
    }
    auth = None
    if known.client_secret:
        auth = httpx.BasicAuth(known.client_id, known.client_secret)
    return _json("POST", _published(known, "token_endpoint"), data=told, auth=auth)


def _verified(known: Provider, token: str, nonce: str) -> Mapping[str, object]:
    """Return the claims of an ID token that the provider signed for us, now and for this login."""
    expected = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": known.issuer},
        aud={"essential": True, "value": known.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    for is_fresh in (False, True):
        try:
            keys = KeySet.import_key_set(_keys(known, fresh=is_fresh))
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            expected.validate(claims)
        except (JoseError, ValueError):
            # Once more with new keys: the provider may have changed them within the hour.
            if is_fresh:
                raise ProviderFailed(why="id_token") from None
        else:
            return claims
    raise ProviderFailed(why="id_token")


def _user_info(known: Provider, access_token: str, subject: str) -> Mapping[str, object]:
    address = _published(known, "userinfo_endpoint")
    told = _json("GET", address, headers={"Authorization": f"Bearer {access_token}"})
    # Core 5.3.2: an answer about somebody else must not be used.
    return told if told.get("sub") == subject else {}


def _keys(known: Provider, *, fresh: bool) -> KeySetSerialization:
    key = f"oidc-keys:{known.issuer}"
    kept: KeySetSerialization | None = None if fresh else cache.get(key)
    if kept is None:
        kept = cast(KeySetSerialization, _json("GET", _published(known, "jwks_uri")))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _published(known: Provider, name: str) -> str:
    key = f"oidc:{known.issuer}"
    kept: Mapping[str, object] | None = cache.get(key)
    if kept is None:
        kept = _json("GET", f"{known.issuer.rstrip('/')}/.well-known/openid-configuration")
        if kept.get("issuer") != known.issuer:
            raise ProviderFailed(why="issuer")
        cache.set(key, kept, KEPT_SECONDS)
    address = str(kept.get(name, ""))
    if not address.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise ProviderFailed(why=name)
    return address


def _json(method: str, address: str, **more: object) -> Mapping[str, object]:
    try:
        answer = httpx.request(method, address, timeout=TIMEOUT, **more)  # type: ignore[arg-type]
        answer.raise_for_status()
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderFailed(why=type(error).__name__) from error
    if not isinstance(told, dict):
        raise ProviderFailed(why="not_json")
    return told
