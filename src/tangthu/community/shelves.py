"""The collections as readers see them: a picture, and how many documents stand there and below."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tangthu.community.cards import Card, cards_of
from tangthu.core.actor import NOBODY
from tangthu.repository.models import Collection, DigitalObject
from tangthu.repository.models.collections import CollectionQuerySet
from tangthu.repository.policy.kinds import Access, ObjectKind


@dataclass(slots=True)
class Shelf:
    """A collection, the document that stands for it, and those below it."""

    collection: Collection
    count: int
    card: Card | None
    below: list[Shelf] = field(default_factory=list)


def shelves(*, now: datetime) -> list[Shelf]:
    """Return the tree of collections. Three queries, however many there are."""
    rows = list(_counted())
    faces = DigitalObject.objects.filter(pk__in=[row.face for row in rows if row.face])
    cards = {card.obj.pk: card for card in cards_of(faces, now=now)}
    roots: list[Shelf] = []
    way: list[Shelf] = []
    for row in rows:
        shelf = Shelf(row, row.count, cards.get(row.face))
        del way[row.depth :]
        (way[-1].below if way else roots).append(shelf)
        way.append(shelf)
    return sorted(roots, key=lambda each: (each.collection.position, each.collection.name))


def _counted() -> CollectionQuerySet:
    inside = DigitalObject.objects.visible_to(NOBODY).filter(
        collections__path__startswith=OuterRef("path")
    )
    counts = inside.order_by().values("state").annotate(n=Count("pk", distinct=True)).values("n")
    pictured = inside.filter(kind=ObjectKind.PAGE_IMAGES, access=Access.PUBLIC)
    newest = pictured.order_by("-published_at", "-pk").values("pk")[:1]
    return Collection.objects.in_tree_order().annotate(
        count=Coalesce(Subquery(counts), 0), face=Subquery(newest)
    )
