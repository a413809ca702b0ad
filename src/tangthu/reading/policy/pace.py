"""How fast the pictures of a restricted document may be fetched: reading, not carrying away."""

from __future__ import annotations

from dataclasses import dataclass

MEGAPIXEL = 1_000_000
MOST_AT_ONCE = 80 * MEGAPIXEL
"""What one visit may fetch without a pause: some thirty-five pages as a sharp screen shows them."""

A_SECOND = MEGAPIXEL // 2
"""What comes back each second: such a page every five seconds, for hours."""

SMALLEST = 65_536
"""What the smallest picture counts: one tile."""


@dataclass(slots=True)
class Allowance:
    """The pixels that one visit may still fetch."""

    left: float = MOST_AT_ONCE
    at: float = 0.0

    def take(self, pixels: int, *, now: float) -> float:
        """Take so many pixels at this second; return how many seconds too early it was, else 0.

        What comes too early takes nothing.
        """
        self.left = min(self.left + (now - self.at) * A_SECOND, MOST_AT_ONCE)
        self.at = now
        wanted = max(pixels, SMALLEST)
        if wanted > self.left:
            return (wanted - self.left) / A_SECOND
        self.left -= wanted
        return 0.0
