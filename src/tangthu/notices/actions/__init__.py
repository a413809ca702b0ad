"""What is done with notices: announced, chosen, sent, tried again, cancelled, forgotten."""

from tangthu.notices.actions.announcing import (
    Address,
    Announcement,
    announce,
    announce_many,
    announce_to,
    reader_key,
)
from tangthu.notices.actions.choosing import choose, withdraw

__all__ = [
    "Address",
    "Announcement",
    "announce",
    "announce_many",
    "announce_to",
    "choose",
    "reader_key",
    "withdraw",
]
