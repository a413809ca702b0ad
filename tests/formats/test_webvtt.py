"""Captions as programs write them, and as we write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats.webvtt import Cue, CuesUnreadable, Line, clock, moment, parallel, read, write

WEBVTT = """\ufeffWEBVTT - Klei khan
Kind: captions

NOTE
made by hand --> not a time

1
00:00:01.000 --> 00:00:03.500 align:start
<v Amí Hŏa>Mơ̆ng ƀuôn sang &amp; dliê

01:02.000 --> 01:04.000
Dòng một
Dòng hai
"""
SUBRIP = (
    "1\r\n00:00:01,000 --> 00:00:03,500\r\nMơ̆ng ƀuôn sang\r\n\r\n"
    "2\r\n00:01:02,0 --> 00:01:04,25\r\nĐất đỏ\r\n"
)

moments = st.integers(0, 99 * 3_600_000)
words = st.text(st.sampled_from("aăâbdđeêƀčĕŏ &<> \n"), min_size=1, max_size=40).map(
    lambda text: "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))
)
cues = st.builds(
    lambda start, long, text: Cue(start, start + long, text),
    moments,
    st.integers(0, 60_000),
    words.filter(bool),
)


def test_webvtt_is_read_without_its_marks() -> None:
    assert read(WEBVTT.encode()) == (
        Cue(1_000, 3_500, "Mơ̆ng ƀuôn sang & dliê"),
        Cue(62_000, 64_000, "Dòng một\nDòng hai"),
    )


def test_subrip_is_read_as_well() -> None:
    assert read(SUBRIP.encode()) == (
        Cue(1_000, 3_500, "Mơ̆ng ƀuôn sang"),
        Cue(62_000, 64_250, "Đất đỏ"),
    )


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "no_cues", 0),
        (b"WEBVTT\n\nhello\n", "no_cues", 0),
        (b"\xff\xfe\x00", "not_utf8", 0),
        (b"x" * (4 * 1024**2 + 1), "too_large", 0),
        (b"WEBVTT\n\n1\nsoon --> later\nA\n", "bad_time", 4),
        (b"00:02.000 --> 00:01.000\nA\n", "ends_before_begins", 1),
        (b"999:00:00.000 --> 999:00:01.000\nA\n", "bad_time", 1),
        (b"00:01.000 -->\nA\n", "bad_time", 1),
    ],
)
def test_what_holds_no_captions_is_refused_with_its_place(
    data: bytes, code: str, line: int
) -> None:
    with pytest.raises(CuesUnreadable) as refused:
        read(data)

    assert (refused.value.code, refused.value.line) == (code, line)


def test_markup_in_captions_is_text_or_nothing() -> None:
    (cue,) = read(b"00:01.000 --> 00:02.000\n<script>alert(1)</script> a &lt;b&gt;\n")

    assert cue.text == "alert(1) a <b>"
    assert b"<b>" not in write([cue])


@given(st.lists(cues, min_size=1, max_size=8))
def test_what_is_written_is_read_back(given_cues: list[Cue]) -> None:
    ordered = tuple(sorted(given_cues, key=lambda cue: (cue.start, cue.end)))

    assert sorted(map(repr, read(write(ordered)))) == sorted(map(repr, ordered))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0:00", 0),
        ("2:03", 123_000),
        ("1:02:03", 3_723_000),
        ("02:03,45", 123_450),
        ("75:00", None),
        ("2:60", None),
        ("-1:00", None),
        ("", None),
        ("2:03 x", None),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, expected: int | None) -> None:
    assert moment(text) == expected


@given(moments)
def test_a_moment_is_written_and_read_back(at: int) -> None:
    assert moment(clock(at, exact=True)) == at
    assert moment(clock(at)) == at // 1000 * 1000


def test_a_translation_stands_beside_the_words_that_it_shares_most_time_with() -> None:
    spoken = [Cue(0, 4_000, "một"), Cue(4_000, 8_000, "hai"), Cue(20_000, 21_000, "ba")]
    translated = [Cue(500, 3_000, "one"), Cue(3_500, 7_900, "two"), Cue(9_000, 10_000, "alone")]

    assert parallel(spoken, translated) == (
        Line(0, 4_000, "một", "one"),
        Line(4_000, 8_000, "hai", "two"),
        Line(9_000, 10_000, "", "alone"),
        Line(20_000, 21_000, "ba"),
    )


@given(st.lists(cues, max_size=8), st.lists(cues, max_size=8))
def test_no_words_are_lost_between_two_languages(left: list[Cue], right: list[Cue]) -> None:
    in_order = [sorted(each, key=lambda cue: (cue.start, cue.end)) for each in (left, right)]

    lines = parallel(*in_order)

    assert sorted(line.text for line in lines if line.text) == sorted(cue.text for cue in left)
    said = sum(line.translation.count("\n") + 1 for line in lines if line.translation)
    assert said == sum(cue.text.count("\n") + 1 for cue in right)
