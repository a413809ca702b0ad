"""A unit of text as search knows it, and the line that the index takes. Pure: for workers too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

import orjson

from tangthu.discovery.pages import schema
from tangthu.discovery.words import spelt


class Audience(StrEnum):
    """Who finds an object by its text, where that is not everybody."""

    STAFF = "staff"
    NOBODY = "nobody"


class Facts(NamedTuple):
    """What a unit takes from its object."""

    object: int
    keys: tuple[int, ...]
    audience: str = ""
    closed_until: date | None = None


class Unit(NamedTuple):
    """A unit as its row tells, still without the text."""

    id: int
    facts: Facts
    position: int
    revision: int
    languages: str

    @property
    def stamp(self) -> int:
        """Return what changes whenever the unit's line does."""
        digest = blake2b(repr(tuple(self)).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1


def line(unit: Unit, text: str) -> str:
    """Return the unit as a line of JSON with the fields of the schema."""
    words = spelt(text.encode("utf-8", "replace").decode())
    fields: dict[str, object] = {
        schema.ID: unit.id,
        schema.OBJECT: unit.facts.object,
        schema.KEY: unit.facts.keys,
        schema.POSITION: unit.position,
        schema.STAMP: unit.stamp,
        schema.LANGUAGE: unit.languages.split(),
        schema.TEXT: words.folded,
        schema.MARKS: words.marked,
    }
    if unit.facts.audience:
        fields[schema.AUDIENCE] = unit.facts.audience
    if unit.facts.closed_until is not None:
        fields[schema.CLOSED_UNTIL] = unit.facts.closed_until.toordinal()
    return orjson.dumps(fields).decode()


def lines(units: Sequence[tuple[Unit, str]]) -> list[str]:
    """Return the lines of these units with their texts."""
    return [line(unit, text) for unit, text in units]
