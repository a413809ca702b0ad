"""Vietnamese from before Unicode: reading it, and telling that a field is it.

`repair` takes one field that some program misread as Latin-1 or Windows-1252 and
gives what was meant, or None; `decode` and `encode` take the encoding as known.
"""

from tangthu.text.legacy.codecs import Encoding, decode, encode, reread
from tangthu.text.legacy.guessing import Repaired, detect, repair

__all__ = ["Encoding", "Repaired", "decode", "detect", "encode", "repair", "reread"]
