"""One fault each in a sound record: what is recovered, what is reported, what is refused."""

from __future__ import annotations

import io
import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.marc.errors import EmptyFile, MarcError, NotMarc, UnknownEncoding
from tangthu.formats.marc.outcome import (
    Limits,
    Outcome,
    Position,
    Read,
    Reason,
    Rejected,
    RepairCode,
)
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.record import ControlField, DataField, MarcRecord, Subfield
from tangthu.formats.marc.writer import write_iso2709
from tests.formats.records import KIEU, data, record

SOUND = write_iso2709(KIEU)
SHORT = write_iso2709(record(ControlField("001", "a1"), data("245", "00", "a Đắk Lắk")))


def outcomes(raw: bytes, **options: object) -> list[Outcome]:
    return list(read(io.BytesIO(raw), **options))  # type: ignore[arg-type]


def one(raw: bytes, **options: object) -> Outcome:
    (outcome,) = outcomes(raw, **options)
    return outcome


def codes(outcome: Outcome) -> list[RepairCode]:
    assert isinstance(outcome, Read), outcome
    return [repair.code for repair in outcome.repairs]


def with_leader(raw: bytes, at: int, new: bytes) -> bytes:
    return raw[:at] + new + raw[at + len(new) :]


@pytest.mark.parametrize(
    ("at", "new", "repairs"),
    [
        (0, b"00999", [RepairCode.RECORD_LENGTH]),
        (0, b"00100", [RepairCode.RECORD_LENGTH]),
        (0, b"ABCDE", [RepairCode.RECORD_LENGTH]),
        (0, b"00000", [RepairCode.RECORD_LENGTH]),
        (9, b" ", [RepairCode.ENCODING_FLAG] * 14),
        (10, b"99", [RepairCode.LEADER]),
        (12, b"00000", [RepairCode.BASE_ADDRESS]),
        (12, b"x\xff  1", [RepairCode.LEADER]),
        (20, b"\x00\x01\x02\x03", [RepairCode.LEADER]),
    ],
)
def test_a_wrong_leader_does_not_cost_the_record(
    at: int, new: bytes, repairs: list[RepairCode]
) -> None:
    outcome = one(with_leader(SOUND, at, new))

    assert codes(outcome) == repairs
    assert isinstance(outcome, Read)
    assert outcome.record == KIEU


@pytest.mark.parametrize(
    ("entry", "new"),
    [(0, b"0019999"), (8, b"245XXXX"), (3, b"0080042\xff\xff\xff\xff\xff"), (19, b"911000900000")],
)
def test_a_wrong_directory_entry_is_overruled_by_the_terminators(entry: int, new: bytes) -> None:
    outcome = one(with_leader(SOUND, 24 + 12 * entry, new))

    assert codes(outcome) == [RepairCode.FIELD_LENGTH]
    assert isinstance(outcome, Read)
    assert outcome.record == KIEU


def test_a_directory_in_another_order_than_the_data_is_obeyed() -> None:
    raw = bytearray(SHORT)
    raw[24:36], raw[36:48] = SHORT[36:48], SHORT[24:36]

    outcome = one(bytes(raw))

    assert isinstance(outcome, Read)
    assert outcome.repairs == ()
    assert [field.tag for field in outcome.record.fields] == ["245", "001"]


def test_lengths_counted_in_characters_are_understood() -> None:
    fields = [("001", "a1"), ("245", "00\x1faĐắk Lắk"), ("245", "00\x1faBuôn Ma Thuột")]
    directory, body = "", ""
    for tag, text in fields:
        directory += f"{tag}{len(text) + 1:04d}{len(body):05d}"
        body += text + "\x1e"
    size = 24 + len(directory) + 1 + len(body) + 1
    raw = f"{size:05d}nam a22{25 + len(directory):05d} a 4500{directory}\x1e{body}\x1d".encode()

    outcome = one(raw)

    assert codes(outcome) == [RepairCode.RECORD_LENGTH, RepairCode.FIELD_LENGTH]
    assert isinstance(outcome, Read)
    assert [field.get("a") for field in outcome.record.data("245")] == ["Đắk Lắk", "Buôn Ma Thuột"]


def test_a_terminator_inside_a_field_begins_another_of_its_tag() -> None:
    raw = write_iso2709(record(data("245", "00", "a A[00[aB"))).replace(b"[00[", b"\x1e00\x1f")

    outcome = one(raw)

    assert isinstance(outcome, Read)
    assert codes(outcome) == [RepairCode.TERMINATOR]
    assert [field.get("a") for field in outcome.record.data("245")] == ["A", "B"]


def test_a_lost_terminator_between_two_records_costs_neither() -> None:
    first, second = outcomes(SOUND[:-1] + SHORT)

    assert codes(first) == [RepairCode.TERMINATOR]
    assert isinstance(first, Read)
    assert first.record == KIEU
    assert first.position == Position(0, 0, len(SOUND) - 1)
    assert codes(second) == []


