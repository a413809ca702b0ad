"""What the pages of circulation ask, and how it is read."""
