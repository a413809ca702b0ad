"""What may become of a message, apart from being sent.

Failure
├── Undeliverable    never by this address: give it up
├── TryLater         not now to this address: try again by itself
├── ChannelDown      not now to anybody: let the channel rest, count nothing against the message
└── Unsure           the line broke after the message was handed over: it may have gone
"""

from __future__ import annotations

from datetime import timedelta


class Failure(Exception):
    """A message did not go. `code` has words in `wording.ERRORS`; `detail` is the other's own."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = " ".join(detail.split())[:300]


class Undeliverable(Failure):
    """This address will never take it."""


class TryLater(Failure):
    """This address does not take it now."""


class Unsure(Failure):
    """Nobody can know whether it went."""


class ChannelDown(Failure):
    """Nobody's messages go now. `retry_after` is what the other side asked for.

    `by_message` says that it may be this message that brings the other side down, so that others
    should have their turn first.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        retry_after: timedelta | None = None,
        by_message: bool = False,
    ) -> None:
        super().__init__(code, detail)
        self.retry_after = retry_after
        self.by_message = by_message
