"""The pages of the catalogue: the list, a record, its description, its copies, imports."""
