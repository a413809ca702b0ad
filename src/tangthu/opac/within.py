"""Hits in the text of documents, joined to what the results page shows.

Records whose description fits come first; then those where only the text of pages has the words,
and objects without a record, by their text or by what describes them. What is shown of the text is
judged object by object.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tangthu.core.actor import Actor
from tangthu.discovery import search as discovery
from tangthu.discovery.engine import Facet, Query, SearchEngine
from tangthu.discovery.errors import IndexUnavailable
from tangthu.discovery.excerpts import excerpt
from tangthu.discovery.highlight import Highlighter
from tangthu.discovery.pages.asking import asked_of
from tangthu.discovery.pages.engine import Eyes, Found, Hits
from tangthu.discovery.query import Everything, Node
from tangthu.opac.marking import marked
from tangthu.reading.presenting import address_of
from tangthu.repository.models import DigitalObject, PageText
from tangthu.repository.policy.access import GRANTED, Terms
from tangthu.repository.policy.kinds import ObjectKind
from tangthu.repository.reading import may_see


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at the results, from where, and when."""

    actor: Actor
    address: str | None
    now: datetime

    @property
    def eyes(self) -> Eyes:
        return Eyes(today=timezone.localdate(self.now), staff=self.actor.is_staff)


@dataclass(frozen=True, slots=True)
class Within:
    """What a result has in its text: how many pages, and of the best one the words and the way.

    `label` is empty where no page has the words, `html` where the visitor may not open the object.
    """

    object: DigitalObject
    label: str
    url: str
    html: SafeString = field(default_factory=SafeString)


@dataclass(frozen=True, slots=True)
class Texts:
    """The answer of the text: the question as it was found, and the keys found by text alone.

    `is_verbatim` where several words stand side by side in it as they were asked.
    """

    tree: Node = field(default_factory=Everything)
    only: tuple[int, ...] = ()
    is_verbatim: bool = False

    @property
    def is_asked(self) -> bool:
        return not isinstance(self.tree, Everything)


def find(query: Query, *, engine: SearchEngine, visitor: Visitor) -> Texts:
    """Ask the text of documents what the catalogue was asked; nothing while it has no index."""
    asked = asked_of(query.tree)
    if asked is None:
        return Texts()
    try:
        found = discovery.pages().find(asked, eyes=visitor.eyes)
    except IndexUnavailable:
        return Texts()
    if not found.keys:
        return Texts()
    is_verbatim = len(asked.stages) > 1 and found.tree == asked.stages[0]
    return Texts(found.tree, _only(found, asked.rest, query, engine), is_verbatim)


def _only(found: Found, rest: Node, query: Query, engine: SearchEngine) -> tuple[int, ...]:
    """Return the keys that the description does not find, and that the filters let through."""
    ids = tuple(hits.key for hits in found.keys if hits.key > 0)
    passing = _among(engine, query, rest, ids) - _among(engine, query, query.tree, ids)
    free = isinstance(rest, Everything) and set(query.filters) <= {Facet.ONLINE}
    keys = (hits.key for hits in found.keys)
    return tuple(key for key in keys if (key in passing if key > 0 else free))


def _among(engine: SearchEngine, query: Query, tree: Node, ids: tuple[int, ...]) -> set[int]:
    if not ids:
        return set()
    asked = Query(tree=tree, filters=query.filters, among=ids, limit=len(ids))
    return {hit.id for hit in engine.search(asked).hits}


def shown(texts: Texts, keys: Sequence[int], *, q: str, visitor: Visitor) -> dict[int, Within]:
    """Return what each of these keys has in its text. One query beside the index."""
    if not texts.is_asked or not keys:
        return {}
    try:
        hits = discovery.pages().of_keys(texts.tree, keys, eyes=visitor.eyes)
    except IndexUnavailable:
        return {}
    units = _units([each.best for each in hits.values()]) if hits else {}
    objects = _objects([-each.best for each in hits.values() if each.best < 0])
    may_open = _Opening(visitor)
    mark = Highlighter(texts.tree)
    return {
        key: _within(each, units[each.best], mark if may_open(units[each.best].object) else None, q)
        for key, each in hits.items()
        if each.best in units
    } | {key: _about(hits[key], objects[-key], mark, q) for key in hits if -key in objects}


def _units(ids: Collection[int]) -> Mapping[int, PageText]:
    rows = PageText.objects.select_related("page", "object__library").without_layout()
    return rows.in_bulk(list(ids))


def _objects(ids: Collection[int]) -> Mapping[int, DigitalObject]:
    return DigitalObject.objects.select_related("library").in_bulk(list(ids)) if ids else {}


def _about(hits: Hits, obj: DigitalObject, mark: Highlighter, q: str) -> Within:
    """Return what is told of an object whose own title or description answers best."""
    address = address_of(obj)
    html = marked(excerpt(obj.description, mark)) if obj.description else SafeString()
    if not hits.pages:
        return Within(obj, "", address, html)
    return Within(obj, _pages(hits), f"{address}?{urlencode({'q': q})}", html)


def _pages(hits: Hits) -> str:
    told = ngettext(
        "%(count)s page has these words", "%(count)s pages have these words", hits.pages
    )
    return told % {"count": hits.pages}


def _within(hits: Hits, unit: PageText, mark: Highlighter | None, q: str) -> Within:
    pages = _pages(hits)
    page = unit.page.said_label if unit.page else _page_of_pdf(unit)
    where = _("page %(label)s") % {"label": page}
    label = f"{pages} · {where}" if page and mark else pages
    address = f"{address_of(unit.object, unit.page)}?{_place(unit)}{urlencode({'q': q})}"
    html = marked(excerpt(unit.plain, mark)) if mark else SafeString()
    return Within(unit.object, label, address, html)


def _place(unit: PageText) -> str:
    """Return what leads to the moment of a recording, or the page of a PDF, that has the words."""
    page = _page_of_pdf(unit)
    if page:
        return f"page={page}&"
    return f"{unit.locator}&" if unit.locator.startswith("part=") else ""


def _page_of_pdf(unit: PageText) -> str:
    return unit.locator if unit.object.kind == ObjectKind.PDF and unit.page is None else ""


class _Opening:
    """Whether the visitor may open objects; the like of what was judged is not judged again."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._known: dict[tuple[Terms, int], bool] = {}

    def __call__(self, obj: DigitalObject) -> bool:
        key = (obj.terms, obj.library_id)
        if key not in self._known or obj.access in GRANTED:
            seen = self._visitor
            verdict = may_see(obj, seen.actor, address=seen.address, now=seen.now)
            self._known[key] = bool(verdict)
        return self._known[key]
