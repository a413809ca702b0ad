"""ALTO: the words of a page and where each stands, as recognition programs write them.

Glossary: a *layout* is one page's text: *blocks* (paragraphs) of *lines* of *words*. A *box* is
(x, y, width, height) in the units of its layout, mostly pixels of the image that was read: whoever
shows it on a picture of another size scales by the layout's width. `confidence` is from 0 to 1.
Promise: `read` takes ALTO 2, 3 and 4 of anybody, within limits, and raises nothing but `NotAlto`;
what `write` writes is valid ALTO 4, and `read` gives the same layout back.
"""

from tangthu.formats.alto.layout import EMPTY, Block, Box, Layout, Line, Word, plain
from tangthu.formats.alto.packing import pack, unpack
from tangthu.formats.alto.reader import LARGEST, NotAlto, read
from tangthu.formats.alto.writer import write

__all__ = [
    "EMPTY",
    "LARGEST",
    "Block",
    "Box",
    "Layout",
    "Line",
    "NotAlto",
    "Word",
    "pack",
    "plain",
    "read",
    "unpack",
    "write",
]
