"""The deeds of digitising."""
