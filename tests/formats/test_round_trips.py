"""What is written is what is read, in every form."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.marc import storage
from tangthu.formats.marc.errors import TooLong, Unreadable, Unwritable
from tangthu.formats.marc.outcome import Position, Read, RepairCode
from tangthu.formats.marc.reader import Format, read, sniff
from tangthu.formats.marc.record import ControlField, DataField, MarcRecord, Subfield
from tangthu.formats.marc.writer import (
    write_iso2709,
    write_json,
    write_marcxml,
    xml_record,
)
from tests.formats.records import KIEU, VIETNAMESE, XML_TEXT, data, record, records


def reread(raw: bytes) -> list[MarcRecord]:
    outcomes = list(read(io.BytesIO(raw)))
    assert all(isinstance(outcome, Read) for outcome in outcomes), outcomes
    return [outcome.record for outcome in outcomes if isinstance(outcome, Read)]


def as_xml(*written: MarcRecord) -> bytes:
    return b"".join(piece.data for piece in write_marcxml(written))


@given(st.lists(records(), min_size=1, max_size=3))
def test_iso_2709_gives_back_every_record(written: list[MarcRecord]) -> None:
    raw = b"".join(map(write_iso2709, written))

    assert sniff(raw) is Format.ISO2709
    assert reread(raw) == written


@given(st.lists(records(XML_TEXT), min_size=1, max_size=3))
def test_marcxml_gives_back_every_record(written: list[MarcRecord]) -> None:
    assert reread(as_xml(*written)) == written


@given(st.lists(records(), min_size=1, max_size=3), st.sampled_from([b"\n", b",", b" , \r\n"]))
def test_json_gives_back_every_record(written: list[MarcRecord], between: bytes) -> None:
    texts = [write_json(one) for one in written]

    assert reread(b"\n".join(texts)) == written
    assert reread(b"[" + between.join(texts) + b"]") == written


@given(records())
def test_storage_gives_back_every_record(stored: MarcRecord) -> None:
    assert storage.loads(storage.dumps(stored)) == stored


@given(st.text(st.sampled_from(["\x00", "\ud800", "\udfff", "\uffff", "0", "a", "\\", "ế"])))
def test_storage_holds_what_a_database_cannot(text: str) -> None:
    stored = record(ControlField("001", text), DataField("245", "1", "0", (Subfield("a", text),)))

    line = storage.dumps(stored)

    assert "\x00" not in line
    assert "\\u0000" not in line.replace("\\\\", "")
    line.encode("utf-8")
    assert storage.loads(line) == stored


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"leader": 1}', '{"fields": [1]}', "null"])
def test_storage_refuses_what_it_did_not_write(text: str) -> None:
    with pytest.raises(Unreadable):
        storage.loads(text)


def test_a_record_keeps_its_bytes() -> None:
    raw = write_iso2709(KIEU)

    assert raw[:24] == b"00924nam a2200265 a 4500"
    assert raw.endswith(b"\x1e  \x1faNg\xc3\xa2n\x1e\x1d")
    (outcome,) = read(io.BytesIO(raw))
    assert outcome == Read(KIEU, Position(index=0, offset=0, length=924))


@given(records(VIETNAMESE))
def test_marc_8_gives_back_what_it_accepts(written: MarcRecord) -> None:
    try:
        raw = write_iso2709(written, encoding="marc-8")
    except Unwritable:
        return

    (outcome,) = read(io.BytesIO(raw), encoding="marc-8")

    assert isinstance(outcome, Read)
    assert outcome.record.leader == written.leader
    assert [composed(field) for field in outcome.record.fields] == [
        composed(field) for field in written.fields
    ]


def composed(field: ControlField | DataField) -> object:
    from unicodedata import normalize

    if isinstance(field, ControlField):
        return field.tag, normalize("NFC", field.value)
    return field.tag, [(code, normalize("NFC", value)) for code, value in field.subfields]


def test_a_record_over_99999_bytes_is_refused_by_its_number() -> None:
    fields = [data("500", "  ", "a " + "x" * 9_000) for _ in range(12)]
    large = record(ControlField("001", "kn9"), *fields)

    with pytest.raises(TooLong) as refusal:
        write_iso2709(large)

    assert refusal.value.code == "too_long"
    assert refusal.value.record_id == "kn9"


def test_a_field_over_9999_bytes_is_refused_by_its_tag() -> None:
    with pytest.raises(TooLong, match=r"505: 10004 bytes \(record kn9\)"):
        write_iso2709(record(ControlField("001", "kn9"), data("505", "  ", "a " + "x" * 9_999)))


@pytest.mark.parametrize(
    "field",
    [
        ControlField("001", "a\x1eb"),
        ControlField("01", "a"),
        ControlField("0\x1f1", "a"),
        DataField("245", "1", "0", (Subfield("a", "a\x1fb"),)),
        DataField("245", "1", "0", (Subfield("", "a"),)),
        DataField("245", "1", "0", (Subfield("\x1f", "a"),)),
        DataField("245", "", "0", (Subfield("a", "a"),)),
        DataField("008", "1", "0", (Subfield("a", "a"),)),
        DataField("245", "1", "0", (Subfield("a", "\ud800"),)),
    ],
)
def test_what_iso_2709_cannot_express_is_refused(field: ControlField | DataField) -> None:
    with pytest.raises(Unwritable):
        write_iso2709(record(field))


def test_xml_leaves_out_what_it_forbids_and_says_so() -> None:
    title = data("245", "10", "a A\x1bB\x00C & <D> ]]> \"E\" 'F'")

    piece = xml_record(record(ControlField("001", "x\ud800"), title))

    assert [(repair.code, repair.tag, repair.detail) for repair in piece.repairs] == [
        (RepairCode.CHARACTER, "001", "U+D800"),
        (RepairCode.CHARACTER, "245", "U+0000 U+001B"),
    ]
    (again,) = reread(piece.data)
    assert again.control("001") == "x"
    assert again.value("245", "a") == "ABC & <D> ]]> \"E\" 'F'"


def test_json_refuses_lone_surrogates() -> None:
    with pytest.raises(Unwritable):
        write_json(record(ControlField("001", "\ud800")))
