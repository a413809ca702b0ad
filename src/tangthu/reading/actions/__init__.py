"""What is done while reading: opening objects, and forgetting in time who opened them."""

from __future__ import annotations

from tangthu.reading.actions.opening import forget_viewers, forget_views_of, open_object
from tangthu.reading.actions.requests import (
    Approval,
    approve_access,
    ask_access,
    forget_requests,
    forget_requests_of,
    refuse_access,
    revoke_access,
    withdraw_access_request,
)

__all__ = [
    "Approval",
    "approve_access",
    "ask_access",
    "forget_requests",
    "forget_requests_of",
    "forget_viewers",
    "forget_views_of",
    "open_object",
    "refuse_access",
    "revoke_access",
    "withdraw_access_request",
]
