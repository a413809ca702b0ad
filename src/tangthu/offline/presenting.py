"""What a person needs to know to settle an event: what, when, by whom, why not, how it is now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tangthu.circulation import wording as circulation_words
from tangthu.circulation.models import Loan
from tangthu.circulation.policy import Block, Blocked, RuleName, RuleRow
from tangthu.core import wording
from tangthu.offline.models import EventKind, EventState, OfflineEvent
from tangthu.offline.policy import BadPlain, Newcomer, decode, read_event
from tangthu.offline.wording import DOUBTS, OUTCOMES
from tangthu.patrons.models import Patron

_DAY = re.compile(r"\d{4}-\d\d-\d\d(T|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event in words, and the choices that there are."""

    event: OfflineEvent
    what: str
    reader: str
    copy: str
    why: str
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    due_at: datetime | None = None
    newcomer: Newcomer | None = None
    alike: Sequence[Patron] = ()
    holder: Loan | None = None
    may_do: bool = False
    may_insist: bool = False
    may_take_back: bool = False
    may_get_card: bool = False


def tell(event: OfflineEvent) -> Told:
    """Return everything about one event."""
    newcomer, due_at = _of_body(event)
    code = str(event.outcome.get("code", ""))
    blocks = _blocks(event)
    refused = event.state == EventState.REFUSED
    held = Loan.objects.open().filter(item=event.item).select_related("patron").first()
    taken = any(block["code"] == "on_loan_to_another" for block in blocks)
    overridable = bool(blocks) and all(block["overridable"] for block in blocks)
    return Told(
        event=event,
        what=event.get_kind_display(),
        reader=_reader(event, newcomer),
        copy=_copy(event),
        why=_why(event, code),
        reasons=_reasons(blocks),
        doubts=[str(DOUBTS[doubt]) for doubt in event.doubts if doubt in DOUBTS],
        due_at=due_at,
        newcomer=newcomer,
        alike=list(Patron.objects.filter(pk__in=event.outcome.get("alike", []))),
        holder=held if event.item_id else None,
        may_do=refused and not blocks and code != "card_taken",
        may_insist=refused and overridable,
        may_take_back=refused and taken,
        may_get_card=refused and code == "card_taken",
    )


def _of_body(event: OfflineEvent) -> tuple[Newcomer | None, datetime | None]:
    try:
        if event.kind == EventKind.REGISTER:
            found = decode(Newcomer, event.body.get("newcomer"))
            return (found if isinstance(found, Newcomer) else None), None
        return None, read_event(event.body).due_at
    except BadPlain:
        return None, None


def _blocks(event: OfflineEvent) -> list[dict[str, object]]:
    blocks = event.outcome.get("blocks", [])
    return [block for block in blocks if isinstance(block, dict)]


def _reader(event: OfflineEvent, newcomer: Newcomer | None) -> str:
    if event.patron is not None:
        return f"{event.patron.name} · {event.patron.card}"
    return f"{newcomer.name} · {newcomer.card}" if newcomer else ""


def _copy(event: OfflineEvent) -> str:
    if event.item is not None:
        return f"{event.item.record.title} · {event.item.barcode}"
    return str(event.body.get("barcode", ""))


def _why(event: OfflineEvent, code: str) -> str:
    if code in OUTCOMES:
        return str(OUTCOMES[code])
    return wording.sentence(code, event.outcome) if code else ""


def _reasons(blocks: list[dict[str, object]]) -> list[str]:
    return circulation_words.reasons(_block(block) for block in blocks)


def _block(plain: dict[str, object]) -> Blocked:
    """Return a stored block as the wording of circulation takes it."""
    data, rule = plain.get("data"), plain.get("rule")
    return Blocked(
        code=Block(str(plain["code"])),
        data={name: _revived(value) for name, value in data.items()}
        if isinstance(data, dict)
        else {},
        rule=_rule(rule) if isinstance(rule, dict) else None,
    )


def _rule(plain: dict[str, object]) -> RuleRow:
    return RuleRow(
        name=RuleName(str(plain["name"])),
        distance=0,
        library=str(plain["library"]),
        category=_text(plain.get("category")),
        item_type=_text(plain.get("item_type")),
        value=str(plain["value"]),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _revived(value: object) -> object:
    """Return a day or a moment that was written as text."""
    if not isinstance(value, str) or not _DAY.match(value):
        return value
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
