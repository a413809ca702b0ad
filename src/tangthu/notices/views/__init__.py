"""The staff's pages about notices."""
