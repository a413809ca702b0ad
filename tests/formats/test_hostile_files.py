"""Files with real faults from other projects' tests: what each must give, reviewed one by one.

`seen` is what a lenient reader counts (`index.json`). Where read and rejected do not add up to
it, `why` tells.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from tangthu.formats.marc.errors import IsisFile, MarcError, NotMarc
from tangthu.formats.marc.outcome import Read, Reason, Rejected, RepairCode
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.record import MarcRecord
from tangthu.formats.marc.writer import write_iso2709

HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile"
pytestmark = pytest.mark.skipif(not HOSTILE.is_dir(), reason="the hostile files are not here")


class Expected(NamedTuple):
    """How many records are read, which are refused, and which repairs touch how many records."""

    seen: int
    read: int
    rejected: tuple[Reason, ...] = ()
    repairs: dict[str, int] = {}
    why: str = ""


FLAG, LENGTHS = {"encoding_flag": 1}, {"record_length": 1, "field_length": 1}
TOO_LONG = {"record_length": 1, "field_length": 1, "leader": 1}
HALF_LOST = {"record_length": 1, "base_address": 1, "directory": 1, "field_missing": 1}

EXPECTED = {
    "Catmandu-MARC__bu_bibs.mrc": Expected(
        100,
        100,
        (),
        {"record_length": 16, "field_length": 16, "encoding_flag": 16, "terminator": 8},
    ),
    "Catmandu-MARC__dollar_subfields.mrc": Expected(2, 2, (), {"encoding_flag": 2}),
    "Evergreen__FSL.marc": Expected(52, 52, (), {"encoding_flag": 52}),
    "File_MARC__bad_example2.mrc": Expected(
        1, 1, (), {"record_length": 1, "leader": 1, "encoding_flag": 1}
    ),
    "File_MARC__wronglen.mrc": Expected(1, 1, (), LENGTHS),
    "marc4j__008008027.mrc": Expected(19, 18, (Reason.TRUNCATED,)),
    "marc4j__bad_too_long_plus_2.mrc": Expected(3, 3, (), TOO_LONG),
    "marc4j__not_unimarc_errors_3.mrc": Expected(3, 3, (), {"character": 3}),
    "marc4j__sample1.mrc": Expected(8, 8, (), {"leader": 3, "encoding": 1}),
    "mrrc__e003_base_address_non_digit.bin": Expected(1, 1, (), {"base_address": 1}),
    "mrrc__e005_truncated_record.bin": Expected(1, 0, (Reason.TRUNCATED,)),
    "mrrc__e101_directory_non_digit_length.bin": Expected(1, 1, (), {"field_length": 1}),
    "mrrc__e101_non_ascii_tag.bin": Expected(1, 1, (), {"field_length": 1, "tag": 1}),
    "mrrc__e301_invalid_utf8_in_control_field.bin": Expected(1, 1, (), {"encoding": 1}),
    "mrrc__non-ascii-tag-roundtrip.mrc": Expected(
        4,
        2,
        (Reason.DIRECTORY,),
        {"tag": 1, "terminator": 1},
        why="the first record holds a record terminator inside, and its length says so",
    ),
    "mrrc__zero-length-control-field.mrc": Expected(1, 0, (Reason.DIRECTORY,)),
    "openlibrary__dasrmischepriv00rein_meta.mrc": Expected(1, 1, (), LENGTHS),
    "openlibrary__new_poganucpeoplethe00stowuoft_meta.mrc": Expected(1, 1, (), LENGTHS | FLAG),
    "processing-marc__bad_encoding.mrc": Expected(1, 1, (), LENGTHS | FLAG),
    "processing-marc__pride-and-prejudice-with-many-errors.mrc": Expected(
        383, 383, (), {"encoding": 74, "leader": 16}
    ),
    "pymarc__bad_records.mrc": Expected(
        8, 6, (Reason.DIRECTORY, Reason.NO_FIELDS), {"base_address": 3, "directory": 1}
    ),
    "pymarc__testunimarc.dat": Expected(1, 1, (), FLAG),
    "qa-catalogue__serial.bnr.1993.mrc": Expected(11, 11, (), {"encoding_flag": 11}),
    "ruby-marc__marc8_accented_chars.marc": Expected(1, 1, (), {"encoding": 1}),
    "ruby-marc__utf8_with_bad_bytes.marc": Expected(1, 1, (), {"character": 1}),
    "solrmarc-sw__aeoeLigatureTests.mrc": Expected(8, 8, (), {"encoding": 2}),
    "solrmarc-sw__bad_too_long_plus_2.mrc": Expected(3, 3, (), TOO_LONG),
    "solrmarc-sw__combineBibMhld_b11b12m11badm13.mrc": Expected(5, 5, (), HALF_LOST),
    "solrmarc-sw__combineBibMhld_b1b2b3bad.mrc": Expected(4, 4, (), HALF_LOST),
    "solrmarc-sw__combineBibMhld_badb1b2b3.mrc": Expected(4, 4, (), HALF_LOST),
    "solrmarc-sw__diacriticTests.mrc": Expected(
        21, 21, (), {"leader": 13, "encoding": 4, "character": 1}
    ),
    "solrmarc-sw__wdfSearchTest.mrc": Expected(2, 2, (), {"encoding": 2}),
    "vufind-marc__bad.mrc": Expected(1, 1, (), LENGTHS),
    "vufind-marc__multibyte_subfields.mrc": Expected(1, 1, (), FLAG),
    "yaz__marc1.json.marc": Expected(
        1, 1, (), {"leader": 1, "encoding_flag": 1, "subfield": 1, "indicators": 1}
    ),
    "yaz__marc11.json.marc": Expected(1, 1, (), FLAG),
    "yaz__marc2.json.marc": Expected(
        1, 1, (), {"leader": 1, "encoding_flag": 1, "subfield": 1, "indicators": 1}
    ),
    "yaz__marc7.json.marc": Expected(1, 1, (), FLAG),
}
NOT_READ: dict[str, type[MarcError]] = {
    "isis2json__cds.iso": IsisFile,
    "ruby-marc__cp866_multirecord.marc": IsisFile,
    "processing-marc__code4lib.line": NotMarc,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_hostile_file_gives_what_can_be_had(name: str) -> None:
    expected = EXPECTED[name]

    with (HOSTILE / name).open("rb") as stream:
        outcomes = list(read(stream))

    records = [outcome for outcome in outcomes if isinstance(outcome, Read)]
    repairs = Counter(
        str(code) for one in records for code in {repair.code for repair in one.repairs}
    )
    assert len(records) == expected.read
    assert tuple(o.reason for o in outcomes if isinstance(o, Rejected)) == expected.rejected
    assert dict(repairs) == expected.repairs
    assert len(outcomes) >= expected.seen or expected.why


@pytest.mark.parametrize("name", EXPECTED)
def test_positions_in_a_hostile_file_follow_one_another(name: str) -> None:
    raw = (HOSTILE / name).read_bytes()

    with (HOSTILE / name).open("rb") as stream:
        outcomes = list(read(stream))

    assert [outcome.position.index for outcome in outcomes] == list(range(len(outcomes)))
    end = 0
    for outcome in outcomes:
        assert not raw[end : outcome.position.offset].strip(b"\r\n\x00\x1a")
        end = outcome.position.end
        if isinstance(outcome, Rejected):
            assert raw[outcome.position.offset : end].startswith(outcome.raw[:100])
    assert not raw[end:].strip(b"\r\n\x00\x1a")


@pytest.mark.parametrize(("name", "error"), NOT_READ.items())
def test_a_file_that_is_not_marc_is_named_as_what_it_is(name: str, error: type[MarcError]) -> None:
    with (HOSTILE / name).open("rb") as stream, pytest.raises(error):
        read(stream)


def test_every_hostile_file_was_reviewed() -> None:
    index = json.loads((HOSTILE / "index.json").read_text())

    assert {entry["file"] for entry in index} == EXPECTED.keys() | NOT_READ.keys()
    seen = {name: expected.seen for name, expected in EXPECTED.items()}
    assert {e["file"]: e["records"] for e in index if e["file"] in seen} == seen


@pytest.mark.parametrize("name", EXPECTED)
def test_what_was_repaired_is_sound_when_written_again(name: str) -> None:
    with (HOSTILE / name).open("rb") as stream:
        records = [outcome.record for outcome in read(stream) if isinstance(outcome, Read)]

    for record in records:
        try:
            raw = write_iso2709(record)
        except MarcError as error:
            assert error.code == "too_long", name
            continue
        (again,) = read(_Bytes(raw))
        assert isinstance(again, Read)
        assert (again.record, again.repairs) == (record, ())


class _Bytes:
    """A stream that hands its bytes out in drops."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def read(self, size: int, /) -> bytes:
        piece, self._raw = self._raw[: min(size, 7_000)], self._raw[min(size, 7_000) :]
        return piece


