"""The faces of circulation for the staff: the desk, and the lending rules."""
