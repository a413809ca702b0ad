"""What circulation reads before it judges or shows: each module one question, in few queries."""

from __future__ import annotations

from tangthu.circulation.reading.parties import (
    Books,
    Decision,
    Standing,
    books,
    item_facts,
    patron_facts,
    standing_of,
)

__all__ = [
    "Books",
    "Decision",
    "Standing",
    "books",
    "item_facts",
    "patron_facts",
    "standing_of",
]
