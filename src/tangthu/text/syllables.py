"""The Vietnamese syllable: its onset, its rhyme, its tone and where the tone is written."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from tangthu.text.memory import Memory
from tangthu.text.normal import ACUTE, DOT_BELOW, TONES, compose

_ONSETS = "ngh ng gh gi kh nh ph th tr ch qu b c d đ g h k l m n p r s t v x"
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
y ych ynh yt yêm yên yêng yêt yêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ up ut uy uya uych uyn uynh uyt uyu
uyên uyêt uyp uôc uôi uôm uôn uông uôt
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
"""
ONSETS = tuple(_ONSETS.split())
RHYMES = frozenset(_RHYMES.split())
_LONGEST = len("nghiêng")
_STOPPED = ("c", "ch", "p", "t")
_VOWELS = frozenset("aăâeêioôơuưy")
_HATTED = frozenset("ăâêôơư")
_SLIDING = frozenset({"oa", "oe", "uy"})

TONED = {
    unicodedata.normalize("NFC", vowel + tone): (vowel, tone)
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in TONES
}
"""Each vowel that bears a tone, and what it is made of."""


_BARE = str.maketrans("ăâđêôơư", "aadeoou")
_BARE_RHYMES = frozenset(rhyme.translate(_BARE) for rhyme in RHYMES)


class Syllable(NamedTuple):
    """A Vietnamese syllable in lower case; `tone` is a combining mark or empty."""

    onset: str
    rhyme: str
    tone: str

    @property
    def is_possible(self) -> bool:
        """Whether the tone can stand on the rhyme: a stopped one takes only sắc or nặng."""
        return not self.rhyme.endswith(_STOPPED) or self.tone in {ACUTE, DOT_BELOW}

    def spelt(self) -> str:
        """Return the syllable with the tone where the newer rule puts it: hoà, thuý, khoẻ."""
        if not self.tone:
            return self.onset + self.rhyme
        at = _tone_at(self.rhyme) + 1
        rhyme = compose(self.rhyme[:at] + self.tone)
        return self.onset + rhyme + self.rhyme[at:]


def syllable(word: str) -> Syllable | None:
    """Read one lower-case, composed word as a Vietnamese syllable; None if it is not one.

    The tone is accepted on any vowel, so `hoà`, `hòa` and the slip `hòang` are all read.
    A word with two tones is no syllable.
    """
    return _SYLLABLES[word] if len(word) <= _LONGEST else None


def _read(word: str) -> Syllable | None:
    letters, tone = toneless(word)
    if len(tone) > 1:
        return None
    for onset in ONSETS:
        if letters.startswith(onset) and letters[len(onset) :] in RHYMES:
            return Syllable(onset, letters[len(onset) :], tone)
    return Syllable("", letters, tone) if letters in RHYMES else None


def looks_vietnamese(word: str) -> bool:
    """Whether a lower-case word is a syllable, or could be one typed without marks."""
    return syllable(word) is not None or any(
        word.startswith(onset) and word[len(onset) :] in _BARE_RHYMES for onset in ("", *ONSETS)
    )


def toneless(word: str) -> tuple[str, str]:
    """Return a composed word without the tones of its vowels, and those tones in order."""
    if word.isascii():
        return word, ""
    pairs = [TONED.get(letter, (letter, "")) for letter in word]
    return "".join(letter for letter, _ in pairs), "".join(tone for _, tone in pairs)


def _tone_at(rhyme: str) -> int:
    hatted = [at for at, letter in enumerate(rhyme) if letter in _HATTED]
    if hatted:
        return hatted[-1]
    vowels = next((at for at, letter in enumerate(rhyme) if letter not in _VOWELS), len(rhyme))
    if vowels < len(rhyme):
        return vowels - 1
    return 1 if vowels == 3 or rhyme in _SLIDING else 0


_SYLLABLES = Memory(_read)
