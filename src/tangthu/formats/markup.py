"""XML written by hand, safe whatever the text: for answers of thousands of short elements.

A tree that is built and then serialised costs several times as much. What XML 1.0 forbids even
escaped (control characters, lone surrogates: production 2) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP = re.compile('[&<>"\r]')
_SPACED = re.compile('[&<>"\t\n\r]')


def text(value: str) -> str:
    """Return the text as it may stand between tags."""
    return _MARKUP.sub(_reference, _FORBIDDEN.sub("", value))


def attribute(value: str) -> str:
    """Return the text as it may stand between quotation marks, its white space kept."""
    return _SPACED.sub(_reference, _FORBIDDEN.sub("", value))


def element(name: str, value: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """Return an element that holds text; an attribute without a value is left out."""
    opened = f"{name}{attributes_of(attributes)}"
    return f"<{opened}>{text(value)}</{name}>" if value else f"<{opened}/>"


def around(name: str, inner: Iterable[str], attributes: Mapping[str, str] | None = None) -> str:
    """Return an element around others that are written already; closed at once where none is."""
    written = "".join(inner)
    opened = f"{name}{attributes_of(attributes)}"
    return f"<{opened}>{written}</{name}>" if written else f"<{opened}/>"


def attributes_of(attributes: Mapping[str, str] | None) -> str:
    """Return attributes as they stand in a tag, with a space before each."""
    if not attributes:
        return ""
    return "".join(
        f' {name}="{attribute(value)}"' for name, value in attributes.items() if value != ""
    )


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"
