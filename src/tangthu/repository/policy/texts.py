"""Rules about the text of pages. Pure."""

from __future__ import annotations

from enum import StrEnum

DOUBTFUL_BELOW = 0.8
"""A word of which the engine is less sure should be looked at by a person."""


class TextOrigin(StrEnum):
    """How a page's text came about. What people corrected, no machine overwrites."""

    MACHINE = "machine"
    CORRECTED = "corrected"
    BORN_DIGITAL = "born_digital"
