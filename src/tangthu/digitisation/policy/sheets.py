"""What is to be kept of how a document was digitised, and what is still missing of it.

TCVN 12200:2018 (*Process and metadata creation for 2D digitization*) names ISO/TR 13028 and ISO
23081-1 among what it was drawn up from; the groups of the former are followed here: the original,
the capture, the image, the quality check. The standard's own list of elements was not at hand, so
the names of the fields are ours, and conformance to it is not claimed. What resolution is enough is
the house rule of the library: 300 dpi for pages, 600 for photographs and maps.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

LEAST_DPI = 300
MOST_DPI = 9600
MOST_BITS = 64


class Colour(StrEnum):
    """How many colours an image holds."""

    COLOUR = "colour"
    GREY = "grey"
    BITONAL = "bitonal"


class SheetGap(StrEnum):
    """What a sheet does not say although it must."""

    ORIGINAL = "original"
    DEVICE = "device"
    RESOLUTION = "resolution"
    LOW_RESOLUTION = "low_resolution"
    COLOUR = "colour"
    OPERATOR = "operator"
    SCANNED_ON = "scanned_on"
    CHECKER = "checker"


_WANTED = (
    ("original_kind", SheetGap.ORIGINAL),
    ("device", SheetGap.DEVICE),
    ("resolution", SheetGap.RESOLUTION),
    ("colour", SheetGap.COLOUR),
    ("operator", SheetGap.OPERATOR),
    ("scanned_on", SheetGap.SCANNED_ON),
    ("checker", SheetGap.CHECKER),
)


def gaps(told: Mapping[str, object]) -> tuple[SheetGap, ...]:
    """Return what is missing of a sheet, in the order of its form."""
    found = [gap for name, gap in _WANTED if not told.get(name)]
    dpi = told.get("resolution")
    if isinstance(dpi, int) and 0 < dpi < LEAST_DPI:
        found.append(SheetGap.LOW_RESOLUTION)
    return tuple(found)
