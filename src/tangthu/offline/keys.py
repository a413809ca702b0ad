"""The keys of a device: one for the data on it, one for the files that it hands over.

Both come from the secret key and the device's salt by HKDF, so that neither is stored anywhere
here, and the database alone opens no device. A sealed file or text is
`key id (4 bytes) + nonce (12) + AES-256-GCM ciphertext with its tag`.
"""

from __future__ import annotations

import hashlib
import secrets
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tangthu.offline.models import Device

_KEY_ID, _NONCE, _TAG = 4, 12, 16


class Purpose(StrEnum):
    """What a key is for."""

    DATA = "data"
    FILE = "file"


class WrongKey(ValueError):
    """No key of this device made it, or it was changed on the way."""


def key_of(device: Device, purpose: Purpose) -> bytes:
    """Return the device's present key of 32 bytes."""
    return _derived(settings.SECRET_KEY, bytes(device.salt), device.uid.bytes, purpose)


def key_id(key: bytes) -> bytes:
    """Return the four bytes by which a key is recognised."""
    return hashlib.sha256(b"key id" + key).digest()[:_KEY_ID]


def seal(device: Device, plain: bytes, *, context: bytes) -> bytes:
    """Return the bytes encrypted for the device's files; `context` has to be told to open them."""
    key = key_of(device, Purpose.FILE)
    nonce = secrets.token_bytes(_NONCE)
    return key_id(key) + nonce + AESGCM(key).encrypt(nonce, plain, context)


def unseal(device: Device, sealed: bytes, *, context: bytes) -> bytes:
    """Return what was sealed here or on the device; raises WrongKey."""
    if len(sealed) < _KEY_ID + _NONCE + _TAG:
        raise WrongKey
    for secret in (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)):
        key = _derived(secret, bytes(device.salt), device.uid.bytes, Purpose.FILE)
        if key_id(key) != sealed[:_KEY_ID]:
            continue
        nonce = sealed[_KEY_ID : _KEY_ID + _NONCE]
        try:
            return AESGCM(key).decrypt(nonce, sealed[_KEY_ID + _NONCE :], context)
        except InvalidTag:
            break
    raise WrongKey


def known_key(device: Device, known_by: bytes) -> bytes | None:
    """Return the data key that the device knows by these four bytes: perhaps one of before.

    After the secret key was changed, what the device holds still opens with the former.
    """
    keys = (
        _derived(secret, bytes(device.salt), device.uid.bytes, Purpose.DATA)
        for secret in (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))
    )
    return next((key for key in keys if key_id(key) == known_by), None)


@lru_cache(maxsize=256)
def _derived(secret: str, salt: bytes, device: bytes, purpose: Purpose) -> bytes:
    info = b"tangthu.offline." + purpose.encode() + b"." + device
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret.encode())
