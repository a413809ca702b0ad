"""An offline event done again, by the same actions as at any desk, at its own moment.

What the reader was told is kept where the rules still agree, and where they do not but may be
overridden: the book *is* with the reader, and a register that denies it helps nobody. Such a
loan is recorded, with every rule that it went against, and a person is asked to look at it. What
cannot be true of the register (another reader has the copy) is not done, and a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tangthu.catalogue.models import Item
from tangthu.circulation import actions as circulation
from tangthu.circulation.errors import CheckoutRefused, RenewalRefused
from tangthu.circulation.models import Loan
from tangthu.circulation.policy import NextAction, Verdict, local_day
from tangthu.core.actor import Actor
from tangthu.core.permissions import every_permission
from tangthu.offline.errors import LentSince, NotOnLoan, ReaderNotRegistered, UnknownCopy
from tangthu.offline.models import Device, EventState, OfflineEvent
from tangthu.offline.policy import Event, EventKind
from tangthu.patrons.actions import PatronData, register_patron
from tangthu.patrons.models import Patron, PatronCategory
from tangthu.patrons.reading import resembling


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a deed led to. `outcome` holds codes and data, never prose."""

    outcome: Mapping[str, object]
    patron: Patron | None = None
    item: Item | None = None
    look: bool = False

    @property
    def state(self) -> EventState:
        """Done; or done, but for a person to look at."""
        return EventState.NOTED if self.look else EventState.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """An event about to be done, and how.

    `good_faith` records a loan that the rules refuse now, whatever the rights of who lent it;
    `insist` overrides every block that the actor may override; `take_back` ends another reader's
    loan first; `new_card` gives a reader the next number when the card is somebody else's.
    """

    device: Device
    event: Event
    at: datetime
    by: Actor
    is_doubtful: bool = False
    good_faith: bool = False
    insist: bool = False
    take_back: bool = False
    new_card: bool = False


def perform(doing: Doing) -> Done:
    """Do the event's deed. Raises what the action raises; the caller keeps it for a person."""
    deed = {
        EventKind.CHECK_OUT: _check_out,
        EventKind.CHECK_IN: _check_in,
        EventKind.RENEW: _renew,
        EventKind.REGISTER: _register,
    }[doing.event.kind]
    return deed(doing)


def _check_out(doing: Doing) -> Done:
    item, patron = copy_of(doing.event), reader_of(doing.device, doing.event)
    held = _open_loan(item)
    if held is not None and held.patron_id == patron.pk:
        return Done(outcome={"code": "already_lent", "loan": held.pk}, patron=patron, item=item)
    if held is not None and held.lent_at > doing.at:
        raise LentSince(loan=held.pk)
    if held is not None and doing.take_back:
        circulation.check_in(item, by=doing.by, at=doing.at)
    loan, against = _lend(doing, item, patron)
    outcome: dict[str, object] = {
        "code": "lent" if against is None else "lent_against_rules",
        "loan": loan.pk,
        "due_at": loan.due_at.isoformat(),
    }
    if against is not None:  # A verdict that refuses is false.
        outcome["blocks"] = CheckoutRefused(against).data["blocks"]
    return Done(outcome=outcome, patron=patron, item=item, look=against is not None)


def _lend(doing: Doing, item: Item, patron: Patron) -> tuple[Loan, Verdict | None]:
    """Lend; where the rules refuse it, perhaps in spite of them, which are then returned."""
    told = None if doing.is_doubtful else doing.event.due_at
    waived = doing.event.waived

    def lend(by: Actor, override: Collection[str]) -> Loan:
        return circulation.check_out(
            item, to=patron, by=by, override=override, due_at=told, at=doing.at
        )

    try:
        return lend(doing.by, waived), None
    except CheckoutRefused as refused:
        against = refused.verdict
        may_be = all(block.overridable for block in against.blocks)
        if not may_be or not (doing.good_faith or doing.insist):
            raise
    by = _with_rights(doing.by, doing.device, against) if doing.good_faith else doing.by
    return lend(by, (*waived, *against.codes)), against


