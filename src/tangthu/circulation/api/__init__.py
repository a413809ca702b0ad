"""Items, loans, returns and holds over the REST API."""

from tangthu.circulation.api.holds import router as holds
from tangthu.circulation.api.loans import router as loans

__all__ = ["holds", "loans"]
