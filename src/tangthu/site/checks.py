"""How one thing is that `tangthu doctor` looks at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing is: well, in want of attention, or broken."""

    WELL = "well"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: how it is, what was seen, and what to do if it is not well."""

    name: str
    state: State
    seen: str = ""
    advice: str = ""

    @property
    def ok(self) -> bool:
        return self.state is not State.BROKEN
