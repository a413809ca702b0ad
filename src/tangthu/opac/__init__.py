"""The public face: the home page, search, the record page, suggestions, the reader's account.

It asks `discovery` what fits, `catalogue` what it is, and `circulation` whether it is in. In
`account/` a logged-in reader acts through the deeds of the apps below. What is kept here is the
reader's alone: *lists* of records and *searches*, which the staff do not see.
"""
