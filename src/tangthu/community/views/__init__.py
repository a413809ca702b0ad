"""The screens of showing and telling."""
