"""MARC-8 against its specification, pymarc and YAZ."""

from __future__ import annotations

import io
import shutil
import subprocess
from itertools import islice
from pathlib import Path
from unicodedata import normalize

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.marc.errors import Unwritable
from tangthu.formats.marc.marc8 import decode_marc8, encode_marc8, is_plausible_marc8
from tangthu.formats.marc.outcome import Read
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.record import ControlField, DataField, MarcRecord
from tangthu.formats.marc.writer import write_iso2709, write_marcxml
from tests.formats.records import VIETNAMESE

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the real records are not here")
needs_yaz = pytest.mark.skipif(not shutil.which("yaz-marcdump"), reason="yaz is not installed")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"\xa3\xe6\xe2ak L\xe6\xe2ak", "Đắk Lắk"),
        (b"Bu\xe3on \xf2\xbc", "Buôn ợ"),
        (b"\xe3\xe6e", "ê̆"),
        (b"\x1b(NwOJNA\x1b(B, 1869", "Война, 1869"),
        (b"\x1b)QT\xc4", "Tё"),
        (b"\x1b(Sabd\x1b(B", "αβγ"),
        (b"H\x1bb2\x1bsO, m\x1bp2\x1bs", "H₂O, m²"),
        (b"\x1b$1!04!BX\x1b(B.", "中文."),
        (b"\xebt\xecsar", "t︠s︡ar"),
        (b"\xc3 \xb9 \xc8", "© £ €"),
    ],
)
def test_marc_8_is_decoded(raw: bytes, text: str) -> None:
    assert decode_marc8(raw) == (normalize("NFC", text), 0)


@pytest.mark.parametrize("raw", [b"\xff", b"\xfc", b"\xc9", b"\x1b", b"\x1b(", b"\x1b$1!!!"])
def test_bytes_without_meaning_are_counted(raw: bytes) -> None:
    text, unknown = decode_marc8(raw)

    assert unknown > 0
    assert "\ufffd" in text


@given(st.binary(max_size=40))
def test_any_bytes_are_decoded_to_something(raw: bytes) -> None:
    text, unknown = decode_marc8(raw)

    assert text.count("\ufffd") == unknown


@given(st.one_of(VIETNAMESE, st.text(max_size=20)))
def test_what_is_encoded_is_decoded_to_the_same(text: str) -> None:
    try:
        raw = encode_marc8(text)
    except Unwritable:
        return

    assert decode_marc8(raw) == (normalize("NFC", text), 0)


@pytest.mark.parametrize(
    "text", ["Tiếng Việt: Ưu điểm, hoà bình", "Ê Đê ŏ ĕ ñ č", "Чехов, йога", "Ελλάς", "中文字"]
)
def test_the_scripts_of_marc_8_can_be_written(text: str) -> None:
    assert decode_marc8(encode_marc8(text)).text == text


@pytest.mark.parametrize("text", ["Ƀuôn", "…", "’", "\u0301a", "😀", "\x1b"])
def test_what_marc_8_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(Unwritable):
        encode_marc8(text)


def test_latin_1_and_tcvn3_are_not_taken_for_marc_8() -> None:
    french = "développement à l'été".encode("latin-1")
    vietnamese = "Bé v¨n ho¸, thÓ thao vµ du lÞch".encode("latin-1")

    assert not is_plausible_marc8(french, declared=True)
    assert not is_plausible_marc8(vietnamese, declared=True)
    assert is_plausible_marc8(b"d\xe2eveloppement \xe1a l'\xe2et\xe2e", declared=False)


def text_of(record: MarcRecord) -> list[object]:
    return [
        (field.tag, normalize("NFC", field.value))
        if isinstance(field, ControlField)
        else (field.tag, [(code, normalize("NFC", value)) for code, value in field.subfields])
        for field in record.fields
    ]


def records_of(raw: bytes) -> list[MarcRecord]:
    return [o.record for o in read(io.BytesIO(raw)) if isinstance(o, Read)]


def yaz(*options: str, raw: bytes, folder: Path) -> bytes:
    path = folder / "input"
    path.write_bytes(raw)
    command = ["yaz-marcdump", *options, str(path)]
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout


@needs_data
def test_real_marc_8_is_read_as_pymarc_reads_it_but_for_fields_in_utf_8() -> None:
    path = SHARED / "marc" / "gpo_marc8.mrc"
    with path.open("rb") as ours, path.open("rb") as theirs:
        pairs = zip(read(ours), pymarc.MARCReader(theirs, hide_utf8_warnings=True), strict=True)
        different = [
            outcome.repairs
            for outcome, other in pairs
            if isinstance(outcome, Read)
            and other is not None
            and [list(map(tuple, field.subfields)) for field in other.fields if field.subfields]
            != [list(map(tuple, field.subfields)) for field in data_fields(outcome.record)]
        ]

    assert len(different) == 8
    assert {repair.code for repairs in different for repair in repairs} == {"encoding_flag"}


def data_fields(record: MarcRecord) -> list[DataField]:
    return [field for field in record.fields if not isinstance(field, ControlField)]


@needs_data
@needs_yaz
def test_yaz_reads_the_vietnamese_marc_8_that_is_written(tmp_path: Path) -> None:
    written, raw = [], b""
    with (SHARED / "vietnam" / "library_49733.mrc").open("rb") as stream:
        for outcome in islice(read(stream), 0, 49_733, 200):
            assert isinstance(outcome, Read)
            try:
                raw += write_iso2709(outcome.record, encoding="marc-8")
            except Unwritable:
                continue
            written.append(outcome.record)

    xml = yaz("-f", "marc-8", "-t", "utf-8", "-o", "marcxml", raw=raw, folder=tmp_path)

    assert len(written) == 247
    assert list(map(text_of, records_of(xml))) == list(map(text_of, written))


@needs_data
@needs_yaz
def test_yaz_reads_what_is_exported_in_unicode(tmp_path: Path) -> None:
    with (SHARED / "marc" / "gpo_10k.mrc").open("rb") as stream:
        records = [o.record for o in islice(read(stream), 0, 10_000, 100) if isinstance(o, Read)]
    xml = b"".join(piece.data for piece in write_marcxml(records))
    legal = records_of(xml)

    binary = yaz("-o", "marcxml", raw=b"".join(map(write_iso2709, legal)), folder=tmp_path)
    again = yaz("-i", "marcxml", "-o", "marc", "-t", "utf-8", raw=xml, folder=tmp_path)

    assert len(records) == 100
    assert list(map(text_of, records_of(binary))) == list(map(text_of, legal))
    assert list(map(text_of, records_of(again))) == list(map(text_of, legal))
