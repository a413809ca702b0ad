"""Offline: the desk that keeps working without a line, and the replay of what it did."""
