"""Why an address of IIIF is refused.

IiifError
├── ImageRefused        carries the HTTP status that the Image API wants
│   ├── BadRegion, BadSize, BadRotation, BadQuality, BadFormat    400
│   ├── WouldEnlarge    400: larger than the region, and not asked for with "^"
│   └── NotOffered      501: understood, but beyond what this server offers
└── StateUnreadable     a content state that cannot be decoded
"""

from __future__ import annotations


class IiifError(Exception):
    """The root: a stable `code` for programs and the words that were at fault."""

    code = "iiif_error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


class ImageRefused(IiifError):
    """An image request that is not answered with an image."""

    code = "image_refused"
    status = 400


class BadRegion(ImageRefused):
    """No region, or one that holds nothing of the image."""

    code = "bad_region"


class BadSize(ImageRefused):
    """No size, or one of nothing."""

    code = "bad_size"


class WouldEnlarge(ImageRefused):
    """Larger than the region without the sign that permits it (Image API 3.0, 4.2)."""

    code = "would_enlarge"


class BadRotation(ImageRefused):
    """No rotation between 0 and 360 degrees."""

    code = "bad_rotation"


class BadQuality(ImageRefused):
    """No quality of the Image API."""

    code = "bad_quality"


class BadFormat(ImageRefused):
    """No format of the Image API."""

    code = "bad_format"


class NotOffered(ImageRefused):
    """A feature of the standard beyond level 2 that this server does not offer."""

    code = "not_offered"
    status = 501


class StateUnreadable(IiifError):
    """A content state that is not base64url, not JSON, or points to nothing."""

    code = "state_unreadable"
