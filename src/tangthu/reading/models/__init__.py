from __future__ import annotations

from tangthu.reading.models.opened import RestrictedView, RestrictedViewQuerySet

__all__ = ["RestrictedView", "RestrictedViewQuerySet"]
