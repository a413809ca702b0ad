"""Answers of the search inside an object (Content Search API 2.0): words, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tangthu.formats.iiif.manifest import SEARCH_CONTEXT, Json, region


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Words found on a canvas: a rectangle around them, and the text on either side.

    Words that go on in the next line have `more` rectangles.
    """

    canvas: str
    box: tuple[int, int, int, int]
    words: str
    more: tuple[tuple[int, int, int, int], ...] = ()
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where a part of a long answer stands in the whole: addresses, empty where there is none."""

    collection: str
    first: str
    last: str
    following: str = ""
    before: str = ""


def matches_page(
    address: str,
    matches: Sequence[Match],
    *,
    ignored: Sequence[str] = (),
    part: Part | None = None,
) -> Json:
    """Return the matches as annotations, in their order, each with its surroundings.

    `ignored` names the parameters of the question that were not obeyed (section 4); `part` tells
    of a long answer which part of it this is (section 3.2).
    """
    found: Json = {
        "@context": SEARCH_CONTEXT,
        "id": address,
        "type": "AnnotationPage",
        "items": [_where(address, number, match) for number, match in enumerate(matches, 1)],
    }
    if part is not None:
        found |= _place(part)
    if ignored:
        found["ignored"] = list(ignored)
    if matches:
        around = [_around(address, number, match) for number, match in enumerate(matches, 1)]
        found["annotations"] = [{"type": "AnnotationPage", "items": around}]
    return found


def _place(part: Part) -> Json:
    collection: Json = {
        "id": part.collection,
        "type": "AnnotationCollection",
        "first": {"id": part.first, "type": "AnnotationPage"},
        "last": {"id": part.last, "type": "AnnotationPage"},
    }
    found: Json = {"partOf": collection}
    if part.following:
        found["next"] = {"id": part.following, "type": "AnnotationPage"}
    if part.before:
        found["prev"] = {"id": part.before, "type": "AnnotationPage"}
    return found


def _target(match: Match) -> str | list[str]:
    boxes = [region(match.canvas, box) for box in (match.box, *match.more)]
    return boxes if match.more else boxes[0]


def _where(address: str, number: int, match: Match) -> Json:
    return {
        "id": f"{address}#match-{number}",
        "type": "Annotation",
        "motivation": "supplementing",
        "body": {"type": "TextualBody", "value": match.words, "format": "text/plain"},
        "target": _target(match),
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
