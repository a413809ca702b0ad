"""What was found inside an object, in the words of IIIF Content Search 2.0."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from tangthu.formats.iiif.manifest import Json
from tangthu.formats.iiif.search import Match, Part, matches_page
from tangthu.reading.finding import AT_ONCE, Finding, Found, occurrences

OBEYED = "q"
OTHERS = ("motivation", "date", "user")
"""Parameters of the standard that our answer does not depend on."""

START = "start"
"""The parameter of ours that asks for a later part of the answer."""


def answer(finding: Finding, *, address: str, canvases: str, q: str, ignored: list[str]) -> Json:
    """Return the part of the answer; `canvases` is what the names of all canvases begin with."""

    def part(start: int) -> str:
        return f"{address}?{urlencode({OBEYED: q} | ({START: start} if start else {}))}"

    last = (max(finding.total, 1) - 1) // AT_ONCE * AT_ONCE
    whole = Part(
        collection=f"{part(0)}#all",
        first=part(0),
        last=part(last),
        following=part(finding.following) if finding.following else "",
        before=part(max(0, finding.start - AT_ONCE)) if finding.start else "",
    )
    matches = [match for found in finding.found for match in _matches(found, canvases)]
    return matches_page(part(finding.start), matches, ignored=ignored, part=whole if last else None)


def _matches(found: Found, canvases: str) -> Iterator[Match]:
    canvas = f"{canvases}{found.page.identifier}"
    for each in occurrences(found):
        first, *more = each.boxes
        yield Match(
            canvas=canvas,
            box=first,
            more=tuple(more),
            words=each.words,
            before=each.before,
            after=each.after,
        )
