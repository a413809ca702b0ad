"""Sealing the citizen number: encrypted at rest, and a keyed digest to look it up by.

Both keys come from the secret key by HKDF, so the database alone tells nothing. A sealed number
is `key id (4 bytes) + nonce (12) + AES-256-GCM ciphertext with its tag`. It is bound to its row:
copied into another one, it does not open there. After the secret key has been changed, old ones
stay readable while they stand in SECRET_KEY_FALLBACKS, and so do those sealed before rows were
bound; `tangthu reseal` seals all anew.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tangthu.patrons.errors import CannotUnseal

_KEY_ID, _NONCE = 4, 12
_PURPOSE = b"tangthu.patrons.citizen_number"


def seal(plain: str, *, row: str = "") -> bytes:
    """Return the text encrypted with the present key, for this row (`patron:12`) alone."""
    key = _derived(settings.SECRET_KEY, b"seal")
    nonce = secrets.token_bytes(_NONCE)
    return _id_of(key) + nonce + AESGCM(key).encrypt(nonce, plain.encode(), _bound_to(row))


def unseal(sealed: bytes, *, row: str = "") -> str:
    """Return the text of this row.

    Raises CannotUnseal when no key of ours made it, it was tampered with, or it is another row's.
    """
    key_id = sealed[:_KEY_ID]
    for key in (_derived(secret, b"seal") for secret in _secrets()):
        if _id_of(key) == key_id:
            return _opened(key, sealed, row)
    raise CannotUnseal


def is_newest(sealed: bytes, *, row: str) -> bool:
    """Tell whether it was sealed with the present key, and for this row."""
    key = _derived(settings.SECRET_KEY, b"seal")
    return sealed[:_KEY_ID] == _id_of(key) and _decrypted(key, sealed, _bound_to(row)) is not None


def digest(plain: str) -> str:
    """Return the keyed digest (HMAC-SHA-256) under which the text is stored for look-up."""
    return _digest(plain, settings.SECRET_KEY)


def every_digest(plain: str) -> tuple[str, ...]:
    """Return the digests by all keys: what to look for while a change of keys is under way."""
    return tuple(_digest(plain, secret) for secret in _secrets())


def _opened(key: bytes, sealed: bytes, row: str) -> str:
    for bound in (_bound_to(row), _bound_to("")):
        plain = _decrypted(key, sealed, bound)
        if plain is not None:
            return plain
    raise CannotUnseal


def _decrypted(key: bytes, sealed: bytes, bound: bytes) -> str | None:
    nonce = sealed[_KEY_ID : _KEY_ID + _NONCE]
    try:
        return AESGCM(key).decrypt(nonce, sealed[_KEY_ID + _NONCE :], bound).decode()
    except (InvalidTag, ValueError):
        return None


def _bound_to(row: str) -> bytes:
    return _PURPOSE + b"\0" + row.encode() if row else _PURPOSE


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


def _digest(plain: str, secret: str) -> str:
    return hmac.new(_derived(secret, b"look-up"), plain.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=16)
def _derived(secret: str, use: bytes) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE + b"." + use)
    return derivation.derive(secret.encode())


def _id_of(key: bytes) -> bytes:
    return hashlib.sha256(b"key id" + key).digest()[:_KEY_ID]
