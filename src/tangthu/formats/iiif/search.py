"""Answers of the search inside an object (Content Search API 2.0): words, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tangthu.formats.iiif.manifest import SEARCH_CONTEXT, Json, region


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Words found on a canvas: a rectangle around them, and the text on either side."""

    canvas: str
    box: tuple[int, int, int, int]
    words: str
    before: str = ""
    after: str = ""


def matches_page(address: str, matches: Sequence[Match], *, ignored: Sequence[str] = ()) -> Json:
    """Return the matches as annotations, in their order, each with its surroundings.

    `ignored` names the parameters of the question that were not obeyed (section 4).
    """
    found: Json = {
        "@context": SEARCH_CONTEXT,
        "id": address,
        "type": "AnnotationPage",
        "items": [_where(address, number, match) for number, match in enumerate(matches, 1)],
    }
    if ignored:
        found["ignored"] = list(ignored)
    if matches:
        around = [_around(address, number, match) for number, match in enumerate(matches, 1)]
        found["annotations"] = [{"type": "AnnotationPage", "items": around}]
    return found


def _where(address: str, number: int, match: Match) -> Json:
    return {
        "id": f"{address}#match-{number}",
        "type": "Annotation",
        "motivation": "supplementing",
        "body": {"type": "TextualBody", "value": match.words, "format": "text/plain"},
        "target": region(match.canvas, match.box),
    }


def _around(address: str, number: int, match: Match) -> Json:
    selector: Json = {"type": "TextQuoteSelector", "exact": match.words}
    if match.before:
        selector["prefix"] = match.before
    if match.after:
        selector["suffix"] = match.after
    return {
        "id": f"{address}#around-{number}",
        "type": "Annotation",
        "motivation": "contextualizing",
        "target": {
            "type": "SpecificResource",
            "source": f"{address}#match-{number}",
            "selector": [selector],
        },
    }
