from __future__ import annotations

from tests.protocols.conftest import book, new_object, store

__all__ = ["book", "new_object", "store"]