def test_a_record_that_was_cut_off_costs_only_itself() -> None:
    cut, whole = outcomes(SOUND[:400] + SHORT)

    assert isinstance(cut, Rejected)
    assert cut.reason is Reason.DIRECTORY
    assert cut.position == Position(0, 0, 400)
    assert cut.raw == SOUND[:400]
    assert isinstance(whole, Read)
    assert whole.position == Position(1, 400, len(SHORT))
    assert whole.repairs == ()


@pytest.mark.parametrize("between", [b"\n", b"\r\n", b"\r\n\r\n", b"\x1a", b"\x00" * 300, b"\t"])
def test_padding_between_records_is_passed_over(between: bytes) -> None:
    first, second = outcomes(between + SHORT + between + SHORT + between)

    assert codes(first) == codes(second) == []
    assert second.position.offset == 2 * len(between) + len(SHORT)


def test_words_between_records_are_refused_by_themselves() -> None:
    first, junk, second = outcomes(SHORT + b"-- page 2 of the export --\n" + SHORT)

    assert codes(first) == codes(second) == []
    assert isinstance(junk, Rejected)
    assert junk.reason is Reason.NOT_A_RECORD
    assert junk.raw == b"-- page 2 of the export --\n"


def test_a_last_record_without_terminator_is_read_if_it_is_whole() -> None:
    first, last = outcomes(SHORT + SOUND[:-1] + b"\r\n")

    assert codes(first) == []
    assert codes(last) == [RepairCode.TERMINATOR]


def test_a_byte_order_mark_is_no_part_of_the_record() -> None:
    assert codes(one(b"\xef\xbb\xbf" + SHORT)) == []


def test_a_missing_first_delimiter_is_put_in() -> None:
    raw = SHORT.replace(b"00\x1fa\xc4", b"00\x20A\xc4")

    outcome = one(raw)

    assert codes(outcome) == [RepairCode.INDICATORS, RepairCode.SUBFIELD]
    assert isinstance(outcome, Read)
    assert outcome.record.first("245") == data("245", "00", "a  AĐắk Lắk")


def test_a_delimiter_without_code_is_dropped() -> None:
    outcome = one(
        write_iso2709(record(data("245", "10", "a A", "b B"))).replace(b"A\x1fbB", b"A\x1f\x1fB")
    )

    assert codes(outcome) == [RepairCode.SUBFIELD]
    assert isinstance(outcome, Read)
    assert outcome.record.first("245") == DataField(
        "245", "1", "0", (Subfield("a", "A"), Subfield("B", ""))
    )


def test_local_control_fields_under_letters_are_read() -> None:
    aleph = record(ControlField("001", "1"), ControlField("FMT", "BK"), data("CAT", "  ", "a X"))

    assert one(write_iso2709(aleph)) == Read(aleph, Position(0, 0, len(write_iso2709(aleph))), ())


@pytest.mark.parametrize(
    ("raw", "title", "code"),
    [
        ("Đắk Lắk".encode(), "Đắk Lắk", None),
        (b"\xa3\xe6\xe2ak L\xe6\xe2ak", "Đắk Lắk", "marc-8"),
        (b"Bu\xe3on Ma Thu\xf2\xe3ot", "Buôn Ma Thuột", "marc-8"),
        ("Bibliothèque de Québec".encode("latin-1"), "Bibliothèque de Québec", "cp1252"),
        (b"\x93Caf\xe9\x94", "“Café”", "cp1252"),
        (b"Th\xad vi\xd6n t\xd8nh", "Th\xadviÖn tØnh".replace("d", "d ", 1), "cp1252"),
    ],
)
def test_text_under_a_false_flag_of_unicode_is_recognised(
    raw: bytes, title: str, code: str | None
) -> None:
    outcome = one(_record_of(raw, flag=b"a"))

    assert isinstance(outcome, Read)
    found = outcome.record.value("245", "a")
    assert found == title.replace("\xadv", "\xad v")
    assert [repair.detail for repair in outcome.repairs] == ([code] if code else [])


def _record_of(title: bytes, *, flag: bytes) -> bytes:
    body = b"00\x1fa" + title + b"\x1e"
    head = b"%05dnam %s2200037 a 4500245%04d00000\x1e" % (38 + len(body), flag, len(body))
    return head + body + b"\x1d"


def test_marc_8_under_its_own_flag_needs_no_repair() -> None:
    outcome = one(_record_of(b"Bu\xe3on \x1b(NwOJNA\x1b(B", flag=b" "))

    assert isinstance(outcome, Read)
    assert outcome.record.value("245", "a") == "Buôn Война"
    assert outcome.record.leader[9] == "a"
    assert outcome.repairs == ()


def test_a_named_encoding_overrules_every_guess() -> None:
    raw = _record_of("Тихий Дон".encode("cp866"), flag=b" ")

    outcome = one(raw, encoding="cp866")

    assert isinstance(outcome, Read)
    assert outcome.record.value("245", "a") == "Тихий Дон"
    with pytest.raises(UnknownEncoding):
        one(raw, encoding="vntime")


