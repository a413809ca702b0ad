"""The rules of digitising: pure."""
