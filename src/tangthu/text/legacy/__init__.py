"""Vietnamese from before Unicode: reading it, and telling that a field is it.

`repair` takes one field that some program misread as Latin-1 or Windows-1252 and
gives what was meant, or None; `decode` and `encode` take the encoding as known.
`read_mapping` takes a library's own table for a font without one.
"""

from tangthu.text.legacy.codecs import Encoding, decode, encode, reread
from tangthu.text.legacy.guessing import Repaired, detect, repair
from tangthu.text.legacy.mapping import Mapping, MappingRefused, read_mapping

__all__ = [
    "Encoding",
    "Mapping",
    "MappingRefused",
    "Repaired",
    "decode",
    "detect",
    "encode",
    "read_mapping",
    "repair",
    "reread",
]
