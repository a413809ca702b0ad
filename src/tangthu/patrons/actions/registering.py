"""New readers, and corrections of what is known of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.libraries.reading import network, preference
from tangthu.patrons import policy, sealing
from tangthu.patrons.errors import CardTaken, CitizenNumberHere, CitizenNumberTaken, PatronInvalid
from tangthu.patrons.models import CardSeries, FormerCard, Patron, PatronCategory
from tangthu.patrons.news import announce, locked, snapshot
from tangthu.patrons.permissions import PatronsPermission
from tangthu.text.names import sort_name
from tangthu.text.normal import clean, normalise
from tangthu.text.phones import read_citizen_number
from tangthu.text.sorting import sort_key


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronData:
    """What is said of a reader.

    An empty card asks for the next of the library's series, an empty sort name for the computed
    one; the card begins today and lasts as long as the category says, unless the days are given.
    """

    name: str
    category: PatronCategory
    library: Library
    card: str = ""
    sort_name: str = ""
    birth_on: date | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    ward_code: str = ""
    guardian: Patron | None = None
    guardian_name: str = ""
    guardian_phone: str = ""
    citizen_number: str = field(default="", repr=False)
    note: str = ""
    registered_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def register_patron(data: PatronData, *, by: Actor) -> Patron:
    """Enter a reader in the register and give them a card.

    Raises PatronInvalid with all that is wrong, CardTaken, and CitizenNumberTaken. Somebody who
    only resembles a known reader is not refused: faces ask `reading.resembling` and warn.
    """
    by.require(PatronsPermission.EDIT_PATRONS, at=data.library.pk)
    today = timezone.localdate()
    _judge(data, today=today)
    patron = Patron(
        registered_on=data.registered_on or today,
        expires_on=data.expires_on
        or policy.months_after(data.registered_on or today, data.category.card_months),
    )
    _fill(patron, data)
    patron.card = policy.normal_card(data.card) or next_card(data.library)
    _insist_on_free_card(patron.card)
    digits = note_citizen_number(patron, data.citizen_number, by=by)
    save(patron, by=by)
    if digits:
        patron.citizen_number_sealed = sealing.seal(digits, row=sealed_row(patron))
        patron.save(update_fields=["citizen_number_sealed"])
    announce("patron.registered", patron, by=by, after=snapshot(patron))
    return patron


@transaction.atomic
def change_patron(patron: Patron, data: PatronData, *, version: int, by: Actor) -> Patron:
    """Correct what is known of a reader; `data` is all of it, as it shall be.

    The card, the citizen number and the day of registration have deeds of their own and stay. To
    move the reader to another library, the actor edits at both. Raises StaleVersion when
    somebody else saved since `version` was read.
    """
    patron = locked(patron, version)
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    by.require(PatronsPermission.EDIT_PATRONS, at=data.library.pk)
    _judge(data, today=timezone.localdate(), patron=patron)
    before = snapshot(patron)
    _fill(patron, data)
    patron.expires_on = data.expires_on or patron.expires_on
    save(patron, by=by)
    announce("patron.changed", patron, by=by, before=before, after=snapshot(patron))
    return patron


def save(patron: Patron, *, by: Actor, fields: Iterable[str] | None = None) -> None:
    """Store the row as its next version; say whose number it is when one is taken.

    Part of the deeds on cards and files too; the numbers are unique by constraint.
    """
    if patron.pk is not None:
        patron.version += 1
    try:
        with transaction.atomic():
            patron.save(update_fields=None if fields is None else [*fields, "version"])
    except IntegrityError:
        others = Patron.objects.exclude(pk=patron.pk)
        if others.filter(card=patron.card).exists():
            raise CardTaken(field="card", card=patron.card) from None
        _insist_on_free_citizen_number(patron, by=by)
        raise


def note_citizen_number(patron: Patron, number: str, *, by: Actor) -> str:
    """Put the number's digest on the row, an empty one takes it away; return its digits.

    The row is not saved. The number itself is sealed for the row's own id, so a new reader is
    stored first.
    """
    read = read_citizen_number(number) if number else None
    if number and read is None:
        raise PatronInvalid([policy.Fault("citizen_number", "citizen_number_invalid")])
    patron.citizen_number_digest = sealing.digest(read.digits) if read else None
    if read is None:
        return ""
    _insist_on_free_citizen_number(patron, by=by, digests=sealing.every_digest(read.digits))
    return read.digits


def sealed_row(patron: Patron) -> str:
    """Return the row for which the reader's citizen number is sealed."""
    return f"patron:{patron.pk}"


