"""Manifests: a digital object as viewers of any maker read it (Presentation API 3.0).

Plain dictionaries: a book of 500 pages is 500 like canvases, and a model of classes would take a
hundred times longer to write them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from tangthu.formats.iiif.authorising import CONTEXT as AUTH_CONTEXT

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
SEARCH_CONTEXT = "http://iiif.io/api/search/2/context.json"
MEDIA_TYPE = f'application/ld+json;profile="{CONTEXT}"'
THUMBNAIL = 200
# The language of a text that has none, such as a page's number.
NO_LANGUAGE = "none"

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """A page: its address, its label and size, and the address of its image service.

    `probe` is the service by which a viewer learns whether it may fetch the images.
    """

    id: str
    label: str
    width: int
    height: int
    image: str
    probe: Json | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents: `canvas` counts from 0, `level` from 1."""

    title: str
    canvas: int
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a manifest tells of a digital object beside its pages.

    `rights` is the address of a statement of Creative Commons or RightsStatements.org. `search`
    is the address of the search inside the object, empty while it has no text. `name` is the
    lasting address of the object, `mets` where its METS document is had.
    """

    id: str
    title: str
    homepage: str
    language: str = NO_LANGUAGE
    summary: str = ""
    rights: str = ""
    statement: str = ""
    provider: str = ""
    provider_page: str = ""
    record: str = ""
    name: str = ""
    mets: str = ""
    search: str = ""
    is_paged: bool = True
    facts: Sequence[tuple[Mapping[str, str], str]] = ()
    statement_label: Mapping[str, str] = field(default_factory=dict)
    contents_label: Mapping[str, str] = field(default_factory=dict)


def manifest(work: Work, canvases: Sequence[Canvas], headings: Sequence[Heading] = ()) -> Json:
    """Return the manifest of the object with its pages in order and its table of contents."""
    found: Json = {
        "@context": _contexts(work, canvases),
        "id": work.id,
        "type": "Manifest",
        "label": {work.language: [work.title]},
        **_told(work),
        "behavior": ["paged" if work.is_paged else "individuals"],
        "viewingDirection": "left-to-right",
        "items": [_canvas(canvas) for canvas in canvases],
    }
    if canvases:
        found["thumbnail"] = [_thumbnail(canvases[0])]
    if headings:
        found["structures"] = [_contents(work, canvases, headings)]
    return found


def _contexts(work: Work, canvases: Sequence[Canvas]) -> str | list[str]:
    """Return the contexts of what is used, the own one last (Presentation API 3.0, 4.6)."""
    used = [SEARCH_CONTEXT] if work.search else []
    if any(canvas.probe for canvas in canvases):
        used.append(AUTH_CONTEXT)
    return [*used, CONTEXT] if used else CONTEXT


def _told(work: Work) -> Json:
    """Return what is known of the work, without what is not."""
    found: Json = {}
    if work.summary:
        found["summary"] = {work.language: [work.summary]}
    if work.facts:
        found["metadata"] = [
            {"label": _languages(label), "value": {NO_LANGUAGE: [value]}}
            for label, value in work.facts
        ]
    if work.rights:
        found["rights"] = work.rights
    if work.statement:
        found["requiredStatement"] = {
            "label": _languages(work.statement_label),
            "value": {NO_LANGUAGE: [work.statement]},
        }
    home = work.name or work.homepage
    found["homepage"] = [_link(home, "Text", {work.language: [work.title]}, "text/html")]
    if work.provider:
        found["provider"] = [_provider(work)]
    if beside := _beside(work):
        found["seeAlso"] = beside
    if work.search:
        found["service"] = [{"id": work.search, "type": "SearchService2"}]
    return found


def _beside(work: Work) -> list[Json]:
    """Return where programs read on: the record in MARC, the object in METS."""
    kinds = ((work.record, "MARCXML", "application/marcxml+xml"), (work.mets, "METS", "text/xml"))
    return [
        _link(address, "Dataset", {"en": [label]}, media_type)
        for address, label, media_type in kinds
        if address
    ]


def _provider(work: Work) -> Json:
    label = {NO_LANGUAGE: [work.provider]}
    return {
        "id": work.provider_page,
        "type": "Agent",
        "label": label,
        "homepage": [_link(work.provider_page, "Text", label, "text/html")],
    }


def _canvas(canvas: Canvas) -> Json:
    size = {"width": canvas.width, "height": canvas.height}
    page = f"{canvas.id}/page"
    return {
        "id": canvas.id,
        "type": "Canvas",
        "label": {NO_LANGUAGE: [canvas.label]},
        **size,
        "thumbnail": [_thumbnail(canvas)],
        "items": [
            {
                "id": page,
                "type": "AnnotationPage",
                "items": [
                    {
                        "id": f"{page}/image",
                        "type": "Annotation",
                        "motivation": "painting",
                        "body": {
                            "id": f"{canvas.image}/full/max/0/default.jpg",
                            "type": "Image",
                            "format": "image/jpeg",
                            **size,
                            "service": [_service(canvas)],
                        },
                        "target": canvas.id,
                    }
                ],
            }
        ],
    }


def _thumbnail(canvas: Canvas) -> Json:
    width = min(THUMBNAIL, canvas.width)
    return {
        "id": f"{canvas.image}/full/{width},/0/default.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "width": width,
        "height": max(round(canvas.height * width / canvas.width), 1),
        "service": [_service(canvas)],
    }


def _service(canvas: Canvas) -> Json:
    found: Json = {"id": canvas.image, "type": "ImageService3", "profile": "level2"}
    return found | {"service": [canvas.probe]} if canvas.probe else found


def _contents(work: Work, canvases: Sequence[Canvas], headings: Sequence[Heading]) -> Json:
    """Return the headings as ranges, those of a lower level within the one before them."""
    root: Json = {
        "id": f"{work.id}/contents",
        "type": "Range",
        "label": _languages(work.contents_label),
    }
    open_ranges: list[tuple[int, list[object]]] = [(0, [])]
    root["items"] = open_ranges[0][1]
    for number, heading in enumerate(headings):
        following = headings[number + 1].canvas if number + 1 < len(headings) else len(canvases)
        last = max(following, heading.canvas + 1)
        items: list[object] = [
            {"id": canvas.id, "type": "Canvas"} for canvas in canvases[heading.canvas : last]
        ]
        while open_ranges[-1][0] >= max(heading.level, 1):
            open_ranges.pop()
        open_ranges[-1][1].append(
            {
                "id": f"{work.id}/contents/{number + 1}",
                "type": "Range",
                "label": {work.language: [heading.title]},
                "items": items,
            }
        )
        open_ranges.append((max(heading.level, 1), items))
    return root


def region(canvas: str, box: tuple[int, int, int, int]) -> str:
    """Return the address of a rectangle on a canvas."""
    return f"{canvas}#xywh={quote(','.join(str(side) for side in box), safe=',')}"


def _link(address: str, kind: str, label: Json | dict[str, list[str]], media_type: str) -> Json:
    return {"id": address, "type": kind, "label": label, "format": media_type}


def _languages(label: Mapping[str, str]) -> dict[str, list[str]]:
    return {language: [words] for language, words in label.items()}
