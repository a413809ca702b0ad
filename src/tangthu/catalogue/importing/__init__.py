"""The way of a file of records into the catalogue, and out of it."""
