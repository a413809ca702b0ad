"""Fonts from before Unicode, by their names: what their signs stand for.

TCVN3 fonts are called .VnTime, .VnArial …, those of capitals end in H (.VnTimeH); VNI fonts are
called VNI-Times, VNI-Helve …. A PDF puts six letters and a plus before the name of a subset.
"""

from __future__ import annotations

import re

from tangthu.text.legacy import Encoding, reread
from tangthu.text.normal import compose
from tangthu.text.syllables import syllable

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_TCVN3 = re.compile(r"^\.?Vn[A-Z]")
_VNI = re.compile(r"^VNI[-_ ]?[A-Z]", re.IGNORECASE)
_CAPITALS = re.compile(r"H(?:[-, ]|$|Bold|Italic)")
_HYPHENATED = re.compile(
    r"(?<=[^\W\d_])[-\u00ad\u2010\u2011](?=[^\W\d_])|[-\u00ad\u2010](?=[^\W\d_])"
)
_WORD = re.compile(r"[^\s.,;:!?()\"“”]+")


def encoding_of(font: str) -> Encoding | None:
    """Return how a font of that name misuses Latin letters, None for a font that does not."""
    name = _SUBSET.sub("", font)
    if _TCVN3.match(name):
        return Encoding.TCVN3
    return Encoding.VNI if _VNI.match(name) else None


def to_unicode(text: str, font: str) -> str:
    """Return text set in that font as it was meant; of other fonts, as it is, composed."""
    encoding = encoding_of(font)
    if encoding is None:
        return compose(text)
    read = reread(text, encoding) or text
    if encoding is Encoding.TCVN3:
        read = _WORD.sub(_with_u_horn, read)
        if _CAPITALS.search(_SUBSET.sub("", font).removeprefix(".Vn")):
            read = read.upper()
    return compose(read)


def _with_u_horn(word: re.Match[str]) -> str:
    """Read a hyphen as ư where that makes a syllable of the word.

    The letter ư of TCVN3 is the byte of the soft hyphen, which PDF's WinAnsi encoding shows as a
    hyphen (ISO 32000-1, annex D.2, note 6).
    """
    written = word[0]
    if not _HYPHENATED.search(written):
        return written
    read = _HYPHENATED.sub("ư", written)
    return read if syllable(compose(read.lower())) is not None else written
