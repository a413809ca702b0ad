"""The cash desk: drawers, their sessions, and cash that moves without a reader."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.money import Money
from tangthu.fees import policy
from tangthu.fees.actions.posting import Draft, post, whole
from tangthu.fees.actions.sessions import session_for
from tangthu.fees.errors import (
    BadAmount,
    DifferenceUnexplained,
    DrawerNameTaken,
    ReasonMissing,
    SessionClosed,
    SessionOpen,
)
from tangthu.fees.models import (
    Account,
    CashDrawer,
    CashSession,
    Entry,
    EntryKind,
    Posting,
)
from tangthu.fees.permissions import FeesPermission
from tangthu.fees.policy import Line
from tangthu.libraries.models import Library


@transaction.atomic
def add_drawer(library: Library, name: str, *, by: Actor) -> CashDrawer:
    """Put up a till at the library. Raises DrawerNameTaken."""
    by.require(FeesPermission.MANAGE_RULES, at=library.pk)
    drawer = CashDrawer(library=library, name=name.strip())
    try:
        with transaction.atomic():
            drawer.save()
    except IntegrityError:
        raise DrawerNameTaken(field="name") from None
    _note("fees.drawer_added", "cash_drawer", drawer.pk, library.pk, by, {"name": drawer.name})
    return drawer


@transaction.atomic
def change_drawer(drawer: CashDrawer, *, name: str, is_active: bool, by: Actor) -> CashDrawer:
    """Rename a till, or take it out of use. Raises SessionOpen while it is open."""
    by.require(FeesPermission.MANAGE_RULES, at=drawer.library_id)
    drawer = CashDrawer.objects.select_for_update().get(pk=drawer.pk)
    if not is_active and drawer.sessions.open().exists():
        raise SessionOpen(drawer=drawer.name)
    drawer.name, drawer.is_active = name.strip(), is_active
    try:
        with transaction.atomic():
            drawer.save(update_fields=["name", "is_active"])
    except IntegrityError:
        raise DrawerNameTaken(field="name") from None
    after: dict[str, object] = {"name": drawer.name, "is_active": is_active}
    _note("fees.drawer_changed", "cash_drawer", drawer.pk, drawer.library_id, by, after)
    return drawer


@transaction.atomic
def open_session(drawer: CashDrawer, *, start: Money, by: Actor) -> CashSession:
    """Open a drawer with a float out of the safe; nothing is a float too. Raises SessionOpen."""
    library = drawer.library
    by.require(FeesPermission.CASH_DESK, at=library.pk)
    amount = whole(start, field="float") if start.amount else 0
    session = CashSession(
        drawer=drawer,
        opened_at=timezone.now(),
        opened_by=by.name,
        opener_id=by.user_id,
        float_amount=amount,
    )
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError:
        raise SessionOpen(drawer=drawer.name) from None
    _note("fees.session_opened", "cash_session", session.pk, library.pk, by, {"float": amount})
    if amount:
        into = Line(account=Account.DRAWER, amount=amount, session=session.pk)
        lines = policy.move_lines(amount, out_of=Line(account=Account.SAFE, amount=0), into=into)
        post(Draft(kind=EntryKind.FLOAT, library=library), lambda _: lines, by=by)
    return session


@transaction.atomic
def bring_cash(
    session: CashSession, *, amount: Money, account: Account, reason: str, by: Actor
) -> Entry:
    """Bring cash into the drawer from the safe or the bank."""
    return _move(session, whole(amount), EntryKind.CASH_IN, account, reason, by)


@transaction.atomic
def take_cash(
    session: CashSession, *, amount: Money, account: Account, reason: str, by: Actor
) -> Entry:
    """Take cash out of the drawer, to the safe or the bank. Raises DrawerTooEmpty."""
    return _move(session, -whole(amount), EntryKind.CASH_OUT, account, reason, by)


@transaction.atomic
def close_session(
    session: CashSession, *, notes: Mapping[int, int], explanation: str, by: Actor
) -> CashSession:
    """Count the drawer and empty it into the safe.

    What the count finds too much or too little is entered as a difference and must be explained:
    DifferenceUnexplained carries what the books expect. Raises SessionClosed, BadAmount for a
    count that cannot be. Locks the session, so no cash moves meanwhile.
    """
    library = session.drawer.library
    by.require(FeesPermission.CASH_DESK, at=library.pk)
    session = CashSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if not session.is_open:
        raise SessionClosed(session=session.pk)
    try:
        counted = policy.counted(notes)
    except ValueError:
        raise BadAmount("notes") from None
    expected = Posting.objects.filter(session=session).total()
    if counted != expected and not explanation.strip():
        raise DifferenceUnexplained("explanation", expected=expected, counted=counted)
    _empty(session, library, counted=counted, expected=expected, by=by)
    session.counts = {str(note): number for note, number in notes.items() if number}
    session.counted, session.expected = counted, expected
    session.explanation = explanation.strip()[:500]
    session.closed_at, session.closed_by = timezone.now(), by.name
    session.save()
    after: dict[str, object] = {
        "counted": counted,
        "expected": expected,
        "explanation": session.explanation,
    }
    _note("fees.session_closed", "cash_session", session.pk, library.pk, by, after)
    return session


def _move(
    session: CashSession, change: int, kind: EntryKind, account: Account, reason: str, by: Actor
) -> Entry:
    library = session.drawer.library
    by.require(FeesPermission.CASH_DESK, at=library.pk)
    if not reason.strip():
        raise ReasonMissing("reason")
    if account not in {Account.SAFE, Account.BANK}:
        raise BadAmount("account")
    chosen = session_for(library, by=by, change=change, session=session)
    lines = (
        Line(account=Account.DRAWER, amount=change, session=chosen.pk),
        Line(account=account, amount=-change),
    )
    return post(Draft(kind=kind, library=library, note=reason), lambda _: lines, by=by)


def _empty(
    session: CashSession, library: Library, *, counted: int, expected: int, by: Actor
) -> None:
    every = (
        Line(account=Account.SAFE, amount=counted),
        Line(account=Account.DRAWER, amount=-expected, session=session.pk),
        Line(account=Account.DIFFERENCE, amount=expected - counted),
    )
    lines = [line for line in every if line.amount]
    if lines:
        post(Draft(kind=EntryKind.COUNT, library=library), lambda _: lines, by=by)


def _note(
    action: str, kind: str, key: int, library: int, by: Actor, after: Mapping[str, object]
) -> None:
    audit.record(action, by=by, kind=kind, key=key, library=library, after=after)
