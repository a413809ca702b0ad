"""Where the files of an opened object are fetched by its visitor."""

from __future__ import annotations

from dataclasses import dataclass

from tangthu.reading import addresses, tickets
from tangthu.reading.readers import Opening
from tangthu.repository.models import DigitalFile


@dataclass(frozen=True, slots=True)
class Fetching:
    """Where files of the object are fetched by this visitor."""

    opening: Opening
    network_address: str | None

    def address_of(self, file: DigitalFile) -> str:
        """Return the address, with a ticket for this file alone where the object is not open."""
        obj = self.opening.obj
        ticket = ""
        if not self.opening.is_open:
            ticket = tickets.give(
                obj.identifier, obj.terms, address=self.network_address, file=file.identifier
            )
        return addresses.file(obj.identifier, file.identifier, ticket)
