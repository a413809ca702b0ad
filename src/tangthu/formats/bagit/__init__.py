"""BagIt 1.0 (RFC 8493): folders of files with the digests of each, to be handed on whole.

Glossary: the *payload* is what is handed on, below `data/`; *tag files* tell of it; a *manifest*
names each payload file with its digest. Promise: `opened` takes bags of anybody, as names and the
places where their bytes lie, and raises nothing but `BadBag`: it never leaves the bag, fetches
nothing, and passes no file whose bytes are not what a manifest says. What `Writer` writes is valid.
"""

from tangthu.formats.bagit.reader import LARGEST_TAG_FILE, BadBag, Bag, opened, roots
from tangthu.formats.bagit.writer import Writer

__all__ = ["LARGEST_TAG_FILE", "BadBag", "Bag", "Writer", "opened", "roots"]
