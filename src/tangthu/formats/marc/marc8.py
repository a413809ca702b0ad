"""MARC-8, the character coding of MARC 21 before Unicode.

By the Library of Congress's "MARC 21 Specifications for Record Structure, Character Sets,
and Exchange Media: Character Sets". Two working sets, G0 in bytes 21-7E and G1 in A1-FE, are
ASCII and ANSEL at the start of every subfield; escape sequences bring in others. Combining
marks stand *before* their letter. Decoded text is NFC. The code tables are pymarc's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pymarc.marc8_mapping import CODESETS, ODD_MAP

from tangthu.formats.marc.errors import Unwritable

UNKNOWN = "\ufffd"
_ASCII, _ANSEL, _EACC = 0x42, 0x45, 0x31
# Technique 1 (one letter: Greek symbols, sub- and superscript, and `s` back to ASCII) and
# technique 2 (intermediate bytes that name G0 or G1, then the final byte of the set).
_ESCAPE = re.compile(rb"\x1b(?:([gbps])|(?:([(,])|([)\-])|\$(?:([)\-])|[(,])?)(!?[1-9A-Z]))")
_COMBINED = re.compile("[\u0300-\u036f\ufe20-\ufe2f]")
# The pound sign, and letters with marks of real orthographies and romanisations. ĩ, ũ, ǎ and ṉ are
# left out: the commonest letters of Latin-1 (ä, é, ö before a vowel or n) look like them.
_USUAL = frozenset(
    "áàâãäåāăạảấầẩẫậắằẳẵặéèêëēĕėęěẹẻẽếềểễệíìîïīĭịỉóòôõöōŏőọỏốồổỗộớờởỡợúùûüūŭůűụủứừửữựýỳŷÿỵỷỹ"
    "£çćčĉċñńňņšśŝşžźżřŕďťľĺģğġĝḥḍṭṣẓṃṇḷṛḳḵḏṯẕ"
    "ÁÀÂÃÄÅĀĂẠẢẤẦẨẪẬẮẰẲẴẶÉÈÊËĒĔĖĘĚẸẺẼẾỀỂỄỆÍÌÎÏĪĬỊỈÓÒÔÕÖŌŎŐỌỎỐỒỔỖỘỚỜỞỠỢÚÙÛÜŪŬŮŰỤỦỨỪỬỮỰÝỲŶŸỴỶỸ"
    "ÇĆČĈĊÑŃŇŅŠŚŜŞŽŹŻŘŔĎŤĽĹĢĞĠĜḤḌṬṢẒṂṆḶṚḲḴḎṮẔ"
)
_LIGATURE_HALVES = frozenset("\ufe20\ufe21\ufe22\ufe23")
# Sets that a writer may call on beside ASCII and ANSEL, as G0: Cyrillic, extended Cyrillic,
# Greek, Hebrew, Arabic, extended Arabic, East Asian. Two have their tables in the upper half.
_WRITABLE = (0x4E, 0x51, 0x53, 0x32, 0x33, 0x34, _EACC)
_IN_UPPER_HALF = frozenset({0x51, 0x34})


class Decoded(NamedTuple):
    """Text, and how many bytes or escape sequences had no meaning."""

    text: str
    unknown: int


class _Table(NamedTuple):
    characters: dict[int, str]
    swap: re.Pattern[str] | None


def decode_marc8(data: bytes) -> Decoded:
    """Decode one subfield or control field.

    What has no meaning becomes U+FFFD, so that a caller can tell damaged text from whole.
    """
    if data.isascii() and b"\x1b" not in data:
        return Decoded(data.decode("ascii"), 0)
    text = unicodedata.normalize("NFC", "".join(_decoded_parts(data)))
    return Decoded(text, text.count(UNKNOWN))


def is_plausible_marc8(data: bytes, *, declared: bool) -> bool:
    """Tell whether bytes that are not UTF-8 read sensibly as MARC-8.

    In true MARC-8 nearly every mark forms a letter of some orthography with what follows; in
    Latin-1 or a Vietnamese 8-bit coding the same bytes are letters themselves and form oddities
    (Québec gives a b with a caron). Where nothing speaks for either, the leader decides.
    """
    text, unknown = decode_marc8(data)
    if unknown:
        return False
    halves = text.count("\ufe20") - text.count("\ufe21")
    left = sum(mark not in _LIGATURE_HALVES for mark in _COMBINED.findall(text))
    score = sum(character in _USUAL for character in text) - left - abs(halves)
    return score >= 0 if declared else score > 0


def _decoded_parts(data: bytes) -> Iterator[str]:
    g0, g1, at = _ASCII, _ANSEL, 0
    for escape in _ESCAPE.finditer(data):
        yield _decode_run(data[at : escape.start()], g0, g1)
        at = escape.end()
        single, _, to_g1, wide_to_g1, final = escape.groups()
        if single:
            g0 = _ASCII if single == b"s" else single[0]
        elif to_g1 or wide_to_g1:
            g1 = final[-1]
        else:
            g0 = final[-1]
    yield _decode_run(data[at:], g0, g1)


def _decode_run(data: bytes, g0: int, g1: int) -> str:
    if g0 == _EACC:
        return "".join(_decode_eacc(data))
    table = _table(g0, g1)
    text = data.decode("latin-1")
    if table.swap is not None:
        text = table.swap.sub(r"\2\1", text)
    return text.translate(table.characters)


def _decode_eacc(data: bytes) -> Iterator[str]:
    at = 0
    while at < len(data):
        if not 0x21 <= data[at] <= 0x7F:
            yield chr(data[at]) if data[at] <= 0x20 else UNKNOWN
            at += 1
            continue
        code = int.from_bytes(data[at : at + 3], "big")
        found = CODESETS[_EACC].get(code)
        yield chr(found[0] if found else ODD_MAP.get(code, ord(UNKNOWN)))
        at += 3


@cache
def _table(g0: int, g1: int) -> _Table:
    """Return what each byte stands for, and the pattern that finds marks before letters.

    Cached: there are fewer than 36 x 36 pairs of names, of which a dozen occur.
    """
    characters = dict.fromkeys((27, *range(128, 256)), UNKNOWN)
    marks: list[int] = []
    for final, high in ((g0, 0), (g1, 0x80)):
        if not high and final != _ASCII:
            characters |= dict.fromkeys(range(33, 127), UNKNOWN)
        for code, (point, combining) in CODESETS.get(final, {}).items():
            # The controls of ANSEL (88, 89, 8D, 8E) keep their place; the rest moves to its half.
            byte = code if final == _ASCII or code in range(0x80, 0xA0) else code & 0x7F | high
            characters[byte] = chr(point)
            if combining:
                marks.append(byte)
    characters[0x1B] = UNKNOWN
    if not marks:
        return _Table(characters, None)
    names = "".join(f"\\x{byte:02x}" for byte in marks)
    return _Table(characters, re.compile(f"([{names}]+)([^{names}])"))


def encode_marc8(text: str) -> bytes:
    """Encode one subfield or control field.

    Letters are decomposed as far as the tables ask for it: ơ and ư are letters there, their
    tones are marks. Raises `Unwritable`, naming the characters, rather than lose one.
    """
    if text.isascii() and "\x1b" not in text:
        return text.encode("ascii")
    clusters = list(_clusters(text))
    places = _places()
    missing = {c for cluster in clusters for c in cluster if c not in places}
    missing |= {cluster[-1] for cluster in clusters if cluster[-1] in _marks()}
    if missing:
        raise Unwritable("not in MARC-8: " + " ".join(f"U+{ord(c):04X}" for c in sorted(missing)))
    data = _encode_clusters(clusters)
    if decode_marc8(data).text != unicodedata.normalize("NFC", text):
        raise Unwritable(f"MARC-8 does not keep {text!r}")
    return data


def _clusters(text: str) -> Iterator[str]:
    """Yield each letter after its marks, the letter as whole as the tables have it."""
    places, known_marks = _places(), _marks()
    base, marks = "", ""
    for character in unicodedata.normalize("NFD", text):
        whole = unicodedata.normalize("NFC", base + character) if base else ""
        if whole in places and not marks:
            base = whole
        elif base and base not in known_marks and character in known_marks:
            marks += character
        else:
            if base:
                yield marks + base
            base, marks = character, ""
    if base:
        yield marks + base


def _encode_clusters(clusters: list[str]) -> bytes:
    places = _places()
    current, out = _ASCII, bytearray()
    for character in "".join(clusters):
        final, code = places[character]
        if final not in (_ANSEL, current):
            out += _designation(final)
            current = final
        out += code
    return bytes(out if current == _ASCII else out + _designation(_ASCII))


def _designation(final: int) -> bytes:
    """Return the escape sequence that makes a set G0."""
    return b"\x1b$1" if final == _EACC else b"\x1b(" + bytes((final,))


@cache
def _places() -> dict[str, tuple[int, bytes]]:
    """Return for each character the set and the bytes that write it."""
    places = {chr(code): (_ASCII, bytes((code,))) for code in range(0x80) if code != 0x1B}
    for final in (_ANSEL, *_WRITABLE):
        for code, (point, _) in CODESETS[final].items():
            data = code.to_bytes(3 if final == _EACC else 1, "big")
            if final in _IN_UPPER_HALF:
                data = bytes((code & 0x7F,))
            places.setdefault(chr(point), (final, data))
    return places


@cache
def _marks() -> frozenset[str]:
    return frozenset(chr(point) for point, combining in CODESETS[_ANSEL].values() if combining)
