"""The open session out of which cash is given and into which it is taken."""

from __future__ import annotations

from tangthu.core.actor import Actor
from tangthu.fees.errors import DrawerTooEmpty, NoOpenSession
from tangthu.fees.models import CashSession, Posting
from tangthu.libraries.models import Library


def session_for(
    library: Library, *, by: Actor, change: int, session: CashSession | None = None
) -> CashSession:
    """Return the session, locked, in which the actor moves cash at the library now.

    The one given; else the one that the actor opened; else the only one open there. `change` is
    what the drawer gains. Raises NoOpenSession when there is none or none can be told, and
    DrawerTooEmpty when more would go out than lies in it.
    """
    here = (
        CashSession.objects.open().filter(drawer__library=library).select_for_update(of=("self",))
    )
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
