"""Search in the text of documents: which pages have the words.

Unit: a page of images, or a numbered part of another document, with its text.
Key: what a hit is shown under: a record's number, or minus an object's where it has no record.
Audience: who finds an object by its text; what is kept within a community, nobody.
Stamp: what changes whenever a unit's line in the index must.

One document of the index is one unit. To be found is not to be opened: the text itself is shown
only after the object's rules have been asked.
"""
