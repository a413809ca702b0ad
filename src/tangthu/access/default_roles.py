"""The roles that a library begins with. Its managers may rename and change all but the first.

The names are data of a Vietnamese library, so they are Vietnamese. Rights stand here by their
codes, for some belong to apps above this one.
"""

from __future__ import annotations

from dataclasses import dataclass

NETWORK_ADMINISTRATOR = "network-administrator"
LIBRARIAN_IN_CHARGE = "librarian-in-charge"
DESK = "desk"
CATALOGUER = "cataloguer"
KEEPER = "keeper"

_AT_THE_DESK = frozenset(
    {
        "circulation.lend",
        "circulation.override",
        "circulation.station",
        "delivery.approve",
        "delivery.handle",
        "notices.see",
        "offline.use",
        "patrons.see",
        "patrons.edit",
        "reading.loans",
    }
)
_MONEY = frozenset({"fees.take", "fees.cash_desk"})
_MONEY_IN_CHARGE = frozenset({"fees.waive", "fees.reverse", "fees.bank", "fees.rules"})
_CATALOGUING = frozenset(
    {
        "catalogue.edit_records",
        "catalogue.edit_items",
        "catalogue.import",
        "repository.edit",
        "repository.publish",
        "digitisation.work",
        "digitisation.recognise",
        "digitisation.correct",
        "reading.requests",
        "community.show",
    }
)
_IN_CHARGE = frozenset(
    {
        "access.users",
        "access.audit",
        "catalogue.suppress",
        "circulation.override_debt",
        "circulation.rules",
        "libraries.manage",
        "libraries.calendar",
        "libraries.preferences",
        "notices.channels",
        "notices.templates",
        "offline.manage",
        "patrons.citizen_number",
        "patrons.data_requests",
        "repository.collections",
        "repository.preserve",
        "digitisation.plan",
        "reading.licences",
        "reading.loans",
        "reading.usage",
        "protocols.harvest",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRole:
    """A role to begin with."""

    code: str
    name: str
    permissions: frozenset[str] = frozenset()
    everything: bool = False


DEFAULT_ROLES = (
    DefaultRole(code=NETWORK_ADMINISTRATOR, name="Quản trị mạng lưới", everything=True),
    DefaultRole(
        code=LIBRARIAN_IN_CHARGE,
        name="Phụ trách thư viện",
        permissions=_AT_THE_DESK | _CATALOGUING | _IN_CHARGE | _MONEY | _MONEY_IN_CHARGE,
    ),
    DefaultRole(code=DESK, name="Thủ thư quầy mượn trả", permissions=_AT_THE_DESK | _MONEY),
    DefaultRole(code=CATALOGUER, name="Cán bộ biên mục", permissions=_CATALOGUING),
    DefaultRole(
        code=KEEPER,
        name="Người giữ thư viện cơ sở",
        permissions=_AT_THE_DESK
        | _CATALOGUING
        | _MONEY
        | frozenset({"libraries.calendar", "fees.waive", "fees.reverse", "offline.manage"}),
    ),
)
"""From the widest to the narrowest. A keeper does everything in one small library but rule it."""