def test_limits_refuse_a_record_and_go_on() -> None:
    wide = record(*(data("650", " 7", f"a {number}") for number in range(30)))
    deep = record(data("650", " 7", *(f"a {number}" for number in range(30))))
    raw = SHORT + write_iso2709(wide) + write_iso2709(deep) + SOUND + SHORT

    found = outcomes(raw, limits=Limits(record_bytes=900, fields=20, subfields=25, raw_bytes=50))

    assert [o.reason if isinstance(o, Rejected) else "read" for o in found] == [
        "read",
        Reason.TOO_MANY_FIELDS,
        Reason.TOO_MANY_FIELDS,
        Reason.TOO_LARGE,
        "read",
    ]
    too_large = found[3]
    assert isinstance(too_large, Rejected)
    assert too_large.raw == SOUND[:50]
    assert too_large.position.length == len(SOUND)


def test_a_record_without_end_takes_no_more_memory_than_the_limit() -> None:
    stream = _Endless(SHORT + b"00100nam a2200049   4500" + b"x" * 100, size=50_000_000)

    found = list(read(stream, limits=Limits(record_bytes=100_000)))

    assert [type(outcome) for outcome in found] == [Read, Rejected]
    assert found[1].position.length == 50_000_000 + 124
    assert stream.largest <= 262_144


class _Endless:
    """A beginning, and then many bytes that are made as they are asked for."""

    def __init__(self, head: bytes, *, size: int) -> None:
        self._head = head
        self._left = size
        self.largest = 0

    def read(self, size: int, /) -> bytes:
        self.largest = max(self.largest, size)
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
            return piece
        size = min(size, self._left)
        self._left -= size
        return b"y" * size


@pytest.mark.parametrize("raw", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\x00\x00\x1a"])
def test_an_empty_file_is_called_empty(raw: bytes) -> None:
    with pytest.raises(EmptyFile) as refusal:
        read(io.BytesIO(raw))

    assert refusal.value.code == "empty_file"


@pytest.mark.parametrize(
    "raw",
    [
        b"STT;Nhan de;Tac gia\r\n1;Truyen Kieu;Nguyen Du\r\n",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x1e\x1d" * 20,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\x89PNG\r\n\x1a\n\x1d\x1e\x1f",
        b"12345",
        b"<!DOCTYPE html><html></html>",
        b'{"name": "package"}',
        b"01031nas a2200337 c 4500\n001 987874829\n",
    ],
)
def test_a_file_that_is_not_marc_is_refused_at_once(raw: bytes) -> None:
    with pytest.raises(NotMarc):
        read(io.BytesIO(raw))


def test_reading_resumes_where_it_stopped() -> None:
    raw = b"\n".join([SHORT, SOUND, SOUND[:300] + SHORT, SHORT])
    whole = outcomes(raw)

    for done, outcome in enumerate(whole, start=1):
        rest = outcomes(raw, start=outcome.position.end, index=done)
        assert rest == whole[done:]


@given(st.integers(0, 3 * len(SHORT) + len(SOUND)))
def test_a_file_cut_anywhere_gives_every_record_before_the_cut(cut: int) -> None:
    pieces = [SHORT, SOUND, SHORT, SHORT]
    ends = list(itertools.accumulate(map(len, pieces)))
    whole = sum(end <= cut for end in ends)

    try:
        found = outcomes(b"".join(pieces)[:cut])
    except MarcError:
        found = []

    read_records = [outcome for outcome in found if isinstance(outcome, Read)]
    # The terminator alone may be missing: that record is whole all the same.
    expected = whole + (cut + 1 in ends)
    assert len(read_records) == expected
    assert all(not outcome.repairs for outcome in read_records[:whole])


@given(st.binary(max_size=400))
def test_any_bytes_raise_nothing_but_a_marc_error(raw: bytes) -> None:
    for piece in (raw, SHORT + raw, SHORT + raw + SHORT):
        try:
            assert outcomes(piece) or not raw.strip(b"[] \r\n\t\x00\x1a")
        except MarcError:
            continue


@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), max_size=12),
    st.sampled_from(["auto", "utf-8", "marc-8", "cp1258"]),
)
def test_a_record_with_changed_bytes_never_crashes(
    changes: list[tuple[int, int]], encoding: str
) -> None:
    raw = bytearray(SOUND)
    for at, byte in changes:
        raw[at] = byte

    try:
        found = outcomes(SHORT + bytes(raw) + SHORT, encoding=encoding)
    except MarcError:
        return

    assert isinstance(found[0], Read)
    for outcome in found:
        if isinstance(outcome, Read):
            assert isinstance(outcome.record, MarcRecord)
            write_iso2709(outcome.record)


@pytest.mark.parametrize(
    "unit", [b"\x1d", b"\x1e\x1d", b"00024", b"00001nam a2200049   4500\x1e\x1d", b"\x1e", b"\x1f"]
)
def test_nonsense_is_read_in_linear_time(unit: bytes) -> None:
    raw = SHORT + unit * (1_000_000 // len(unit))

    started = time.process_time()
    for _ in read(io.BytesIO(raw)):
        pass

    assert time.process_time() - started < 8
