"""The open session out of which cash is given and into which it is taken."""

from __future__ import annotations

from dataclasses import dataclass

from tangthu.core.actor import Actor
from tangthu.fees.errors import DrawerTooEmpty, NoOpenSession
from tangthu.fees.models import Account, CashSession, Means, Posting
from tangthu.fees.policy import Line
from tangthu.libraries.models import Library


def session_for(
    library: Library, *, by: Actor, change: int, session: CashSession | None = None
) -> CashSession:
    """Return the session, locked, in which the actor moves cash at the library now.

    The one given; else the one that the actor opened; else the only one open there. `change` is
    what the drawer gains. Raises NoOpenSession when there is none or none can be told, and
    DrawerTooEmpty when more would go out than lies in it.
    """
    open_here = CashSession.objects.open().filter(drawer__library=library)
    here = open_here.select_for_update(of=("self",))
    found = list(here.filter(pk=session.pk) if session else here.order_by("id"))
    own = [each for each in found if by.user_id is not None and each.opener_id == by.user_id]
    candidates = own or found
    if len(candidates) != 1:
        raise NoOpenSession(library=library.code, open=len(candidates))
    chosen = candidates[0]
    held = Posting.objects.filter(session=chosen).total()
    if held + change < 0:
        raise DrawerTooEmpty(held=held, wanted=-change)
    return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """Through what money comes or goes: at which library, in cash or by bank, in which drawer.

    Without a session cash goes into the drawer that the actor has open.
    """

    library: Library
    means: Means = Means.CASH
    session: CashSession | None = None


def money_line(till: Till, *, by: Actor, change: int) -> Line:
    """Return the line for money that comes or goes: on the bank, or in an open drawer, locked."""
    if till.means == Means.BANK:
        return Line(account=Account.BANK, amount=change)
    chosen = session_for(till.library, by=by, change=change, session=till.session)
    return Line(account=Account.DRAWER, amount=change, session=chosen.pk)
