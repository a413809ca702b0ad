"""The fields of the index of pages.

`text` holds the folded words with their positions, `marks` those that bear marks as they are
spelt, as in the index of records. Only what is not for everybody has an `audience`, only what
opens on a day a `closed_until`: so nothing is looked up for all the others.
"""

from __future__ import annotations

from functools import cache

import tantivy

VERSION = 2
"""Raise it when the fields, or what is put in them, change: an older index is then rebuilt."""

ID = "id"
OBJECT = "object"
KEY = "key"
POSITION = "position"
STAMP = "stamp"
AUDIENCE = "audience"
CLOSED_UNTIL = "closed_until"
LANGUAGE = "language"
TEXT = "text"
MARKS = "marks"


@cache
def schema() -> tantivy.Schema:
    """Return the schema of version `VERSION`."""
    builder = tantivy.SchemaBuilder()
    for name in (ID, OBJECT, KEY, CLOSED_UNTIL):
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in (POSITION, STAMP):
        builder.add_integer_field(name, fast=True)
    for name in (AUDIENCE, LANGUAGE):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(TEXT, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(MARKS, tokenizer_name="whitespace", index_option="basic")
    return builder.build()
