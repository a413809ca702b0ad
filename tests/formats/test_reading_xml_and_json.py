"""MARCXML and MARC-in-JSON as other systems write them, and as an attacker might."""

from __future__ import annotations

import contextlib
import io
import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.marc.errors import MarcError, NotMarc
from tangthu.formats.marc.outcome import Limits, Outcome, Read, Reason, Rejected, RepairCode
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.record import DEFAULT_LEADER, ControlField, MarcRecord
from tangthu.formats.marc.writer import XML_FOOTER, XML_HEADER, write_json, xml_record
from tests.formats.records import KIEU, data, record

PLAIN = record(ControlField("001", "a1"), data("245", "00", "a Đắk Lắk"))
BODY = (
    f"<leader>{DEFAULT_LEADER}</leader><controlfield tag='001'>a1</controlfield>"
    "<datafield tag='245' ind1='0' ind2='0'><subfield code='a'>Đắk Lắk</subfield></datafield>"
)
NAMESPACE = "http://www.loc.gov/MARC21/slim"


def outcomes(raw: bytes | str, **options: object) -> list[Outcome]:
    raw = raw.encode() if isinstance(raw, str) else raw
    return list(read(io.BytesIO(raw), **options))  # type: ignore[arg-type]


def records(raw: bytes | str) -> list[MarcRecord]:
    found = outcomes(raw)
    assert all(isinstance(outcome, Read) for outcome in found), found
    return [outcome.record for outcome in found if isinstance(outcome, Read)]


@pytest.mark.parametrize(
    "document",
    [
        f"<record>{BODY}</record>",
        f"<record xmlns='{NAMESPACE}'>{BODY}</record>",
        f"<record xmlns='urn:other'>{BODY}</record>",
        f"<?xml version='1.0'?>\n<!-- by hand -->\n<records><record>{BODY}</record></records>",
        f"\ufeff<collection><record type='Bibliographic'>{BODY}</record></collection>",
        f"<OAI-PMH><ListRecords><record><header><identifier>x</identifier></header><metadata>"
        f"<record>{BODY}</record></metadata></record></ListRecords></OAI-PMH>",
        f"<searchRetrieveResponse><records><record><recordData><record>{BODY}</record>"
        "</recordData></record></records></searchRetrieveResponse>",
    ],
)
def test_marcxml_is_read_in_any_envelope(document: str) -> None:
    assert records(document) == [PLAIN]


def test_a_prefix_changes_nothing_even_if_it_is_not_declared() -> None:
    prefixed = (
        BODY.replace("</", "</marc:").replace("<", "<marc:").replace("<marc:/marc:", "</marc:")
    )

    assert records(f"<marc:record xmlns:marc='{NAMESPACE}'>{prefixed}</marc:record>") == [PLAIN]
    assert records(f"<marc:record>{prefixed}</marc:record>") == [PLAIN]


def test_utf_16_is_read() -> None:
    document = f"<?xml version='1.0' encoding='UTF-16'?><record>{BODY}</record>"

    assert records(document.encode("utf-16")) == [PLAIN]


def test_positions_in_xml_are_bytes() -> None:
    raw = XML_HEADER + xml_record(KIEU).data + xml_record(PLAIN).data + XML_FOOTER

    first, second = outcomes(raw)

    assert raw[second.position.offset : second.position.end] == xml_record(PLAIN).data.rstrip()
    assert outcomes(raw, start=first.position.end, index=1) == [second]


def test_a_record_without_leader_gets_one() -> None:
    (outcome,) = outcomes("<record><controlfield tag='001'>a</controlfield></record>")

    assert isinstance(outcome, Read)
    assert outcome.record.leader == DEFAULT_LEADER
    assert [repair.code for repair in outcome.repairs] == [RepairCode.LEADER]


def test_missing_attributes_are_reported() -> None:
    (outcome,) = outcomes(
        f"<record><leader>{DEFAULT_LEADER}</leader>"
        "<datafield tag='24'><subfield>A</subfield></datafield></record>"
    )

    assert isinstance(outcome, Read)
    assert outcome.record.fields == (data("24x", "  ", "x A"),)
    assert [repair.code for repair in outcome.repairs] == [
        RepairCode.SUBFIELD,
        RepairCode.INDICATORS,
        RepairCode.TAG,
    ]


def test_an_empty_record_is_refused() -> None:
    (outcome,) = outcomes("<collection><record/></collection>")

    assert isinstance(outcome, Rejected)
    assert outcome.reason is Reason.NO_FIELDS
    assert outcome.raw == b"<record/>"


