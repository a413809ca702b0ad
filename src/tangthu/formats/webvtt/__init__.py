"""Captions in time: WebVTT and SubRip read, WebVTT written, two languages set side by side.

Source: W3C, WebVTT: The Web Video Text Tracks Format. SubRip has no standard; what programs write
differs from WebVTT by its numbers and by the comma in its times.
"""

from tangthu.formats.webvtt.cues import LONGEST, Cue, CuesUnreadable, read, write
from tangthu.formats.webvtt.parallel import Line, parallel
from tangthu.formats.webvtt.times import clock, moment

__all__ = [
    "LONGEST",
    "Cue",
    "CuesUnreadable",
    "Line",
    "clock",
    "moment",
    "parallel",
    "read",
    "write",
]
