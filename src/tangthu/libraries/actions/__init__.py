"""What is done to the tree of libraries, their stacks, calendars and preferences."""

from tangthu.libraries.actions.calendars import (
    remove_calendar_entry,
    set_calendar_entry,
    take_over_holidays,
)
from tangthu.libraries.actions.preferences import clear_preference, set_preference
from tangthu.libraries.actions.stacks import LocationData, add_location, change_location
from tangthu.libraries.actions.traces import LIBRARY_CHANGED
from tangthu.libraries.actions.tree import (
    LIBRARY_RENUMBERED,
    LibraryData,
    change_library,
    create_library,
    dissolve_library,
    revive_library,
)

__all__ = [
    "LIBRARY_CHANGED",
    "LIBRARY_RENUMBERED",
    "LibraryData",
    "LocationData",
    "add_location",
    "change_library",
    "change_location",
    "clear_preference",
    "create_library",
    "dissolve_library",
    "remove_calendar_entry",
    "revive_library",
    "set_calendar_entry",
    "set_preference",
    "take_over_holidays",
]
