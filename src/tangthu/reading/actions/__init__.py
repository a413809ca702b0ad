"""What is done while reading: opening objects, and forgetting in time who opened them."""

from __future__ import annotations

from tangthu.reading.actions.opening import forget_viewers, forget_views_of, open_object

__all__ = ["forget_viewers", "forget_views_of", "open_object"]
