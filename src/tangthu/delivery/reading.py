"""What delivery needs to know before it decides: a library's terms, a reader's standing, copies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from tangthu.catalogue import barcodes
from tangthu.catalogue.models import Item, ItemQuerySet, ItemStatus, Record
from tangthu.circulation.models import Hold, Loan, SetAside, Transfer
from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.delivery import policy
from tangthu.delivery.models import Delivery, DeliveryItem, DeliveryLeg, DeliveryState
from tangthu.delivery.policy import Condition, Leg, RequestFacts, StepName, Terms
from tangthu.fees.reading import deposit_of
from tangthu.libraries.models import Library, LibraryKind, LibraryQuerySet
from tangthu.libraries.reading import preference
from tangthu.patrons.models import CardStatus, Patron


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a parcel goes: to a door, or to a point where the reader fetches it."""

    name: str
    phone: str
    address: str = ""
    point: Library | None = None

    def is_known(self, patron: Patron) -> bool:
        """Tell whether staff have seen the address: it is the one in the reader's file."""
        if self.point is not None:
            return bool(patron.address)
        return bool(self.address) and _plain(self.address) == _plain(patron.address)


def collected_at(delivery: Delivery) -> datetime | None:
    """Return when the carrier fetched the books; `None` where nobody said that. One query."""
    fetched = delivery.events.filter(step=StepName.COLLECT).order_by("id")
    return fetched.values_list("at", flat=True).last()


def terms_of(library: Library) -> Terms:
    """Return what holds for delivery at the library."""

    def number(name: str) -> int:
        return int(preference(library, name))

    return Terms(
        offered=bool(preference(library, "delivery_offered")),
        fee=Money(number("delivery_fee")),
        collection_fee=Money(number("delivery_collection_fee")),
        free_below_age=number("delivery_free_below_age"),
        free_from_age=number("delivery_free_from_age"),
        free_categories=policy.named_categories(
            str(preference(library, "delivery_free_categories"))
        ),
        condition=Condition(str(preference(library, "delivery_condition"))),
        deposit=Money(number("delivery_deposit")),
        most_copies=number("delivery_most_copies"),
        kept_days=number("delivery_kept_days"),
    )


def fee_for(patron: Patron, library: Library, leg: Leg) -> Money:
    """Return what the reader would pay the library for this way."""
    age = patron.age(timezone.localdate())
    return policy.fee_of(leg, terms_of(library), age=age, category=patron.category.code)


def libraries_that_deliver() -> list[Library]:
    """Return the libraries that bring books home, in the order of the tree."""
    return [
        library
        for library in Library.objects.exclude(kind__in=policy.EXCLUDED_KINDS).in_tree_order()
        if preference(library, "delivery_offered")
    ]


def request_facts(
    patron: Patron, to: Destination, *, library: Library, copies: int, on: date
) -> RequestFacts:
    """Return what the terms ask about the reader and the request. Two queries."""
    return RequestFacts(
        library_kind=library.kind,
        card_in_use=patron.card_status == CardStatus.ACTIVE,
        card_valid=patron.expires_on >= on,
        restricted=patron.restrictions.in_force(on).exists(),
        has_phone=bool(to.phone),
        has_address=bool(to.address or to.point),
        address_verified=to.is_known(patron),
        deposit=deposit_of(patron.pk),
        copies=copies,
    )


def free_copies(record_id: int, library: Library, *, for_: Patron | None) -> ItemQuerySet:
    """Return the copies that may be sent: in, lent at all, and promised to nobody else.

    A copy that stands on the hold shelf for this very reader may be brought instead.
    """
    trapped = Hold.objects.trapped().filter(trapped=OuterRef("pk"))
    if for_ is not None:
        trapped = trapped.exclude(patron=for_)
    loans = Loan.objects.open().filter(item=OuterRef("pk"))
    kept = SetAside.objects.filter(item=OuterRef("pk"))
    promised = DeliveryItem.objects.filter(item=OuterRef("pk"), is_open=True)
    return (
        Item.objects.filter(
            record=record_id,
            library=library,
            status=ItemStatus.AVAILABLE,
            item_type__loanable=True,
        )
        .exclude(location__on_site_only=True)
        .exclude(Exists(loans))
        .exclude(Exists(kept))
        .exclude(Exists(promised))
        .exclude(Exists(trapped))
        .exclude(Exists(Transfer.objects.open().filter(item=OuterRef("pk"))))
        .order_by("location__code", "call_number", "accession_number", "id")
    )


def lending_libraries(record_ids: Iterable[int], *, for_: Patron) -> list[Library]:
    """Return the libraries that deliver and have a free copy of each; the reader's own first."""
    wanted = list(record_ids)
    found = [
        library
        for library in libraries_that_deliver()
        if wanted and all(free_copies(pk, library, for_=for_).exists() for pk in wanted)
    ]
    return sorted(found, key=lambda library: library.pk != for_.library_id)


def post_points() -> LibraryQuerySet:
    """Return the post-office culture points of the network."""
    return Library.objects.filter(kind=LibraryKind.POST_OFFICE).order_by("name")


def _plain(address: str) -> str:
    return " ".join(address.casefold().replace(",", " ").split())


def homes_with_books_due(actor: Actor, until: datetime) -> list[Delivery]:
    """Return the finished deliveries whose books are due by then and are not being fetched yet."""
    fetched = DeliveryItem.objects.filter(
        loan=OuterRef("loan"), is_open=True, delivery__leg=DeliveryLeg.BACK
    )
    due = DeliveryItem.objects.filter(
        loan__returned_at=None, loan__due_at__lte=until, delivery__state=DeliveryState.DELIVERED
    ).exclude(Exists(fetched))
    rows = Delivery.objects.visible_to(actor).filter(forgotten_at=None, lines__in=due)
    return list(rows.distinct().for_board())


def records_of(codes: Iterable[str]) -> list[Record]:
    """Return the records of the copies with these barcodes; a code that is none is passed over."""
    items = Item.objects.filter(barcode__in=[barcodes.normal(code) for code in codes])
    return list(Record.objects.filter(pk__in=items.values("record")).defer("marc"))
