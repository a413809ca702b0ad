"""How much one file, one object and one archive may be. Beyond it is a mistake or a bomb."""

from __future__ import annotations

MIB = 1024**2
GIB = 1024**3

LARGEST_FILE = 20 * GIB
LARGEST_PAGE_FILE = 2 * GIB
LARGEST_TOTAL_PIXELS = 1_000_000_000
"""One side: a map of 30,000 × 30,000; more is refused before a pixel is read."""

MOST_PIXELS_TRIED = 250_000_000
"""Of one file, decoded when it comes in: seconds. What is larger is found out when it is drawn."""

LONGEST_SIDE = 100_000
MOST_PAGES = 10_000
MOST_FRAMES_IN_TIFF = 2_000
LONGEST_NAME = 120
"""Letters of a kept file name; in UTF-8 at most 240 bytes, which every file system takes."""

MOST_ENTRIES = 20_000
LARGEST_UNPACKED = 100 * GIB
LARGEST_RATIO = 200
"""How much an entry of an archive grows when unpacked. Text reaches 20 times, zeros 1000."""

RATIO_FROM = MIB
"""Entries smaller than this when unpacked are let be, whatever their ratio."""

DEEPEST_PATH = 12

MANY_PAGES = 40
"""To draw: more of one object are drawn apart, so that others need not wait for them."""

RENDER_SECONDS = 120
"""Of processor time for one page: the largest map takes 20."""

RENDER_MEMORY = 4 * GIB
RENDER_DPI = 200
"""Of a page drawn from a PDF: what an A4 page needs to be read enlarged twice on a screen."""

UPLOADS_EXPIRE_HOURS = 72
MOST_OPEN_UPLOADS = 2_000
"""Of one member of staff: a batch of scans, not a disk filled by accident."""

DISK_RESERVE = GIB
"""What must stay free when a file is taken in: the database needs room too."""

FIXITY_EVERY_DAYS = 90
FIXITY_MINUTES_PER_NIGHT = 60
