"""How much a reader may keep. Pure."""

from __future__ import annotations

MOST_LISTS = 50
MOST_ENTRIES = 500
MOST_SEARCHES = 30
LONGEST_NAME = 100

HITS_LOOKED_AT = 50
"""Of a search with news, the newest. Who has more has a search that is too wide."""
TITLES_TOLD = 5
SEARCHES_AT_ONCE = 500
"""In one run of the schedule; the next goes on with those looked at longest ago."""
