"""The screens of digitising."""
