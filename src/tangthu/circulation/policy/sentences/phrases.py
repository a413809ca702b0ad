r"""What a sentence may say, as patterns over words without marks.

`{n}` is a number, `{vnd}` an amount, `{date}` a day as dd/mm/yyyy, `{type}` the name of a type of
copies. A pattern's values are texts as rules hold them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tangthu.circulation.policy.names import RuleName, YesNo

Values = dict[RuleName, str]
Reader = Callable[[Mapping[str, str]], Values]

_COPIES = "(?:cuon|ban|quyen|tai lieu|an pham)"
_MOST = "(?:toi da|nhieu nhat|khong qua)"
_NOT_LENT = "(?:thi )?(?:khong (?:duoc )?(?:cho )?muon|ngung (?:cho )?muon|thoi muon)(?: them)?"
_FINE = "(?:(?:tien )?phat|phi qua han|phi tre han|phi tre)"
_GIVEN = {
    "n": r"(?P<n>\d+)",
    "m": r"(?P<m>\d+)",
    "vnd": r"(?P<vnd>\d{1,3}(?:\.\d{3})+|\d+)(?P<k> ?k| nghin| ngan)?(?: dong| d| vnd)?",
    "date": r"(?P<date>\d{1,2}/\d{1,2}/\d{4})",
    "copies": _COPIES,
    "most": _MOST,
    "not_lent": _NOT_LENT,
    "fine": _FINE,
}
_TIMES = {"ngay": (1, "days"), "tuan": (7, "days"), "gio": (1, "hours")}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern, and what rules it sets. `topic` is what a bare “tối đa” after it is about."""

    pattern: re.Pattern[str]
    read: Reader
    topic: str = ""
    only_after: str = ""


def money(told: Mapping[str, str]) -> str:
    """Read an amount: 1.000 đồng, 50 nghìn, 50k."""
    amount = int(told["vnd"].replace(".", ""))
    return str(amount * 1000 if told.get("k") else amount)


def day(told: Mapping[str, str]) -> str:
    """Read a day as rules hold it; raises ValueError for one that no calendar has."""
    days, month, year = (int(part) for part in told["date"].split("/"))
    return date(year, month, days).isoformat()


def _length(told: Mapping[str, str]) -> Values:
    times, unit = _TIMES[told["unit"]]
    return {RuleName.LOAN_LENGTH: str(int(told["n"]) * times), RuleName.LOAN_UNIT: unit}


def _days(name: RuleName) -> Reader:
    return lambda told: {name: str(int(told["n"]) * _TIMES[told.get("unit") or "ngay"][0])}


def _number(name: RuleName) -> Reader:
    return lambda told: {name: str(int(told["n"]))}


def _money(name: RuleName) -> Reader:
    return lambda told: {name: money(told)}


def _word(name: RuleName, value: str) -> Reader:
    return lambda told: {name: value}


def _date(mode: str) -> Reader:
    return lambda told: {RuleName.HARD_DUE_ON: day(told), RuleName.HARD_DUE_MODE: mode}


def _fee(told: Mapping[str, str]) -> Values:
    period = int(told.get("n") or 1) * _TIMES[told["unit"]][0]
    return {RuleName.OVERDUE_FEE: money(told), RuleName.OVERDUE_FEE_PERIOD: str(period)}


def _suspension(told: Mapping[str, str]) -> Values:
    return {
        RuleName.SUSPENSION_DAYS: str(int(told["n"])),
        RuleName.SUSPENSION_PERIOD: str(int(told.get("m") or 1)),
    }


def _percent(name: RuleName) -> Reader:
    def read(told: Mapping[str, str]) -> Values:
        if told.get("times"):
            return {name: str(int(told["times"]) * 100)}
        return {name: str(int(told["percent"]))}

    return read


def _demand(told: Mapping[str, str]) -> Values:
    return {
        RuleName.HIGH_DEMAND_FROM: str(int(told["n"])),
        RuleName.HIGH_DEMAND_LENGTH: str(int(told["m"])),
    }


def _phrase(text: str, read: Reader, *, topic: str = "", only_after: str = "") -> Phrase:
    filled = re.sub(r"\{(\w+)\}", lambda found: _GIVEN[found.group(1)], text)
    return Phrase(re.compile(rf"(?:{filled})(?= |$)"), read, topic, only_after)


_PAY = r"(?:(?:gap )?(?P<times>\d+) lan(?: gia(?: sach)?)?|(?P<percent>\d+) ?%(?: gia(?: sach)?)?)"
_UNIT = "(?P<unit>ngay|tuan)"

