"""The description of an image, `info.json` (Image API 3.0, section 5)."""

from __future__ import annotations

from collections.abc import Sequence

from tangthu.formats.iiif.authorising import CONTEXT as AUTH_CONTEXT
from tangthu.formats.iiif.plan import Limits

CONTEXT = "http://iiif.io/api/image/3/context.json"
PROTOCOL = "http://iiif.io/api/image"
PROFILE = "level2"
PROFILE_URI = "http://iiif.io/api/image/3/level2.json"
# Beyond level 2.
EXTRA_QUALITIES = ("bitonal",)
EXTRA_FORMATS = ("webp",)
EXTRA_FEATURES = ("canonicalLinkHeader", "mirroring", "profileLinkHeader")


def info(
    image: str,
    *,
    width: int,
    height: int,
    tile: int,
    levels: Sequence[tuple[int, int]],
    limits: Limits,
    rights: str = "",
    probe: dict[str, object] | None = None,
) -> dict[str, object]:
    """Return the description of the image at this address, with its probe where it has one.

    `levels` are the sizes of its pyramid, the full one first: those within the limits are the
    sizes that cost least, and each halves the one before it.
    """
    found: dict[str, object] = {
        "@context": CONTEXT,
        "id": image,
        "type": "ImageService3",
        "protocol": PROTOCOL,
        "profile": PROFILE,
        "width": width,
        "height": height,
        "maxWidth": limits.side,
        "maxHeight": limits.side,
        "maxArea": limits.area,
        "sizes": [
            {"width": wide, "height": high}
            for wide, high in reversed(levels)
            if max(wide, high) <= limits.side and wide * high <= limits.area
        ],
        "tiles": [{"width": tile, "scaleFactors": [1 << level for level in range(len(levels))]}],
        "preferredFormats": ["jpg"],
        "extraQualities": list(EXTRA_QUALITIES),
        "extraFormats": list(EXTRA_FORMATS),
        "extraFeatures": list(EXTRA_FEATURES),
    }
    if rights:
        found["rights"] = rights
    if probe is not None:
        found |= {"@context": [AUTH_CONTEXT, CONTEXT], "service": [probe]}
    return found
