"""An object's pages, text and description, as the writers of the copies want them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tangthu.catalogue.models import Record
from tangthu.formats.alto import Layout
from tangthu.repository.models import DigitalObject, Page, PageText, Section
from tangthu.repository.policy.rights import Rights

# ISO 639-2 codes of the catalogue, as the tags of BCP 47.
TAGS: Mapping[str, str] = {
    "vie": "vi",
    "eng": "en",
    "fre": "fr",
    "fra": "fr",
    "chi": "zh",
    "zho": "zh",
    "ger": "de",
    "rus": "ru",
    "jpn": "ja",
    "kor": "ko",
    "lat": "la",
    "khm": "km",
    "lao": "lo",
    "tha": "th",
}
# The form of the copies: a change of the writers makes all of them anew.
WRITTEN_BY = "2"
_READ = ("read_master", "read_rotation", "read_outline")
_FIGURES = ("id", "page_id", "revision", *_READ, "changed_at")


@dataclass(frozen=True, slots=True)
class Source:
    """What a copy is made of. Layouts are loaded one at a time: a book has a thousand."""

    obj: DigitalObject
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    record: Record | None
    texts: Mapping[int, int]
    changed_at: datetime
    mark: str

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the codes of the languages, Vietnamese where none is named."""
        return self.obj.language_codes or ("vie",)

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag_of(code) for code in self.languages))

    @property
    def authors(self) -> tuple[str, ...]:
        author = self.record.author if self.record else ""
        return (author.rstrip(" ,."),) if author else ()

    @property
    def rights(self) -> str:
        return Rights(self.obj.rights).uri if self.obj.rights else ""

    def layouts(self) -> Iterator[tuple[Page, Layout]]:
        """Give each page with its words; without any where its text does not fit its picture."""
        for page in self.pages:
            pk = self.texts.get(page.pk)
            text = PageText.objects.filter(pk=pk).first() if pk else None
            yield page, text.layout() if text else Layout(page.width or 0, page.height or 0)


def source_of(obj: DigitalObject) -> Source:
    """Read what an object's copies are made of, but for the words. Five queries."""
    pages = tuple(obj.pages.ready().select_related("delivery"))
    sections = tuple(obj.sections.all())
    rows = list(PageText.objects.filter(object=obj, page__in=pages).values(*_FIGURES))
    shown = {page.pk: page for page in pages}
    fitting = {
        row["page_id"]: row["id"]
        for row in rows
        if tuple(row[name] for name in _READ) == _picture(shown[row["page_id"]])
    }
    records = Record.objects.without_marc().filter(digital_links__object=obj)
    record = records.order_by("digital_links__position", "digital_links__id").first()
    changed = max([obj.updated_at, *(row["changed_at"] for row in rows)])
    mark = _mark(obj, pages, sections, record, {row["page_id"]: row["revision"] for row in rows})
    return Source(obj, pages, sections, record, fitting, changed, mark)


def _picture(page: Page) -> tuple[object, ...]:
    return (page.master_id, page.rotation, page.outline)


def tag_of(code: str) -> str:
    """Return the tag of BCP 47 for a language's code; the code itself where it is one."""
    return TAGS.get(code, code)


def _mark(
    obj: DigitalObject,
    pages: tuple[Page, ...],
    sections: tuple[Section, ...],
    record: Record | None,
    revisions: Mapping[int, int],
) -> str:
    """Return what tells whether a copy is still what would be made now."""
    told = [
        WRITTEN_BY,
        [obj.title, obj.languages, obj.rights, obj.description, obj.rights_note],
        [(p.pk, p.label, p.position, p.delivery_id, revisions.get(p.pk, 0)) for p in pages],
        [(s.title, s.first_page_id, s.level, s.position) for s in sections],
        [record.author, record.publisher, record.year] if record else [],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
