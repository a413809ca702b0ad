"""Correcting text at the desk."""
