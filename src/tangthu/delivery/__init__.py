"""Delivery: books carried to the reader's door and back."""