BOMB = """<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<record><leader>&b;</leader></record>"""
OUTSIDE = (
    '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><record><leader>&a;</leader></record>'
)


@pytest.mark.parametrize("document", [BOMB, OUTSIDE, "<!DOCTYPE r><record/>", "<a>" * 100])
def test_what_could_attack_a_parser_is_forbidden(document: str) -> None:
    (outcome,) = outcomes(document)

    assert isinstance(outcome, Rejected)
    assert outcome.reason is Reason.XML_FORBIDDEN


def test_an_unknown_entity_ends_the_reading() -> None:
    first, second = outcomes(f"<c><record>{BODY}</record><record><leader>&x;</leader></record></c>")

    assert isinstance(first, Read)
    assert isinstance(second, Rejected)
    assert second.reason is Reason.XML_MALFORMED
    assert "undefined entity" in second.detail


def test_xml_cut_off_gives_the_records_before_the_cut() -> None:
    raw = XML_HEADER + xml_record(KIEU).data + xml_record(PLAIN).data[:-20]

    first, second = outcomes(raw)

    assert isinstance(first, Read)
    assert first.record == KIEU
    assert isinstance(second, Rejected)
    assert second.reason is Reason.TRUNCATED
    assert second.raw == xml_record(PLAIN).data[:-20]


def test_xml_without_records_is_not_marc() -> None:
    with pytest.raises(NotMarc):
        outcomes("<mods><titleInfo/></mods>")
    assert outcomes("<collection/>") == []


def test_limits_of_xml_refuse_a_record_and_go_on() -> None:
    many = "".join(f"<controlfield tag='009'>{n}</controlfield>" for n in range(30))
    long = f"<controlfield tag='009'>{'x' * 3_000_000}</controlfield>"
    document = (
        f"<collection><record>{many}</record><record>{long}</record><record>{BODY}</record>"
        "</collection>"
    )

    first, second, third = outcomes(document, limits=Limits(fields=20, raw_bytes=100))

    assert isinstance(first, Rejected)
    assert first.reason is Reason.TOO_MANY_FIELDS
    assert isinstance(second, Rejected)
    assert second.reason is Reason.TOO_LARGE
    assert len(second.raw) == 100
    assert isinstance(third, Read)
    assert third.record == PLAIN


@pytest.mark.parametrize("opening", [b"<!-- ", b"<record x='", b"<?pi ", b"<r", b"<![CDATA["])
def test_a_tag_without_end_is_given_up_in_time(opening: bytes) -> None:
    raw = b"<collection>" + opening + b"x" * 20_000_000

    started = time.process_time()
    found = outcomes(raw, limits=Limits(record_bytes=200_000))

    assert time.process_time() - started < 5
    assert isinstance(found[-1], Rejected)


def test_memory_does_not_grow_with_the_file() -> None:
    piece = xml_record(KIEU).data
    stream = _Repeated(XML_HEADER, piece, times=1_000)

    tracemalloc.start()
    count = sum(1 for _ in read(stream))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 1_000
    assert peak < 1_000_000 < stream.given


class _Repeated:
    """A collection made as it is read."""

    def __init__(self, head: bytes, piece: bytes, *, times: int) -> None:
        self._pieces = iter([head, *[piece] * times, XML_FOOTER])
        self.given = 0

    def read(self, _: int, /) -> bytes:
        piece = next(self._pieces, b"")
        self.given += len(piece)
        return piece


@given(
    st.lists(
        st.sampled_from(
            [
                "<record>",
                "</record>",
                "<subfield code='a'>",
                "</subfield>",
                "<datafield tag='245' ind1=' '>",
                "</datafield>",
                "text",
                "&amp;",
                "<leader>",
                "</leader>",
            ]
        )
    )
)
def test_elements_in_any_order_never_crash(tokens: list[str]) -> None:
    with contextlib.suppress(MarcError):
        outcomes("<collection>" + "".join(tokens))


def test_json_is_read_as_lines_and_as_an_array_laid_out_for_people() -> None:
    lines = write_json(KIEU) + b"\r\n\r\n" + write_json(PLAIN) + b"\n"
    pretty = json.dumps([json.loads(write_json(KIEU)), json.loads(write_json(PLAIN))], indent=2)

    assert records(lines) == [KIEU, PLAIN]
    assert records(pretty) == [KIEU, PLAIN]
    assert records(json.dumps(json.loads(write_json(KIEU)), indent=2)) == [KIEU]
    assert records("[]") == []


