from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tangthu.discovery.document import Document
from tangthu.discovery.embedded.engine import TantivyEngine
from tangthu.discovery.embedded.writer import MemoryWriter
from tangthu.text import sort_key

Filled = Callable[..., TantivyEngine]


def book(number: int, title: str, **more: Any) -> Document:
    """A document with the sort keys that the catalogue would give it."""
    authors = more.get("authors", ())
    return Document(
        id=number,
        title=title,
        title_key=sort_key(title),
        author_key=sort_key(authors[0]) if authors else b"",
        **more,
    )


@pytest.fixture
def filled() -> Filled:
    def fill(*documents: Document) -> TantivyEngine:
        return engine_of(documents)

    return fill


def engine_of(documents: Iterable[Document]) -> TantivyEngine:
    engine, source = TantivyEngine.in_memory()
    writer = MemoryWriter(source)
    writer.put(documents)
    writer.commit()
    writer.close()
    return engine
