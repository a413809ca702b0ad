"""The digital library's keeping: objects, their pages and files, rights and preservation.

*Digital object*: one document, photograph or recording; it belongs to records of the catalogue and
to collections. *Page*: one side that is looked at, in order, with its printed label. *Master*: the
file as it was handed in; kept for good and never altered. *Delivery*: what readers are shown, made
from the master and made again at will. *Event*: what was done to a file, in PREMIS's words.

The promise: a master that was taken in is in an OCFL object with its digests, and is read again on
a schedule; whoever may not see an object gets none of its files; nothing is public without a
statement of its rights.
"""
