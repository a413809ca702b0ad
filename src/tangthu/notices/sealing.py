"""Sealing what must not be read in the database: codes on their way, and keys of gateways.

AES-256-GCM under a key derived from the secret key by HKDF for this purpose alone: `nonce (12) +
ciphertext with its tag`. Former secret keys still open what they sealed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tangthu.notices.errors import SealBroken

_NONCE = 12
_PURPOSE = b"tangthu.notices"


def seal(values: Mapping[str, object]) -> bytes:
    """Return the values encrypted with the present key."""
    nonce = secrets.token_bytes(_NONCE)
    plain = json.dumps(values).encode()
    return nonce + AESGCM(_derived(settings.SECRET_KEY)).encrypt(nonce, plain, _PURPOSE)


def unseal(sealed: bytes) -> dict[str, object]:
    """Return the values; raises SealBroken when no key of ours made them."""
    nonce, ciphertext = sealed[:_NONCE], sealed[_NONCE:]
    for secret in (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)):
        try:
            plain = AESGCM(_derived(secret)).decrypt(nonce, ciphertext, _PURPOSE)
        except InvalidTag:
            continue
        opened = json.loads(plain)
        return dict(opened)
    raise SealBroken


@lru_cache(maxsize=8)
def _derived(secret: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return derivation.derive(secret.encode())
