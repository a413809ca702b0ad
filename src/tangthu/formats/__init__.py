"""Formats of exchange, as pure Python: bytes and frozen values, no Django, no clock, no network."""
