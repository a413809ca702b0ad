"""The fields of the index.

Text fields hold folded words with their positions. Beside those that matter for rank stands a
`_marks` field with the words that bear marks, exactly as spelt: a word typed with marks finds
every spelling, and the exact one first. `any` holds all words of the record, those of the title
three times and those of authors and subjects twice, so that one field both finds and ranks.
"""

from __future__ import annotations

from functools import cache

import tantivy

from tangthu.discovery.query import Field

VERSION = 3
"""Raise it when the fields, or what is put in them, change: an older index is then rebuilt."""

TEXT_FIELDS = (
    Field.ANY,
    Field.TITLE,
    Field.AUTHOR,
    Field.SUBJECT,
    Field.PUBLISHER,
    Field.SERIES,
    Field.NOTE,
    Field.CONTENTS,
    Field.CALL_NUMBER,
)
MARKED_FIELDS = frozenset({Field.ANY, Field.TITLE, Field.AUTHOR, Field.SUBJECT})
HEADING_FIELDS = (Field.TITLE, Field.AUTHOR, Field.SUBJECT)
HEADING_BREAK = "\x1f"
"""Parts, in a heading's term, the folded words from the heading as it is shown."""
TURNED = "turned_author"
"""Authors' names from a later word on: `anh␟Nguyễn Nhật Ánh`. Readers type the given name."""

LONGEST_HEADING = 200
"""Letters of a heading that are kept to be suggested."""

ID = "id"
HIDDEN = "hidden"
IDENTIFIER = "identifier"
YEAR = "year"
ADDED = "added"
ORDER_TITLE = "order_title"
ORDER_AUTHOR = "order_author"
SHOWN = "shown"
LAST = "\U0010ffff"
"""A sort key behind every other, for records without an author."""


def marks(field: Field) -> str:
    """Return the name of the field with the exact spellings; `any_marks` where it has none."""
    return f"{field if field in MARKED_FIELDS else Field.ANY}_marks"


def facet(name: str) -> str:
    """Return the name of the column behind a facet."""
    return YEAR if name == YEAR else f"facet_{name}"


def heading(field: Field) -> str:
    """Return the name of the field with whole headings."""
    return f"heading_{field}"


@cache
def schema() -> tantivy.Schema:
    """Return the schema of version `VERSION`."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field(ID, indexed=True, fast=True)
    builder.add_boolean_field(HIDDEN, indexed=True)
    for field in TEXT_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
    for field in sorted(MARKED_FIELDS):
        builder.add_text_field(marks(field), tokenizer_name="whitespace", index_option="basic")
    for field in HEADING_FIELDS:
        builder.add_text_field(heading(field), tokenizer_name="raw", index_option="basic")
    builder.add_text_field(TURNED, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(IDENTIFIER, tokenizer_name="raw", index_option="basic")
    for name in ("author", "subject", "language", "type", "library", "location", "online"):
        builder.add_text_field(facet(name), tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field(YEAR, indexed=True, fast=True)
    builder.add_integer_field(ADDED, fast=True)
    for name in (ORDER_TITLE, ORDER_AUTHOR):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    # Bytes, because a text field cannot be stored without being indexed as well.
    builder.add_bytes_field(SHOWN, stored=True)
    return builder.build()