PHRASES: tuple[Phrase, ...] = (
    # What may be taken home, and how many.
    _phrase("khong (?:duoc )?(?:cho )?muon ve(?: nha)?", _word(RuleName.LENT_HOME, YesNo.NO)),
    _phrase("chi (?:duoc )?doc tai cho", _word(RuleName.LENT_HOME, YesNo.NO)),
    _phrase("(?:cho )?(?:duoc )?muon ve(?: nha)?", _word(RuleName.LENT_HOME, YesNo.YES)),
    _phrase(
        "khong gioi han so (?:{copies} )?(?:tat ca|tong cong)",
        _word(RuleName.MAX_LOANS_TOTAL, ""),
    ),
    _phrase("khong gioi han(?: so {copies})?", _word(RuleName.MAX_LOANS, "")),
    _phrase(
        "(?:tat ca|tong cong)(?: {most})? {n}(?: {copies})?", _number(RuleName.MAX_LOANS_TOTAL)
    ),
    _phrase("(?:{most} )?{n} {copies}", _number(RuleName.MAX_LOANS)),
    _phrase("khong (?:duoc )?(?:cho )?muon qua {n} {copies}", _number(RuleName.MAX_LOANS)),
    # How long.
    _phrase("(?:trong )?{n} (?P<unit>ngay|tuan|gio)", _length),
    _phrase("tra (?:truoc|cham nhat|muon nhat)(?: ngay)? {date}", _date("before")),
    _phrase("tra (?:dung|vao)(?: ngay)? {date}", _date("exactly")),
    _phrase("tra (?:som nhat|khong truoc)(?: ngay)? {date}", _date("after")),
    _phrase(
        "(?:khi )?(?:co )?{n} (?:nguoi|ban doc) (?:dang )?cho (?:thi )?(?:chi )?(?:duoc )?"
        "(?:cho )?muon {m} ngay",
        _demand,
    ),
    # Who.
    _phrase("tu {n} tuoi(?: tro len)?", _number(RuleName.MINIMUM_AGE)),
    _phrase("den {n} tuoi", _number(RuleName.MAXIMUM_AGE)),
    _phrase("duoi {n} tuoi", lambda told: {RuleName.MAXIMUM_AGE: str(max(int(told["n"]) - 1, 0))}),
    # In the room.
    _phrase("khong (?:duoc )?(?:cho )?doc tai cho", _word(RuleName.ON_SITE, YesNo.NO)),
    _phrase("doc tai cho {most} {n}(?: {copies})?", _number(RuleName.MAX_ON_SITE)),
    _phrase("doc tai cho (?:trong )?{n} gio", _number(RuleName.ON_SITE_HOURS)),
    _phrase("(?:cho )?(?:duoc )?doc tai cho", _word(RuleName.ON_SITE, YesNo.YES)),
    # Renewing.
    _phrase("khong (?:duoc |cho )*gia han", _word(RuleName.RENEWALS, "0")),
    _phrase(f"moi lan gia han (?:them )?{{n}} {_UNIT}", _days(RuleName.RENEWAL_LENGTH)),
    _phrase("gia han khong gioi han(?: so lan)?", _word(RuleName.RENEWALS, "")),
    _phrase("gia han (?:{most} )?{n} lan", _number(RuleName.RENEWALS), topic="renewal"),
    _phrase(
        f"moi lan (?:them )?{{n}} {_UNIT}", _days(RuleName.RENEWAL_LENGTH), only_after="renewal"
    ),
    # Late.
    _phrase("(?:khong (?:thu )?|mien ){fine}", _word(RuleName.OVERDUE_FEE, "")),
    _phrase(
        f"{{fine}} {{vnd}} (?:moi|mot|/|cho moi)(?: {{n}})? {_UNIT}(?: qua han| tre)?",
        _fee,
        topic="fee",
    ),
    _phrase("{fine} {most} {vnd}", _money(RuleName.OVERDUE_FEE_CAP)),
    _phrase("{most} {vnd}", _money(RuleName.OVERDUE_FEE_CAP), only_after="fee"),
    _phrase("an han {n} (?:ngay|gio)", _number(RuleName.OVERDUE_GRACE)),
    _phrase("chi tinh ngay mo cua", _word(RuleName.OVERDUE_DAYS, "open")),
    _phrase("tinh (?:moi|ca) ngay(?: nghi)?", _word(RuleName.OVERDUE_DAYS, "all")),
    _phrase(
        "(?:tam )?ngung muon {n} ngay (?:cho )?moi(?: {m})? ngay(?: qua han| tre)?",
        _suspension,
        topic="suspension",
    ),
    _phrase("(?:tam )?ngung muon {most} {n} ngay", _number(RuleName.SUSPENSION_CAP)),
    _phrase("{most} {n} ngay", _number(RuleName.SUSPENSION_CAP), only_after="suspension"),
    _phrase("khong ngung muon", _word(RuleName.SUSPENSION_DAYS, "")),
    _phrase("(?:co |giu |con )?{n} {copies} qua han {not_lent}", _number(RuleName.OVERDUE_BLOCKS)),
    _phrase("qua han {n} {copies} {not_lent}", _number(RuleName.OVERDUE_BLOCKS)),
    _phrase("(?:con )?no (?:qua|tren) {vnd} {not_lent}", _money(RuleName.MAX_DEBT)),
    # Lost and damaged.
    _phrase(f"(?:lam )?mat (?:phai |thi )?den {_PAY}", _percent(RuleName.LOST_PERCENT)),
    _phrase(f"(?:lam )?hong (?:phai |thi )?den {_PAY}", _percent(RuleName.DAMAGE_PERCENT)),
    _phrase(f"thieu (?:phan )?(?:phai |thi )?den {_PAY}", _percent(RuleName.PARTS_PERCENT)),
    _phrase("phi xu ly {vnd}", _money(RuleName.PROCESSING_FEE)),
    # A bare number of copies comes last: “tối đa 3”.
    _phrase("{most} {n}", _number(RuleName.MAX_LOANS)),
    _phrase("(?:trong )?{most} {n} (?P<unit>ngay|tuan|gio)", _length),
    _phrase("khong (?:duoc )?(?:cho )?muon", _word(RuleName.LENT_HOME, YesNo.NO)),
)

FILLERS = frozenset(
    (
        *("ban", "doc", "the", "nguoi", "duoc", "cho", "muon", "thi", "la", "va", "voi"),
        *("trong", "cac", "moi", "loai", "tai", "lieu"),
    )
)
"""Words that say nothing of their own, each alone."""


def longest(text: str, at: int, *, topic: str) -> Iterable[tuple[Phrase, re.Match[str]]]:
    """Yield the phrases that fit there, the longest first; of equals, the earlier in the list."""
    found = (
        (phrase, match)
        for phrase in PHRASES
        if phrase.only_after in ("", topic) and (match := phrase.pattern.match(text, at))
    )
    return sorted(found, key=lambda each: -each[1].end())
