"""The librarians' manual: Markdown pages, shipped with the program and opened from its "?".

The pages are ours, yet no HTML in them is let through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.container import container_plugin

_PACKAGE = Path(__file__).resolve().parent
_FOLDERS = (_PACKAGE / "manual", _PACKAGE.parents[2] / "docs/manual")
_NAME = re.compile(r"[a-z0-9-]{1,60}")
_BOX = re.compile(r"\{(?P<kind>[a-z]+)\}\s*(?P<title>.*)")
_LINK = re.compile(r'href="(?P<page>[a-z0-9-]+)\.md(?P<rest>#[^"]*)?"')
_KINDS = {"warning": "warn", "caution": "warn", "danger": "stop"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the manual: its name in addresses, its title, and its text as HTML."""

    name: str
    title: str
    html: SafeString


def folder() -> Path | None:
    """Return where the manual is: in the installed package, or beside the source."""
    return next((place for place in _FOLDERS if place.is_dir()), None)


@cache
def page(name: str) -> Page | None:
    """Return the page of this name, if there is one."""
    source = _file(name, ".md")
    if source is None:
        return None
    text = source.read_text(encoding="utf-8")
    title = text.partition("\n")[0].lstrip("# ").strip()
    html = _LINK.sub(r'href="/manual/\g<page>\g<rest>"', _markdown().render(text))
    html = html.replace('src="pictures/', 'src="/manual/pictures/')
    return Page(name, title, mark_safe(html))  # noqa: S308 (our own text, and HTML is off)


def pages() -> list[Page]:
    """Return all pages, by title."""
    place = folder()
    names = sorted(path.stem for path in place.glob("*.md")) if place else []
    found = [each for each in map(page, names) if each is not None]
    return sorted(found, key=lambda each: each.title)


def picture(name: str) -> Path | None:
    """Return the file of a picture of the manual, if there is one."""
    return _file(f"pictures/{name}", ".png") if _NAME.fullmatch(name) else None


def _file(name: str, ending: str) -> Path | None:
    place = folder()
    if place is None or not _NAME.fullmatch(name.removeprefix("pictures/")):
        return None
    path = place / f"{name}{ending}"
    return path if path.is_file() else None


@cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.use(container_plugin, "box", validate=_is_box, render=_box)
    return reader


def _is_box(words: str, _markup: str) -> bool:
    return _BOX.match(words.strip()) is not None


def _box(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType
) -> str:
    """Draw a box as our messages are drawn."""
    if tokens[at].nesting != 1:
        return "</div></div>\n"
    found = _BOX.match(tokens[at].info.strip())
    kind, title = found.group("kind", "title") if found else ("note", "")
    heading = f'<p class="message-title">{escape(title)}</p>' if title else ""
    return f'<div class="message message-{_KINDS.get(kind, "info")}"><div>{heading}'
