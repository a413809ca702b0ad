"""What a library may decide for itself: typed, with a default, inherited down the tree.

`definition` says what a preference is; a module for each app declares what is decided there.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangthu.libraries.policy.preferences.circulation import CIRCULATION
from tangthu.libraries.policy.preferences.definition import (
    BadPreference,
    Choice,
    Effective,
    Preference,
    PreferenceFault,
    PreferenceKind,
    UnknownPreference,
    Value,
    effective,
)
from tangthu.libraries.policy.preferences.delivery import DELIVERY
from tangthu.libraries.policy.preferences.fees import FEES
from tangthu.libraries.policy.preferences.notices import NOTICES
from tangthu.libraries.policy.preferences.patrons import PATRONS
from tangthu.libraries.policy.preferences.repository import REPOSITORY

__all__ = [
    "PREFERENCES",
    "BadPreference",
    "Choice",
    "Effective",
    "Preference",
    "PreferenceFault",
    "PreferenceKind",
    "UnknownPreference",
    "Value",
    "effective",
    "preference",
]

PREFERENCES: Mapping[str, Preference] = {
    each.name: each for each in (*CIRCULATION, *PATRONS, *NOTICES, *DELIVERY, *FEES, *REPOSITORY)
}
"""Every preference by its name, in the order in which managers see them."""


def preference(name: str) -> Preference:
    """Find a preference by name; raises UnknownPreference."""
    try:
        return PREFERENCES[name]
    except KeyError:
        raise UnknownPreference(name) from None
