"""Items, loans, returns, holds, losses and damage over the REST API."""

from tangthu.circulation.api.harms import router as harms
from tangthu.circulation.api.holds import router as holds
from tangthu.circulation.api.loans import router as loans

__all__ = ["harms", "holds", "loans"]
