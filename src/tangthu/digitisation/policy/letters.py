"""Letters that a Vietnamese keyboard does not have, and that documents need."""

from __future__ import annotations

from collections.abc import Sequence

from tangthu.digitisation.policy.recognition import HIGHLAND

_HIGHLAND = ("ƀ", "Ƀ", "č", "Č", "ĕ", "ê̆", "ĭ", "ñ", "ŏ", "ô̆", "ơ̆", "ŭ", "ư̆")
_FRENCH = ("ç", "Ç", "ë", "É", "î", "ï", "œ", "û", "ü", "«", "»")


def letters_for(languages: Sequence[str]) -> tuple[str, ...]:
    """Return the letters to offer beside the keyboard for a document in these languages.

    Of French, those that Vietnamese typing does not make.
    """
    found: tuple[str, ...] = ()
    if HIGHLAND.intersection(languages):
        found += _HIGHLAND
    if {"fre", "fra"}.intersection(languages):
        found += _FRENCH
    return found
