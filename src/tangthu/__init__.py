"""Tàng Thư: an integrated library system and digital library."""