def _check_in(doing: Doing) -> Done:
    item = copy_of(doing.event)
    held = _open_loan(item)
    if held is not None and held.lent_at > doing.at:
        # It came back, and went out again at another desk, before the news of its return came.
        return Done(outcome={"code": "lent_since", "loan": held.pk}, item=item)
    result = circulation.check_in(item, by=doing.by, at=doing.at)
    outcome = {
        "code": "returned",
        "loan": result.loan.pk if result.loan else None,
        "action": str(result.next_action),
        "notices": [str(notice) for notice in result.notices],
    }
    look = result.next_action is not NextAction.SHELVE
    patron = result.loan.patron if result.loan else None
    return Done(outcome=outcome, patron=patron, item=item, look=look)


def _renew(doing: Doing) -> Done:
    item, patron = copy_of(doing.event), reader_of(doing.device, doing.event)
    held = _open_loan(item)
    if held is None or held.patron_id != patron.pk:
        raise NotOnLoan(item=item.pk)
    loan = _extend(doing, held)
    outcome = {"code": "renewed", "loan": loan.pk, "due_at": loan.due_at.isoformat()}
    return Done(outcome=outcome, patron=patron, item=item)


def _extend(doing: Doing, held: Loan) -> Loan:
    waived = doing.event.waived
    try:
        return circulation.renew(held, by=doing.by, override=waived, at=doing.at)
    except RenewalRefused as refused:
        codes = refused.verdict.codes
        if not doing.insist:
            raise
    return circulation.renew(held, by=doing.by, override=(*waived, *codes), at=doing.at)


def _register(doing: Doing) -> Done:
    newcomer = doing.event.newcomer
    if newcomer is None:
        raise ReaderNotRegistered
    data = PatronData(
        name=newcomer.name,
        category=PatronCategory.objects.get(code=newcomer.category),
        library=doing.device.library,
        card="" if doing.new_card else newcomer.card,
        birth_on=newcomer.birth_on,
        phone=newcomer.phone,
        guardian_name=newcomer.guardian_name,
        guardian_phone=newcomer.guardian_phone,
        registered_on=local_day(doing.at),
    )
    alike = resembling(data, by=doing.by)
    patron = register_patron(data, by=doing.by)
    outcome: dict[str, object] = {"code": "registered", "card": patron.card}
    if alike:
        outcome |= {"code": "registered_alike", "alike": [other.pk for other in alike]}
    return Done(outcome=outcome, patron=patron, look=bool(alike))


def copy_of(event: Event) -> Item:
    """Return the copy of the event; raises UnknownCopy."""
    items = Item.objects.select_related("record", "library").defer("record__marc")
    found = items.filter(pk=event.item).first() if event.item else None
    found = found or items.by_barcode(event.barcode).first()
    if found is None:
        raise UnknownCopy(barcode=event.barcode)
    return found


def reader_of(device: Device, event: Event) -> Patron:
    """Return the reader of the event; raises ReaderNotRegistered where an earlier one failed."""
    if event.patron is not None:
        found = Patron.objects.filter(pk=event.patron).first()
    else:
        earlier = OfflineEvent.objects.filter(device=device, uid=event.registered)
        found = Patron.objects.filter(pk__in=earlier.values("patron")).first()
    if found is None:
        raise ReaderNotRegistered
    return found


def _open_loan(item: Item) -> Loan | None:
    return Loan.objects.open().filter(item=item).first()


def _with_rights(by: Actor, device: Device, against: Verdict) -> Actor:
    """Let the machine waive what the desk could not know of, whatever the person may."""
    needed = {block.permission for block in against.blocks}
    here = frozenset({device.library_id})
    grants = {
        permission: by.grants.get(permission, frozenset()) | here
        for permission in every_permission()
        if str(permission) in needed
    }
    return replace(by, grants={**by.grants, **grants})
