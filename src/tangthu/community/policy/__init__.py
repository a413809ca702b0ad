"""The rules of showing and telling: pure."""
