"""What holds at a library: its place in the tree, its calendar and its preferences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tangthu.core.stamps import Remembered
from tangthu.libraries import policy
from tangthu.libraries.models import CalendarEntry, Library, Location, PreferenceValue

Chain = Sequence[int]
"""The ids from a library up to the root: the order in which it inherits."""


@dataclass(frozen=True, slots=True)
class Network:
    """The whole tree with all that its libraries have decided, read at once and remembered.

    Its libraries and locations are shared by every thread: to be read, never saved.
    """

    libraries: Mapping[int, Library]
    locations: Mapping[int, Location]
    preferences: Mapping[str, Mapping[int, str]]
    days: Mapping[int, Sequence[policy.DayEntry]]
    _calendars: dict[Chain, policy.Calendar] = field(default_factory=dict)

    def effective(self, chain: Chain, name: str) -> policy.Effective:
        """Return the preference that holds at the library, and the library that set it."""
        stored = self.preferences.get(name, {})
        return policy.effective(policy.preference(name), stored, lineage=chain)

    def preference(self, chain: Chain, name: str) -> policy.Value:
        """Return the value of the preference that holds at the library."""
        return self.effective(chain, name).value

    def calendar(self, chain: Chain) -> policy.Calendar:
        """Return the library's calendar, completed by those of the libraries above."""
        if chain not in self._calendars:
            lines = (policy.Calendar.from_entries(self.days.get(pk, ())) for pk in chain)
            self._calendars[chain] = policy.inherited(lines)
        return self._calendars[chain]


def network() -> Network:
    """Return the network as it is now. One query; four more when something has changed."""
    return _NETWORK.get()


def read_network() -> Network:
    """Ask the database for what `network` remembers. Four queries."""
    preferences: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for name, pk, value in PreferenceValue.objects.values_list("name", "library_id", "value"):
        preferences[name][pk] = value
    days: defaultdict[int, list[policy.DayEntry]] = defaultdict(list)
    for entry in CalendarEntry.objects.all():
        days[entry.library_id].append(day_entry(entry))
    return Network(Library.objects.in_bulk(), Location.objects.in_bulk(), preferences, days)


_NETWORK = Remembered(read_network)


def calendar_of(library: Library) -> policy.Calendar:
    """Return the library's calendar, completed by those of the libraries above."""
    return network().calendar(library.chain)


def preference(library: Library, name: str) -> policy.Value:
    """Return the value of one preference at the library."""
    return network().preference(library.chain, name)


def day_entry(entry: CalendarEntry) -> policy.DayEntry:
    """Return a stored line as the rules see it."""
    return policy.DayEntry(
        rule=policy.DayRule(entry.kind),
        weekday=entry.weekday,
        month=entry.month,
        day=entry.day,
        on=entry.on,
    )
