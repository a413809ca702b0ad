"""The deeds of harvesting: sources set up and changed, and records brought from them."""

from __future__ import annotations

from tangthu.protocols.actions.harvesting import harvest
from tangthu.protocols.actions.sources import SourceData, add_source, change_source

__all__ = ["SourceData", "add_source", "change_source", "harvest"]
