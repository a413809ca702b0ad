"""What the device knows of a reader and of a copy: no more than the desk needs, in short rows.

A row travels as a list in the order of its fields, which `PATRON` and `ITEM` name for whoever
reads the lists without these classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from tangthu.offline.policy.codec import BadPlain, Plain, decode, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A restriction of the card: until the day, or until it is lifted."""

    kind: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronRow:
    """A reader at the offline desk.

    `born` is the date of birth of those alone whom a rule might find too young; of others it is
    the age in whole years on the day the row was made. No address, telephone or number of a
    document stands here. `further` are further facts of the rules, by name, as plain values.
    """

    id: int
    card: str
    name: str
    words: str
    category: str
    library: int
    expires_on: date
    card_state: str
    born: date | int | None = None
    stops: tuple[Stop, ...] = ()
    further: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRow:
    """The open loan of a copy. One made offline has no number yet. `further` is as in PatronRow."""

    id: int | None
    patron: int
    due_at: datetime
    lent_at: datetime
    renewals: int
    library: int
    further: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Who else wants a copy: readers by their numbers, those who wait in their order.

    `kept_for` is the reader for whom it is kept, `pickup` where; `is_short` tells that the other
    free copies are not enough for those who wait; `is_recalled` that its loan was called back.
    """

    kept_for: int | None = None
    pickup: str = ""
    waiting: tuple[int, ...] = ()
    is_short: bool = False
    is_recalled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A copy at the offline desk, with its open loan. `further` is as in PatronRow."""

    id: int
    record: int
    barcode: str
    number: str
    title: str
    type: str
    state: str
    library: int
    on_site: bool = False
    loan: LoanRow | None = None
    further: Mapping[str, object] = field(default_factory=dict)
    claims: Claims | None = None


PATRON = tuple(each.name for each in fields(PatronRow))
ITEM = tuple(each.name for each in fields(ItemRow))
"""The order of the fields in a packed row."""


def pack(row: PatronRow | ItemRow) -> list[Plain]:
    """Write the row as a list."""
    return [encode(getattr(row, each.name)) for each in fields(row)]


def unpack_patron(packed: object) -> PatronRow:
    """Read a reader's row; raises BadPlain."""
    row = decode(PatronRow, _named(PATRON, packed))
    if not isinstance(row, PatronRow):
        raise BadPlain("no reader")
    return row


def unpack_item(packed: object) -> ItemRow:
    """Read a copy's row; raises BadPlain."""
    row = decode(ItemRow, _named(ITEM, packed))
    if not isinstance(row, ItemRow):
        raise BadPlain("no copy")
    return row


def _named(names: Sequence[str], packed: object) -> dict[str, object]:
    if not isinstance(packed, list | tuple) or len(packed) != len(names):
        raise BadPlain("a row of another length")
    return dict(zip(names, packed, strict=True))
