"""METS 1.12, the Metadata Encoding and Transmission Standard, with PREMIS 3 inside.

*Work*: an object as METS tells it. It is described in MODS, its files in groups by use, its pages
in the order in which they are read, its contents, and what was done to it. Nothing here reads a
database or a clock. Promise: what is written is valid by the schema whatever the texts hold; `read`
takes METS of anybody, within limits, and raises nothing but `NotMets`.
"""

from tangthu.formats.mets.model import Event, File, FileGroup, Leaf, Part, Work
from tangthu.formats.mets.reader import LARGEST, NotMets, ReadPage, ReadWork, read
from tangthu.formats.mets.writer import MEDIA_TYPE, NAMESPACE, SCHEMA, write

__all__ = [
    "LARGEST",
    "MEDIA_TYPE",
    "NAMESPACE",
    "SCHEMA",
    "Event",
    "File",
    "FileGroup",
    "Leaf",
    "NotMets",
    "Part",
    "ReadPage",
    "ReadWork",
    "Work",
    "read",
    "write",
]
