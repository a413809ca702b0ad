"""MARC 21 records: reading, writing, storing, and what a library reads out of them.

Glossary: a *record* is a leader and fields in order; a *control field* (00X) holds one
value; a *data field* holds two indicators and *subfields*. Promise: content never raises
but as `MarcError`, what was repaired is reported, what is refused says why and where.
"""