def next_card(library: Library) -> str:
    """Return the next free number of the library's series. Registrations there wait in line."""
    known = network()
    # T for thẻ: without it a card would be a barcode of the same library but for a dot.
    prefix = str(known.preference(library.chain, "card_prefix")) or f"{library.code}T"
    digits = int(known.preference(library.chain, "card_digits"))
    series, is_new = CardSeries.objects.get_or_create(prefix=policy.normal_card(prefix))
    series = CardSeries.objects.select_for_update().get(pk=series.pk)
    if is_new:
        series.last = _highest_in_use(series.prefix, digits=digits)
    while True:
        series.last += 1
        card = policy.card_number(series.prefix, series.last, digits=digits)
        if not is_card_taken(card):
            series.save(update_fields=["last"])
            return card


def is_card_taken(card: str) -> bool:
    """Tell whether somebody has, or once had, a card of this number."""
    return (
        Patron.objects.filter(card=card).exists() or FormerCard.objects.filter(card=card).exists()
    )


def _highest_in_use(prefix: str, *, digits: int) -> int:
    cards = Patron.objects.filter(card__startswith=prefix).values_list("card", flat=True)
    numbers = (policy.number_in_series(card, prefix, digits=digits) for card in cards.iterator())
    return max((number for number in numbers if number is not None), default=0)


def _insist_on_free_card(card: str) -> None:
    if is_card_taken(card):
        raise CardTaken(field="card", card=card)


def _insist_on_free_citizen_number(
    patron: Patron, *, by: Actor, digests: Iterable[str] | None = None
) -> None:
    wanted = [patron.citizen_number_digest] if digests is None else list(digests)
    other = Patron.objects.filter(citizen_number_digest__in=wanted).exclude(pk=patron.pk).first()
    if other is None:
        return
    if by.may(PatronsPermission.SEE_PATRONS, at=other.library_id):
        raise CitizenNumberHere(field="citizen_number", card=other.card)
    raise CitizenNumberTaken(field="citizen_number")


def _judge(data: PatronData, *, today: date, patron: Patron | None = None) -> None:
    """Raise PatronInvalid with everything that the rules say against the data."""
    guardian = data.guardian
    found = policy.faults(
        policy.Application(
            name=data.name,
            today=today,
            card=data.card,
            birth_on=data.birth_on,
            phone=data.phone.strip(),
            email=normalise(data.email),
            citizen_number=data.citizen_number.strip(),
            registered_on=data.registered_on,
            expires_on=data.expires_on,
            terms=policy.CategoryTerms(
                minimum_age=data.category.minimum_age,
                maximum_age=data.category.maximum_age,
                needs_guardian=data.category.needs_guardian,
            ),
            guardian=policy.Guardian(
                name=normalise(data.guardian_name),
                phone=data.guardian_phone.strip(),
                is_reader=guardian is not None,
                is_the_child=guardian is not None and guardian == patron,
                birth_on=guardian.birth_on if guardian else None,
                has_a_guardian=guardian is not None and guardian.guardian_id is not None,
            ),
            guardian_until_age=int(preference(data.library, "guardian_until_age")),
        )
    )
    if found:
        raise PatronInvalid(found)


def _fill(patron: Patron, data: PatronData) -> None:
    _name(patron, normalise(data.name), given=normalise(data.sort_name))
    patron.category = data.category
    patron.library = data.library
    patron.birth_on = data.birth_on
    patron.phone = policy.stored_phone(data.phone) or ""
    patron.email = normalise(data.email)
    patron.address = normalise(data.address)
    patron.ward_code = normalise(data.ward_code)
    patron.guardian = data.guardian
    patron.guardian_name = normalise(data.guardian_name)
    patron.guardian_phone = policy.stored_phone(data.guardian_phone) or ""
    patron.note = clean(data.note)


def _name(patron: Patron, name: str, *, given: str) -> None:
    """Set the name and what is computed of it. A sort name that staff corrected stays."""
    untouched = given == patron.sort_name and patron.sort_name == sort_name(patron.name or "?")
    patron.name = name
    patron.sort_name = sort_name(name) if untouched or not given else given
    patron.sort_key = sort_key(patron.sort_name)
    patron.folded_name = policy.search_words(name)[:320]
