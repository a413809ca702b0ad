"""How much of a scan a browser may keep for reading without a line."""

from __future__ import annotations

WIDTH = 960
"""Pixels across a kept page: one reads print in it, and a phone has room for a book of them."""

MOST_PAGES = 1_000
MOST_BYTES = 300_000_000
