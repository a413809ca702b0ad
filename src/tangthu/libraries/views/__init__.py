"""The administration of libraries: the tree, stacks, calendars, preferences."""
