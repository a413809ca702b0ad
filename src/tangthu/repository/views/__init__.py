"""The staff's pages of the digital library."""
