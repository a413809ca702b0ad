"""The seam between the outbox and the world."""

from __future__ import annotations

from typing import Protocol

from tangthu.notices.rendering import Message


class Carrier(Protocol):
    """Hands messages of one channel over."""

    def send(self, message: Message) -> str:
        """Hand the message over and return the receipt; raises a Failure when it did not go."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
