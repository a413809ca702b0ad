"""A thing that a library decides for itself: its kind, its bounds, the value that holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Value = bool | int | str
"""A preference's value. Money is whole đồng."""

TEXT_LIMIT = 2000
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_GROUPED = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")  # 25.000, as money is written in Vietnam


class PreferenceKind(StrEnum):
    """How a preference is entered and checked."""

    BOOL = "bool"
    INT = "int"
    TEXT = "text"
    CHOICE = "choice"
    MONEY = "money"


class PreferenceFault(StrEnum):
    """Why a text is no value for a preference."""

    NOT_A_BOOL = "not_a_bool"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_CHOICE = "not_a_choice"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"


class BadPreference(ValueError):
    """The text is no value for this preference; `fault` says why."""

    def __init__(self, name: str, fault: PreferenceFault) -> None:
        super().__init__(f"{name}: {fault}")
        self.name = name
        self.fault = fault


class UnknownPreference(LookupError):
    """No preference has this name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a choice, and its label for people."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """One thing to decide. Labels are English messages that the faces translate.

    For numbers and money `minimum` and `maximum` bound the value; for text, its length.
    """

    name: str
    kind: PreferenceKind
    default: Value
    label: str
    help: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    def parse(self, text: str) -> Value:
        """Read a stored or typed text; raises BadPreference for what cannot be a value."""
        text = text.strip()
        match self.kind:
            case PreferenceKind.BOOL:
                return self._bool(text)
            case PreferenceKind.INT | PreferenceKind.MONEY:
                return self._number(text)
            case PreferenceKind.CHOICE:
                return self._choice(text)
            case PreferenceKind.TEXT:
                return self._text(text)

    def serialise(self, value: Value) -> str:
        """Write the value as the text that is stored; `parse` gives the same value back."""
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)

    def _bool(self, text: str) -> bool:
        known = {"true": True, "1": True, "on": True, "false": False, "0": False, "": False}
        if text.lower() not in known:
            raise BadPreference(self.name, PreferenceFault.NOT_A_BOOL)
        return known[text.lower()]

    def _number(self, text: str) -> int:
        if self.kind is PreferenceKind.MONEY and _GROUPED.fullmatch(text):
            text = text.replace(".", "")
        if not _WHOLE.fullmatch(text):
            raise BadPreference(self.name, PreferenceFault.NOT_A_NUMBER)
        number = int(text)
        self._check_bounds(number, above=PreferenceFault.TOO_LARGE)
        return number

    def _choice(self, text: str) -> str:
        if all(choice.value != text for choice in self.choices):
            raise BadPreference(self.name, PreferenceFault.NOT_A_CHOICE)
        return text

    def _text(self, text: str) -> str:
        if len(text) > TEXT_LIMIT:
            raise BadPreference(self.name, PreferenceFault.TOO_LONG)
        self._check_bounds(len(text), above=PreferenceFault.TOO_LONG)
        return text

    def _check_bounds(self, number: int, *, above: PreferenceFault) -> None:
        if self.minimum is not None and number < self.minimum:
            raise BadPreference(self.name, PreferenceFault.TOO_SMALL)
        if self.maximum is not None and number > self.maximum:
            raise BadPreference(self.name, above)


@dataclass(frozen=True, slots=True)
class Effective:
    """The value that holds at a library, and the library that set it; `None` is the default."""

    value: Value
    source: int | None


def effective(
    preference: Preference, stored: Mapping[int, str], *, lineage: Sequence[int]
) -> Effective:
    """Give the value set nearest to the library, on the way up to the root.

    `stored` holds the texts set for this preference, by library. A stored text that
    is no value any more (its bounds were narrowed since) is passed over, not obeyed.
    """
    for library in lineage:
        if library not in stored:
            continue
        try:
            return Effective(preference.parse(stored[library]), library)
        except BadPreference:
            continue
    return Effective(preference.default, None)
