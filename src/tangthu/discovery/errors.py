"""What search refuses.

TangthuError
├── Busy
│   ├── IndexUnavailable   no index, a damaged one, or one of an older schema
│   └── WriterBusy         another process already writes this index
└── Invalid
    ├── PageTooDeep        the page lies beyond what anybody turns to
    └── QueryTooLarge      more conditions than a question has
"""

from __future__ import annotations

from enum import StrEnum

from tangthu.core.errors import Busy, Invalid


class IndexFault(StrEnum):
    """Why the index cannot answer; `ahead`: it knows changes that the database does not."""

    MISSING = "missing"
    OUTDATED = "outdated"
    DAMAGED = "damaged"
    AHEAD = "ahead"


class IndexUnavailable(Busy):
    """The index cannot answer now; the indexer rebuilds it. `fault` says why."""

    code = "index_unavailable"

    def __init__(self, fault: IndexFault, **data: object) -> None:
        super().__init__(fault=fault, **data)
        self.fault = fault


class WriterBusy(Busy):
    """Another process holds the index for writing."""

    code = "index_writer_busy"


class PageTooDeep(Invalid):
    """The page asked for lies deeper than `limit` hits: narrow the search instead."""

    code = "page_too_deep"

    def __init__(self, *, offset: int, limit: int) -> None:
        super().__init__("page", offset=offset, limit=limit)
        self.limit = limit


class QueryTooLarge(Invalid):
    """The question has more parts than the engine will weigh (`limit`)."""

    code = "query_too_large"

    def __init__(self, *, limit: int) -> None:
        super().__init__("q", limit=limit)
        self.limit = limit
