"""The deeds of showing and telling."""
