"""The values of a notice: checked and stored when it is announced, written out when it goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from tangthu.core.money import Money
from tangthu.notices.policy.kinds import (
    COMMON,
    KINDS,
    NoticeKind,
    ValueDefinition,
    ValueKind,
    values_of,
)
from tangthu.text.amounts import format_dong

Stored = str | int
LONGEST_VALUE = 2000


class WrongValues(ValueError):
    """The values announced are not those of the kind: a mistake in the program that announces."""


def stored_values(
    kind: NoticeKind, values: Mapping[str, object], *, zone: tzinfo
) -> dict[str, Stored]:
    """Return the values as plain data. Raises WrongValues for an unknown or a missing one.

    Moments are brought to the library's zone; texts are cut at 2,000 characters.
    """
    definition = KINDS[kind]
    unknown = values.keys() - definition.known
    missing = definition.needed - values.keys()
    if unknown or missing:
        raise WrongValues(f"{kind}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    return {name: _plain(value, zone) for name, value in values.items()}


def _plain(value: object, zone: tzinfo) -> Stored:
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    return value if isinstance(value, int) else str(value)[:LONGEST_VALUE]


def shown_values(
    kind: NoticeKind, stored: Mapping[str, object], *, site: str = ""
) -> dict[str, str]:
    """Return the kind's own and common values as people read them; "" for what is not there."""
    wanted = (*KINDS[kind].values, *COMMON)
    return {each.name: shown(each, stored.get(each.name, ""), site=site) for each in wanted}


def sample_values(kind: NoticeKind, *, site: str = "") -> dict[str, str]:
    """Return an example of every value that a text of this kind may name."""
    return {each.name: shown(each, each.sample, site=site) for each in values_of(kind)}


def shown(definition: ValueDefinition, value: object, *, site: str = "") -> str:
    """Write one value for people: 05/12/2026, 25.000 đ, a whole address."""
    text = str(value)
    if not text:
        return ""
    match definition.kind:
        case ValueKind.WHEN:
            return _when(text)
        case ValueKind.MONEY:
            return format_dong(int(text))
        case ValueKind.LINK:
            return _link(text, site)
        case ValueKind.TEXT | ValueKind.NUMBER:
            return text


def _when(text: str) -> str:
    if "T" not in text:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    moment = datetime.fromisoformat(text)
    # A loan by the day ends with the day: its minute says nothing to a reader.
    if (moment.hour, moment.minute) == (23, 59):
        return f"{moment:%d/%m/%Y}"
    return f"{moment:%H:%M %d/%m/%Y}"


def _link(path: str, site: str) -> str:
    """Return the whole address of a page of ours; nothing where the site's own is not known."""
    if path.startswith(("https://", "http://")):
        return path
    return f"{site.rstrip('/')}{path}" if site else ""
