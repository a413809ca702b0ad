"""The limits of transports as the rules see them."""

from __future__ import annotations

from collections.abc import Mapping

from tangthu.catalogue.models import ItemType
from tangthu.circulation.models import TransferLimit
from tangthu.circulation.policy import TransferLimits, transports
from tangthu.libraries.reading import Network


def read_limits(network: Network, item_types: Mapping[int, ItemType]) -> TransferLimits:
    """Ask the database for every limit, with the names of its ends. One query."""
    return TransferLimits.of(
        transports.TransferLimit(
            origin=row.origin_id,
            destination=row.destination_id,
            item_type=item_types[row.item_type_id].code if row.item_type_id else None,
            allowed=row.allowed,
            origin_name=network.libraries[row.origin_id].name,
            destination_name=network.libraries[row.destination_id].name,
        )
        for row in TransferLimit.objects.all()
    )
