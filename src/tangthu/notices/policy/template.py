"""The little language of notice texts: `{name}` for a value, `{{` and `}}` for the braces.

Nothing else: no expressions, no attributes, nothing that could reach beyond the values of the
notice. A value is put in as it is and never read as a template again. A line whose placeholders
are all empty is left out, so that a text can offer what is not always there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

_NAME = re.compile(r"[a-z][a-z_]{0,39}")
_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}\n]*\}|[{}]")


class Fault(StrEnum):
    """What is wrong with a text."""

    UNCLOSED = "template_unclosed"
    STRAY = "template_stray"
    UNKNOWN = "template_unknown"
    EMPTY = "template_empty"


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """One thing wrong, and where: line and column count from one."""

    fault: Fault
    line: int
    column: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The place of a value within a text."""

    name: str


Part = str | Placeholder


def parts(text: str) -> Iterator[Part | TemplateFault]:
    """Yield the pieces of a text in their order, and what cannot be read, at its place."""
    return (part for _, part in _placed(text))


def faults(text: str, known: Collection[str]) -> tuple[TemplateFault, ...]:
    """Return everything that is wrong with a text that may name these values."""
    found = list[TemplateFault]()
    if not text.strip():
        return (TemplateFault(Fault.EMPTY, 1, 1),)
    for at, part in _placed(text):
        if isinstance(part, TemplateFault):
            found.append(part)
        elif isinstance(part, Placeholder) and part.name not in known:
            found.append(_fault(Fault.UNKNOWN, text, at, "{" + part.name + "}"))
    return tuple(found)


def names(text: str) -> tuple[str, ...]:
    """Return the values that a text names, each once, in order."""
    return tuple(dict.fromkeys(part.name for part in parts(text) if isinstance(part, Placeholder)))


class BrokenTemplate(ValueError):
    """The text cannot be filled in: it is broken, or names a value that is not there."""

    def __init__(self, fault: TemplateFault) -> None:
        super().__init__(f"{fault.fault} at {fault.line}:{fault.column} {fault.text}".strip())
        self.fault = fault


def render(text: str, values: Mapping[str, str]) -> str:
    """Fill in the values. Raises BrokenTemplate rather than send a text with holes."""
    lines = (_line(line, values, number) for number, line in enumerate(text.split("\n"), 1))
    return "\n".join(line for line in lines if line is not None).strip("\n")


def _line(line: str, values: Mapping[str, str], number: int) -> str | None:
    filled, named, empty = list[str](), 0, 0
    for at, part in _placed(line):
        if isinstance(part, TemplateFault):
            raise BrokenTemplate(TemplateFault(part.fault, number, part.column, part.text))
        if isinstance(part, Placeholder):
            if part.name not in values:
                name = "{" + part.name + "}"
                raise BrokenTemplate(TemplateFault(Fault.UNKNOWN, number, at + 1, name))
            named += 1
            empty += not values[part.name]
            filled.append(values[part.name])
        else:
            filled.append(part)
    return None if named and named == empty else "".join(filled)


def _placed(text: str) -> Iterator[tuple[int, Part | TemplateFault]]:
    """Yield the parts with where each begins."""
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            yield at, text[at : match.start()]
        yield match.start(), _read(match[0], text, match.start())
        at = match.end()
    if at < len(text):
        yield at, text[at:]


def _read(token: str, text: str, at: int) -> Part | TemplateFault:
    if token in ("{{", "}}"):
        return token[0]
    if token == "{":  # noqa: S105
        return _fault(Fault.UNCLOSED, text, at, token)
    if token == "}":  # noqa: S105
        return _fault(Fault.STRAY, text, at, token)
    name = token[1:-1].strip()
    return Placeholder(name) if _NAME.fullmatch(name) else _fault(Fault.UNKNOWN, text, at, token)


def _fault(fault: Fault, text: str, at: int, token: str) -> TemplateFault:
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return TemplateFault(fault, line, column, token[:60])
