"""The one door to search for everything above: the engine that the settings name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tangthu.discovery.embedded.engine import TantivyEngine
from tangthu.discovery.embedded.shelf import Shelf
from tangthu.discovery.engine import Query, Results, SearchEngine, Suggestion
from tangthu.discovery.pages.engine import PagesEngine
from tangthu.discovery.pages.schema import VERSION as PAGES_VERSION

PAGES_FOLDER = "pages"


def engine() -> SearchEngine:
    """Return the engine named by SEARCH_URL; one for the process, shared by its threads."""
    return _engine_at(settings.SEARCH_URL)


def search(query: Query) -> Results:
    """Answer a question. Refuses `PageTooDeep`, `QueryTooLarge` and `IndexUnavailable`."""
    return engine().search(query)


def suggest(prefix: str, *, limit: int = 8) -> tuple[Suggestion, ...]:
    """Return public headings that begin with what has been typed so far."""
    return engine().suggest(prefix, limit=limit)


def pages() -> PagesEngine:
    """Return the engine that looks for words in the text of documents."""
    return _pages_at(settings.SEARCH_URL)


def shelf() -> Shelf:
    """Return the folder of the indexes named by SEARCH_URL."""
    return Shelf(_folder(settings.SEARCH_URL))


def page_shelf() -> Shelf:
    """Return the folder of the indexes of pages, which stands in that of the records."""
    return Shelf(_folder(settings.SEARCH_URL) / PAGES_FOLDER, version=PAGES_VERSION)


@cache
def _pages_at(url: str) -> PagesEngine:
    return PagesEngine.at(_folder(url) / PAGES_FOLDER)


@cache
def _engine_at(url: str) -> SearchEngine:
    return TantivyEngine.at(_folder(url))


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme != "tantivy" or not parts.path:
        raise ImproperlyConfigured(f"SEARCH_URL is {url!r}; it must be tantivy:///path/of/a/folder")
    return Path(unquote(parts.netloc + parts.path))
