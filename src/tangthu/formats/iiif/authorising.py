"""How a viewer of any maker learns to open restricted images (Authorization Flow API 2.0).

The image names a probe, the probe an access service (a page of the library's, where the reader
logs in), that one a token service (a hidden frame that posts a message) and one to log out.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

CONTEXT = "http://iiif.io/api/auth/2/context.json"

Json = dict[str, object]
Words = Mapping[str, str]


class TokenFault(StrEnum):
    """Why no token is given (section 4.5)."""

    INVALID_REQUEST = "invalidRequest"
    INVALID_ORIGIN = "invalidOrigin"
    MISSING = "missingAspect"
    INVALID = "invalidAspect"
    EXPIRED = "expiredAspect"


def probe_service(
    probe: str, *, access: str, token: str, logout: str, label: Words, logout_label: Words
) -> Json:
    """Return the description that stands in the `service` of a restricted image (5.1, 3.1)."""
    told = {
        "id": access,
        "type": "AuthAccessService2",
        "profile": "active",
        "label": _languages(label),
        "service": [
            {"id": token, "type": "AuthAccessTokenService2"},
            {"id": logout, "type": "AuthLogoutService2", "label": _languages(logout_label)},
        ],
    }
    return {"id": probe, "type": "AuthProbeService2", "service": [told]}


def opened(location: str, *, profile: str) -> Json:
    """Return the answer of a probe to who may see the image: it is fetched there (5.2)."""
    found = {"id": location, "type": "ImageService3", "profile": profile}
    return _result(302) | {"location": found}


def free() -> Json:
    """Return the answer of a probe for an image that is open to all."""
    return _result(200)


def refused(heading: Words, note: Words, *, substitute: str = "") -> Json:
    """Return the answer of a probe to who may not; `substitute` is a small picture for all."""
    found = _result(401) | {"heading": _languages(heading), "note": _languages(note)}
    if substitute:
        found["substitute"] = [{"id": substitute, "type": "Image", "format": "image/jpeg"}]
    return found


def token_message(token: str, *, message: str, seconds: int) -> Json:
    """Return what the token service posts to the viewer (4.4)."""
    return {
        "@context": CONTEXT,
        "type": "AuthAccessToken2",
        "accessToken": token,
        "expiresIn": seconds,
        "messageId": message,
    }


def token_error(fault: TokenFault, *, message: str, heading: Words, note: Words) -> Json:
    """Return what the token service posts where it gives none (4.5)."""
    return {
        "@context": CONTEXT,
        "type": "AuthAccessTokenError2",
        "profile": str(fault),
        "messageId": message,
        "heading": _languages(heading),
        "note": _languages(note),
    }


def _result(status: int) -> Json:
    return {"@context": CONTEXT, "type": "AuthProbeResult2", "status": status}


def _languages(words: Words) -> dict[str, list[str]]:
    return {language: [told] for language, told in words.items()}
