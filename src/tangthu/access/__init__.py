"""Access: who of the staff may do what, and where.

A *user* is a member of staff. A *role* is a named set of permissions; a *grant* gives it to a user
at a library and all below it. A *session* is a browser that is logged in, a *token* is a
program's key, kept as a digest and shown once.

Promise: no permission holds where it was not granted; nobody grants what they do not hold; a
wrong name and a wrong password are answered alike.
"""
