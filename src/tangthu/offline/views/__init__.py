"""The faces of the offline desk: the page itself, its exchange, to-dos, devices and files."""
