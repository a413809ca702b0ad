"""The desk's sentences about a verdict, from words that the book brings in its language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from tangthu.circulation.policy import Block, Blocked, CheckinVerdict, RuleRow, Verdict
from tangthu.circulation.policy.due import LIBRARY_ZONE
from tangthu.offline.policy.book import Book, Words
from tangthu.patrons.policy import Fault
from tangthu.text.amounts import format_dong

MONEY = frozenset({"owed", "most_owed"})
WITHOUT_END = "patron_restricted_without_end"


def reasons(blocks: Iterable[Blocked], book: Book) -> list[str]:
    """Return for each block the sentence that says why, and the rule that made it."""
    return [
        " ".join(filter(None, (block_sentence(block, book.words), rule_sentence(block.rule, book))))
        for block in blocks
    ]


def block_sentence(block: Blocked, words: Words) -> str:
    """Return the sentence about one block; its bare code where the book has no words for it."""
    endless = block.code is Block.PATRON_RESTRICTED and block.data.get("until") is None
    template = words.blocks.get(WITHOUT_END if endless else str(block.code))
    if template is None:
        return str(block.code)
    data = {name: _word(name, value, words) for name, value in block.data.items()}
    return _filled(template, data)


def rule_sentence(rule: RuleRow | None, book: Book) -> str:
    """Return the sentence about the rule that made a block; nothing without one."""
    if rule is None or not book.words.rule:
        return ""
    words, name = book.words, str(rule.name)
    of_library = {entry.code: entry.name for entry in book.libraries.values()}
    category = book.categories.get(rule.category or "")
    kind = book.types.get(rule.item_type or "")
    named = {
        "rule": words.rule_labels.get(name, name),
        "value": rule.value or words.rule_blanks.get(name, ""),
        "library": of_library.get(rule.library, rule.library),
        "category": category.name if category else words.every_category,
        "item_type": kind.name if kind else words.every_type,
    }
    return _filled(words.rule, named)


def return_sentences(verdict: CheckinVerdict, words: Words) -> list[str]:
    """Return what the desk should know about a copy that came back."""
    return [words.notices.get(str(notice), str(notice)) for notice in verdict.notices]


def remarks(verdict: Verdict, words: Words) -> list[str]:
    """Return what the desk should say with a loan."""
    return [
        _filled(
            words.remarks.get(str(remark.code), str(remark.code)),
            {name: _word(name, value, words) for name, value in remark.data.items()},
        )
        for remark in verdict.remarks
    ]


def fault_sentence(fault: Fault, words: Words) -> str:
    """Return the sentence for a field of a registration that is wrong."""
    template = words.faults.get(fault.code)
    return fault.code if template is None else _filled(template, {"limit": fault.limit})


def day(moment: date) -> str:
    """Write a day, or the library's day of a moment, as dd/MM/yyyy."""
    local = moment.astimezone(LIBRARY_ZONE) if isinstance(moment, datetime) else moment
    return local.strftime("%d/%m/%Y")


def due_words(due_at: datetime) -> str:
    """Write when a loan is due: the day, with the hour where it is not the end of the day."""
    local = due_at.astimezone(LIBRARY_ZONE)
    return day(local) if (local.hour, local.minute) == (23, 59) else f"{local:%H:%M} {day(local)}"


def _word(name: str, value: object, words: Words) -> object:
    if isinstance(value, date):
        return day(value)
    if name in MONEY and isinstance(value, int):
        return format_dong(value)
    if name == "kind":
        return words.stops.get(str(value), str(value))
    if name == "name":
        return words.rule_labels.get(str(value), str(value))
    return value


def _filled(template: str, values: Mapping[str, object]) -> str:
    try:
        return template % values
    except (KeyError, TypeError, ValueError):
        return template