def test_a_broken_line_of_json_costs_no_other() -> None:
    good = write_json(PLAIN)

    first, second, third = outcomes(b"\n".join([good, good[:40], good]))

    assert isinstance(first, Read)
    assert isinstance(second, Rejected)
    assert second.reason is Reason.JSON_MALFORMED
    assert second.position.offset == len(good) + 1
    assert second.raw == good[:40]
    assert isinstance(third, Read)


@pytest.mark.parametrize(
    "shape",
    [
        '{"leader": "x"}',
        '{"leader": null, "fields": []}',
        '{"leader": "x", "fields": {"001": "a"}}',
        '{"leader": "x", "fields": [{"001": 5}]}',
        '{"leader": "x", "fields": [{"001": "a", "003": "b"}]}',
        '{"leader": "x", "fields": [{"245": {"ind1": "1", "subfields": []}}]}',
        '{"leader": "x", "fields": [{"245": {"ind1": "1", "ind2": "", "subfields": []}}]}',
        '{"leader": "x", "fields": [{"245": {"ind1": "1", "ind2": "0", "subfields": ["a"]}}]}',
        '{"leader": "x", "fields": [{"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": 1}]}}]}',
        '{"leader": "x", "fields": [{"245": {"ind1": 1, "ind2": "0", "subfields": [{"ab": ""}]}}]}',
        '{"leader": "x", "fields": ' + "[" * 5_000 + "]" * 5_000 + "}",
    ],
)
def test_json_of_another_shape_is_refused(shape: str) -> None:
    first, second = outcomes(shape.replace("\n", " ") + "\n" + write_json(PLAIN).decode())

    assert isinstance(first, Rejected)
    assert first.reason in (Reason.JSON_SHAPE, Reason.JSON_MALFORMED)
    assert isinstance(second, Read)


def test_json_cut_off_gives_the_records_before_the_cut() -> None:
    raw = b"[" + write_json(KIEU) + b"," + write_json(PLAIN)[:-9]

    first, second = outcomes(raw)

    assert isinstance(first, Read)
    assert isinstance(second, Rejected)
    assert second.reason is Reason.TRUNCATED


def test_an_object_of_json_past_the_limit_is_refused() -> None:
    raw = b'[{"leader": "' + b"x" * 3_000_000 + b'"}]'

    (outcome,) = outcomes(raw, limits=Limits(record_bytes=100_000, raw_bytes=10))

    assert isinstance(outcome, Rejected)
    assert outcome.reason is Reason.TOO_LARGE
    assert outcome.raw == b'{"leader":'


@given(st.text(st.sampled_from('{}[]",:\\a1 \n'), max_size=60))
def test_pieces_of_json_never_crash(text: str) -> None:
    for document in ('[{"leader"' + text, '{"fields":' + text, text):
        with contextlib.suppress(MarcError):
            outcomes(document)


def test_fields_of_the_wrong_kind_are_put_into_shape() -> None:
    document = {
        "leader": DEFAULT_LEADER,
        "fields": [
            {"245": "Truyện Kiều"},
            {"008": {"ind1": " ", "ind2": " ", "subfields": [{"a": "2003"}, {"b": "vie"}]}},
            {"5/": {"ind1": " ", "ind2": " ", "subfields": [{"a": "A\x1fB"}]}},
            {"FMT": "BK"},
        ],
    }

    (outcome,) = outcomes(json.dumps(document))

    assert isinstance(outcome, Read)
    assert outcome.record.fields == (
        data("245", "  ", "a Truyện Kiều"),
        ControlField("008", "2003 vie"),
        data("5xx", "  ", "a A B"),
        ControlField("FMT", "BK"),
    )
    assert [(repair.code, repair.tag) for repair in outcome.repairs] == [
        (RepairCode.SUBFIELD, "245"),
        (RepairCode.SUBFIELD, "008"),
        (RepairCode.TAG, "5xx"),
        (RepairCode.CHARACTER, "5xx"),
    ]


@pytest.mark.parametrize("name", ["nonsense-8", "utf-7", "shift_jis", "hex"])
def test_an_encoding_that_cannot_be_read_is_reported(name: str) -> None:
    (outcome,) = outcomes(f"<?xml version='1.0' encoding='{name}'?><record>{BODY}</record>")

    assert isinstance(outcome, Rejected)
    assert outcome.reason is Reason.XML_MALFORMED
