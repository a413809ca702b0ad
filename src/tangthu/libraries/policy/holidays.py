"""Vietnam's public holidays, as suggestions that a library takes over and edits.

The days follow Điều 112 of the Labour Code 2019 and, from 2026, the Day of Vietnamese
Culture (24 November). Days given in exchange and the second day of the National Day are
decided by the government year by year, so no year is a promise: the library has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tangthu.libraries.policy.calendar import DayEntry, DayRule, MonthDay

FIRST_YEAR = 1995
LAST_YEAR = 2099
"""Years for which the lunar calendar behind the suggestions is known."""

_EVERY_YEAR = frozenset(
    {MonthDay(1, 1), MonthDay(4, 30), MonthDay(5, 1), MonthDay(9, 2), MonthDay(11, 24)}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaySuggestion:
    """A day on which libraries in Vietnam usually rest, or work in exchange for another."""

    on: date
    name_vi: str
    name_en: str
    rule: DayRule

    def as_entry(self) -> DayEntry:
        """Give the calendar line that this suggestion proposes."""
        if self.rule is DayRule.YEARLY:
            return DayEntry(rule=self.rule, month=self.on.month, day=self.on.day)
        return DayEntry(rule=self.rule, on=self.on)


def vietnam_holidays(year: int) -> tuple[HolidaySuggestion, ...]:
    """Suggest the calendar lines of a year in order of date.

    Solar feasts that return every year come as yearly lines; Tết, Giỗ Tổ and days given in
    exchange as single ones; a Saturday worked in exchange as a re-opened one. Raises
    ValueError outside the years whose lunar calendar is known (1995 to 2099).
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    # Loading the library takes a quarter of a second, which no other page should pay.
    from holidays import country_holidays

    vietnamese = country_holidays("VN", years=year, language="vi")
    english = country_holidays("VN", years=year, language="en_US")
    closed = [
        HolidaySuggestion(on=on, name_vi=name, name_en=english.get(on, name), rule=_rule(on))
        for on, name in vietnamese.items()
    ]
    worked = [
        HolidaySuggestion(
            on=on,
            name_vi="Ngày làm việc bù",
            name_en="Day worked in exchange",
            rule=DayRule.REOPENED,
        )
        for on in vietnamese.weekend_workdays
        if on.year == year
    ]
    return tuple(sorted(closed + worked, key=lambda suggestion: suggestion.on))


def _rule(on: date) -> DayRule:
    return DayRule.YEARLY if MonthDay(on.month, on.day) in _EVERY_YEAR else DayRule.SINGLE
