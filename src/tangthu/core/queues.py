"""The queues of background work. Each has workers of its own, so that short work goes on."""

from __future__ import annotations

SHORT = "default"
"""What somebody waits for at the screen: a scan, a turned page, a file to fetch."""

LONG = "long"
"""What takes its time whatever is done about it: a film to encode, a box of scans to bring in."""
