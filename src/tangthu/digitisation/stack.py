"""How a copy comes from another library, and goes back to it.

Who carries copies between libraries stands beside this app, so neither knows the other: the site,
which sees both, registers a carrier. Without one a copy is fetched by hand.
"""

from __future__ import annotations

from typing import Protocol

from tangthu.catalogue.models import Item
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library


class Carrier(Protocol):
    """Who has copies carried between libraries."""

    def is_at(self, item: Item, library: Library) -> bool:
        """Tell whether the copy stands at that library now."""

    def ask(self, item: Item, *, to: Library, by: Actor) -> None:
        """Have the copy sent there; asking twice changes nothing. Raises a refusal."""

    def send_home(self, item: Item, *, by: Actor) -> None:
        """Have the copy sent back where it belongs, if it stands elsewhere."""


class ByHand:
    """Nobody is asked: whoever fetches the copy says when it is here."""

    def is_at(self, item: Item, library: Library) -> bool:
        """Say yes."""
        return True

    def ask(self, item: Item, *, to: Library, by: Actor) -> None:
        """Ask nobody."""

    def send_home(self, item: Item, *, by: Actor) -> None:
        """Send nothing."""


_carriers: list[Carrier] = []


def register(carrier: Carrier) -> None:
    """Let this carrier bring copies from now on."""
    _carriers[:] = [carrier]


def carrier() -> Carrier:
    """Return who carries copies."""
    return _carriers[0] if _carriers else ByHand()