def first(name: str, at: int = 0) -> MarcRecord:
    with (HOSTILE / name).open("rb") as stream:
        outcome = list(read(stream))[at]
    assert isinstance(outcome, Read)
    return outcome.record


def test_the_text_of_hostile_records_is_right() -> None:
    assert first("ruby-marc__marc8_accented_chars.marc").value("100", "a") == "Serreau, Geneviève."
    assert first("solrmarc-sw__wdfSearchTest.mrc").value("650", "z") == "Québec (Province)"
    assert first("solrmarc-sw__aeoeLigatureTests.mrc").value("245", "a") == "Æ Flux"
    assert first("File_MARC__bad_example2.mrc").value("461", "t") == ("La Nouvelle revue française")
    portuguese = first("solrmarc-sw__diacriticTests.mrc", 20)
    assert portuguese.value("100", "a") == "Exaltação ao Brasil; Seleção"
    assert len(first("vufind-marc__bad.mrc").fields) == 1472


def test_a_tag_that_is_lost_is_reported_with_its_text() -> None:
    with (HOSTILE / "solrmarc-sw__combineBibMhld_b1b2b3bad.mrc").open("rb") as stream:
        outcome = list(read(stream))[3]

    assert isinstance(outcome, Read)
    lost = [r.detail for r in outcome.repairs if r.code is RepairCode.FIELD_MISSING]
    assert lost[:3] == ["a3000000", "SIRSI", "930824s1887    fr            000 0 rus d"]
    assert [field.tag for field in outcome.record.fields] == (
        ["245", "260", "300", "500", "500", "500", "596", "650", "999"]
    )
