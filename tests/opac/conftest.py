from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from tangthu.catalogue.actions import add_record
from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.discovery import indexer, search
from tangthu.formats.marc.build import to_marc
from tangthu.formats.marc.worksheet import Worksheet
from tangthu.libraries.models import Library
from tests.factories import ItemFactory

Book = Callable[..., Record]


@pytest.fixture
def index(tmp_path: Path, settings: Settings) -> Callable[[], int]:
    """A search index of the test's own; call it to bring in what is new."""
    settings.SEARCH_URL = f"tantivy://{tmp_path / 'index'}"
    return lambda: indexer.catch_up(search.shelf())


@pytest.fixture
def book(province: Library, machine: Actor) -> Book:
    """Describe a book through the worksheet, with one copy at the provincial library."""

    def make(title: str, *, copies: int = 1, **values: object) -> Record:
        sheet = Worksheet(title=title, **values)  # type: ignore[arg-type]
        record = add_record(to_marc(sheet), library=province, by=machine)
        ItemFactory.create_batch(copies, record=record, library=province)
        return record

    return make
