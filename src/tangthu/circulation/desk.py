"""What the desk's one input means: a card, a barcode, or words of a name or a title."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from tangthu.catalogue.barcodes import normal
from tangthu.catalogue.models import Item, ItemQuerySet, Record
from tangthu.circulation.models import Hold, Loan
from tangthu.core.actor import Actor
from tangthu.discovery.engine import Query
from tangthu.discovery.errors import IndexUnavailable, QueryTooLarge
from tangthu.discovery.language import parse
from tangthu.discovery.search import search
from tangthu.patrons.models import Patron, PatronQuerySet

CHOICES = 8
MAX_INPUT = 200


class Mode(StrEnum):
    """What a scanned barcode asks for."""

    LEND = "lend"
    RETURN = "return"
    RENEW = "renew"
    ON_SITE = "on_site"


@dataclass(frozen=True, slots=True)
class Understood:
    """What was typed or scanned. At most one of patron and item is set; else the choices are."""

    patron: Patron | None = None
    item: Item | None = None
    patrons: tuple[Patron, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.patron or self.item or self.patrons or self.items)


def understand(text: str, *, by: Actor) -> Understood:
    """Find what the text names: first exactly (barcode, card), then by words.

    A card in the barcode's place and a barcode in the card's are the same to the desk, so one
    look-up serves both. Patrons are only those whom the actor may see.
    """
    text = text[:MAX_INPUT].strip()
    code = normal(text)
    if not code:
        return Understood()
    item = items().filter(Q(barcode=code) | Q(barcode=text)).first()
    if item:
        return Understood(item=item)
    found = list(patrons(by).matching(text, by=by)[: CHOICES + 1])
    if len(found) == 1:
        return Understood(patron=found[0])
    return Understood(patrons=tuple(found[:CHOICES]), items=_by_words(text, by=by))


def patrons(by: Actor) -> PatronQuerySet:
    """Return the patrons whom the actor may see."""
    return Patron.objects.visible_to(by).select_related("category", "library")


def items() -> ItemQuerySet:
    """Return the copies in stock, with what the desk shows of them."""
    return (
        Item.objects.in_stock()
        .select_related("record", "library", "location", "item_type")
        .defer("record__marc")
    )


def _by_words(text: str, *, by: Actor) -> tuple[Item, ...]:
    """Return copies at this desk by their accession number, or by the words of their title.

    The index only proposes records; whether a copy is in is read from the database.
    """
    here = items().filter(library=by.library_id) if by.library_id else items()
    numbered = tuple(here.filter(accession_number__iexact=text)[:CHOICES])
    if numbered:
        return numbered
    found = _titles(text)
    copies = here.filter(record__in=found).order_by("accession_number")
    return tuple(sorted(copies[: CHOICES * 4], key=lambda item: found.index(item.record_id)))[
        :CHOICES
    ]


def titles(text: str, *, by: Actor) -> list[Record]:
    """Return the titles that a barcode, an accession number or words name, wherever they stand."""
    code = normal(text)
    named = items().filter(Q(barcode=code) | Q(accession_number__iexact=text.strip()))
    found = list(dict.fromkeys(named.values_list("record", flat=True)[:CHOICES])) or _titles(text)
    rows = Record.objects.visible_to(by).without_marc().in_bulk(found)
    return [rows[pk] for pk in found if pk in rows]


def open_holds(patron: Patron) -> list[Hold]:
    """Return what the patron waits for, the readiest first, with the places in the queues."""
    return list(Hold.objects.for_account(patron))


def _titles(text: str) -> list[int]:
    question = Query(tree=parse(text).tree, limit=CHOICES, hidden=True)
    try:
        return [hit.id for hit in search(question).hits]
    except (IndexUnavailable, QueryTooLarge):
        return []


def open_loans(patron: Patron) -> list[Loan]:
    """Return the patron's open loans, the most urgent first."""
    return list(Loan.objects.open().filter(patron=patron).for_desk().order_by("due_at", "id"))


def loan_of(item: Item) -> Loan | None:
    """Return the open loan of the copy, with its patron."""
    return Loan.objects.open().filter(item=item).select_related("patron__library").first()
