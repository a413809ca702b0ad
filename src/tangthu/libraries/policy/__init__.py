"""The rules of the library network: its tree, its open days, its preferences. Pure.

`tree` says which library may stand under which and what becomes of a dissolved
one; `calendar` counts open days; `holidays` suggests the days on which Vietnam
rests; `preferences` lists what a library may decide for itself and for those
below it.
"""

from tangthu.libraries.policy.calendar import (
    Calendar,
    DayEntry,
    DayRule,
    MonthDay,
    NeverOpen,
    inherited,
)
from tangthu.libraries.policy.holidays import HolidaySuggestion, vietnam_holidays
from tangthu.libraries.policy.preferences import (
    PREFERENCES,
    BadPreference,
    Effective,
    Preference,
    PreferenceFault,
    PreferenceKind,
    UnknownPreference,
    Value,
    effective,
    preference,
)
from tangthu.libraries.policy.tree import (
    PARENT_KINDS,
    ROOT_KINDS,
    LibraryKind,
    LibraryNode,
    TreeBroken,
    TreeFault,
    lineage,
    living_successor,
    placement_faults,
)

__all__ = [
    "PARENT_KINDS",
    "PREFERENCES",
    "ROOT_KINDS",
    "BadPreference",
    "Calendar",
    "DayEntry",
    "DayRule",
    "Effective",
    "HolidaySuggestion",
    "LibraryKind",
    "LibraryNode",
    "MonthDay",
    "NeverOpen",
    "Preference",
    "PreferenceFault",
    "PreferenceKind",
    "TreeBroken",
    "TreeFault",
    "UnknownPreference",
    "Value",
    "effective",
    "inherited",
    "lineage",
    "living_successor",
    "placement_faults",
    "preference",
    "vietnam_holidays",
]
