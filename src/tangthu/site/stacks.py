"""Copies carried to where they are digitised, and home again: by the transfers of circulation.

Digitising and circulation do not know each other; here both are in view.
"""

from __future__ import annotations

from tangthu.catalogue.models import Item
from tangthu.circulation.actions.transports import request_transfer
from tangthu.circulation.models import Stay, Transfer
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Actor
from tangthu.core.permissions import Permission
from tangthu.digitisation import stack
from tangthu.libraries.models import Library


class Transports:
    """Who has copies carried between libraries, by asking for transfers."""

    def is_at(self, item: Item, library: Library) -> bool:
        """Tell whether the copy stands at that library, and is not on its way."""
        if Transfer.objects.open().filter(item=item).exists():
            return False
        stay = Stay.objects.filter(item=item).first()
        return (stay.library_id if stay else item.library_id) == library.pk

    def ask(self, item: Item, *, to: Library, by: Actor) -> None:
        """Ask for a transfer, if none is open; raises what stands against it."""
        if not Transfer.objects.open().filter(item=item).exists():
            request_transfer(item, to=to, by=_lender(by, item, to.pk))

    def send_home(self, item: Item, *, by: Actor) -> None:
        """Ask for the way back, where the copy stands at another library than its own."""
        home = item.library
        if not self.is_at(item, home) and not Transfer.objects.open().filter(item=item).exists():
            request_transfer(item, to=home, by=_lender(by, item, by.library_id or home.pk))


def _lender(by: Actor, item: Item, library_id: int) -> Actor:
    """Return the actor as one who may have this copy sent: the deed asked for its own right."""
    there = frozenset({library_id, item.library_id})
    grants: dict[Permission, frozenset[int]] = {CirculationPermission.LEND: there}
    return Actor(
        face=by.face,
        name=by.name,
        user_id=by.user_id,
        library_id=library_id,
        grants=grants,
        everywhere=by.everywhere,
    )


def start() -> None:
    """Let copies be carried to and from digitisation by transfers."""
    stack.register(Transports())
