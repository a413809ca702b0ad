"""The collections as readers see them: a picture, and how many documents stand there and below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tangthu.community.cards import Card, cards_of
from tangthu.core.actor import NOBODY
from tangthu.repository.models import Collection, DigitalObject
from tangthu.repository.policy.kinds import Access, ObjectKind


@dataclass(slots=True)
class Shelf:
    """A collection, the document that stands for it, and those below it."""

    collection: Collection
    count: int
    card: Card | None
    below: list[Shelf] = field(default_factory=list)


def shelves(*, now: datetime) -> list[Shelf]:
    """Return the tree of collections. Four queries, however many there are."""
    told = {pk: (count, face) for pk, count, face in _counted()}
    faces = DigitalObject.objects.filter(pk__in=[face for _, face in told.values() if face])
    cards = {card.obj.pk: card for card in cards_of(faces, now=now)}
    roots: list[Shelf] = []
    way: list[Shelf] = []
    for row in Collection.objects.in_tree_order():
        count, face = told.get(row.pk, (0, None))
        shelf = Shelf(row, count, cards.get(face or 0))
        del way[row.depth :]
        (way[-1].below if way else roots).append(shelf)
        way.append(shelf)
    return sorted(roots, key=lambda each: (each.collection.position, each.collection.name))


def _counted() -> Iterable[tuple[int, int, int | None]]:
    """Return each collection's key, how many documents it holds, and the one to show."""
    inside = DigitalObject.objects.visible_to(NOBODY).filter(
        collections__path__startswith=OuterRef("path")
    )
    counts = inside.order_by().values("state").annotate(n=Count("pk", distinct=True)).values("n")
    pictured = inside.filter(kind=ObjectKind.PAGE_IMAGES, access=Access.PUBLIC)
    newest = pictured.order_by("-published_at", "-pk").values("pk")[:1]
    rows = Collection.objects.annotate(count=Coalesce(Subquery(counts), 0), face=Subquery(newest))
    return rows.values_list("pk", "count", "face")
