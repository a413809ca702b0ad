"""From rows of the catalogue to lines of the index. Pure: worker processes import only this."""

from __future__ import annotations

from collections.abc import Iterable

from tangthu.discovery.documents import Row, documents_of
from tangthu.discovery.embedded.rows import row


def lines(rows: Iterable[Row]) -> list[str]:
    """Return the lines of these rows, made from their MARC."""
    return [row(document) for document in documents_of(rows)]
