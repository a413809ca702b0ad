"""Comparison of words: letters alone, or letters with their marks.

Two tiers serve a search. `search_key` keeps the marks and equates only ways of
spelling one word (hoà and hòa, kĩ and kỹ); `fold_token` drops every mark, for
readers who type none. Equal search keys always have equal folded tokens.
"""

from __future__ import annotations

import re
import unicodedata

from tangthu.text.memory import Memory
from tangthu.text.normal import APOSTROPHES, match_apostrophes, normalise
from tangthu.text.syllables import syllable
from tangthu.text.words import WORD, tokens

__all__ = ["fold", "fold_token", "match_key", "prefix_forms", "search_key", "tokens"]

_STROKES = str.maketrans(
    {
        **dict.fromkeys("đðɖɗ", "d"),
        **dict.fromkeys("ƀɓ", "b"),
        "ħ": "h",
        "ł": "l",
        "ø": "o",
        "ŧ": "t",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
_SIGNS = str.maketrans(
    dict.fromkeys(APOSTROPHES, "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02", '"')
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", None)
)
_MARKS = re.compile("[\u0300-\u036f ]+")

# The hy of a name such as Hy'a is no syllable of its own, so apostrophes hold a word together.
_JOINED_WORD = re.compile(f"{WORD.pattern}(?:'{WORD.pattern})*")

_SAME_SOUND = {f"{onset}y": f"{onset}i" for onset in ("h", "k", "l", "m", "s", "t", "qu")} | {
    f"quy{coda}": f"qui{coda}" for coda in ("t", "nh", "ch")
}


def fold(s: str) -> str:
    """Return `s` in lower case without any mark: Đắk Lắk is `dak lak`, Cư M’gar is `cu m'gar`.

    đ becomes d and ƀ becomes b; apostrophes, dashes and quotes take their ASCII
    form; punctuation and the order of words stay. Other scripts lose only the
    marks that European letters bear.
    """
    if s.isascii() and "`" not in s:
        return " ".join(s.lower().split())
    return " ".join(filter(None, map(_FOLDED_WORDS.__getitem__, s.split())))


def search_key(s: str) -> str:
    """Return the key by which two spellings with marks are the same text.

    Lower case, normal form, `'` for every apostrophe; the tone stands where the
    newer rule puts it (hòa is hoà), and y alone after h, k, l, m, s, t, qu is i
    (kỹ is kĩ). đ is not d and ma is not mà. For comparing, never for showing.
    """
    return " ".join(filter(None, map(_KEY_WORDS.__getitem__, s.split())))


def fold_token(token: str) -> str:
    """Return one token without marks, ky, ly, my, quy… written ki, li, mi, qui….

    The y rule is that of `search_key`, so a reader who types `ki thuat` finds Kỹ thuật.
    Apostrophes vanish: M'gar, M’gar and mgar are one.
    """
    return _FOLDED_TOKENS[token]


def prefix_forms(prefix: str) -> tuple[str, ...]:
    """Return the folded beginnings that a token begun with `prefix` may have.

    `quy*` must find quyển, which keeps its y, and quý, whose token is `qui`.
    """
    plain = fold(prefix).replace("'", "")
    return tuple(dict.fromkeys((plain, fold_token(prefix))))


def match_key(s: str) -> str:
    """Return the words of `s`, folded, without punctuation: the key for finding duplicates."""
    return " ".join(filter(None, map(_FOLDED_TOKENS.__getitem__, tokens(s))))


def _fold_token(token: str) -> str:
    plain = token.isascii() and token.isalnum()
    folded = token.lower() if plain else fold(token).replace("'", "")
    return _SAME_SOUND.get(folded, folded)


def _fold_word(word: str) -> str:
    if word.isascii() and "`" not in word:
        return word.lower()
    letters = unicodedata.normalize("NFKD", word.translate(_SIGNS)).casefold()
    letters = _MARKS.sub("", unicodedata.normalize("NFKD", letters)).translate(_STROKES)
    return unicodedata.normalize("NFC", letters.translate(_SIGNS))


def _key_word(word: str) -> str:
    if word.isascii() and word.isalnum():
        letters = word.lower()
        return _SAME_SOUND.get(letters, letters)
    letters = match_apostrophes(normalise(normalise(word).casefold()))
    return _JOINED_WORD.sub(_key_syllable, letters)


def _key_syllable(match: re.Match[str]) -> str:
    read = syllable(match[0])
    if read is None:
        return match[0]
    spelling = read.onset + read.rhyme
    alike = _SAME_SOUND.get(spelling)
    if alike:
        read = read._replace(rhyme=alike[len(read.onset) :])
    return read.spelt()


_FOLDED_TOKENS = Memory(_fold_token)
_FOLDED_WORDS = Memory(_fold_word)
_KEY_WORDS = Memory(_key_word)
