"""What holds at a library: its calendar and its preferences, with those it inherits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tangthu.libraries import policy
from tangthu.libraries.models import CalendarEntry, Library, PreferenceValue


def calendar_of(library: Library) -> policy.Calendar:
    """Return the library's calendar, completed by those of the libraries above. One query."""
    lines: defaultdict[int, list[policy.DayEntry]] = defaultdict(list)
    for entry in CalendarEntry.objects.filter(library__in=library.chain):
        lines[entry.library_id].append(day_entry(entry))
    return policy.inherited(policy.Calendar.from_entries(lines[pk]) for pk in library.chain)


def day_entry(entry: CalendarEntry) -> policy.DayEntry:
    """Return a stored line as the rules see it."""
    return policy.DayEntry(
        rule=policy.DayRule(entry.kind),
        weekday=entry.weekday,
        month=entry.month,
        day=entry.day,
        on=entry.on,
    )


@dataclass(frozen=True, slots=True)
class StoredPreferences:
    """The preference values of some libraries, read at once; ask them for any of these."""

    values: Mapping[str, Mapping[int, str]]

    def at(self, chain: Sequence[int], name: str) -> policy.Effective:
        """Return the value that holds at the library whose chain of ids this is."""
        return policy.effective(policy.preference(name), self.values.get(name, {}), lineage=chain)


def stored_preferences(
    libraries: Iterable[int], names: Iterable[str] = policy.PREFERENCES
) -> StoredPreferences:
    """Return what these libraries have set, of the preferences named. One query."""
    values: defaultdict[str, dict[int, str]] = defaultdict(dict)
    rows = PreferenceValue.objects.filter(library__in=set(libraries), name__in=tuple(names))
    for name, library, value in rows.values_list("name", "library_id", "value"):
        values[name][library] = value
    return StoredPreferences(values)


def preference(library: Library, name: str) -> policy.Value:
    """Return the value of one preference at the library. One query."""
    return stored_preferences(library.chain, [name]).at(library.chain, name).value
