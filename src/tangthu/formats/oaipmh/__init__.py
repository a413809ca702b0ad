"""OAI-PMH 2.0, the Open Archives Initiative Protocol for Metadata Harvesting, without a database.

*Asked*: a request that keeps to the protocol. *Header*: what an item is called, when it changed,
which sets it is in. Promise: whatever stands in a request, reading it never raises but as
`OaiError`, whose code is one of the protocol's; what is written is well-formed whatever the text.
"""
