"""Notices: what the library tells its readers, by which channel, once."""
