"""The language of texts, the shipped texts, SMS, and quiet hours: laws without a database."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.notices.policy import (
    KINDS,
    LANGUAGES,
    BrokenTemplate,
    Channel,
    Fault,
    Hours,
    NoticeKind,
    default_text,
    faults,
    fitted,
    is_quiet,
    line_text,
    measure,
    names,
    plain,
    render,
    sample_values,
    sending_time,
    values_of,
)

KNOWN = ("name", "title", "due")
values = st.fixed_dictionaries({name: st.text(max_size=20) for name in KNOWN})
HANOI = timezone(timedelta(hours=7))


@given(st.text())
def test_any_text_is_either_sound_or_refused_and_never_breaks_otherwise(text: str) -> None:
    filled = dict.fromkeys(KNOWN, "x")
    found = faults(text, KNOWN)

    if found and found[0].fault is not Fault.EMPTY:
        with pytest.raises(BrokenTemplate):
            render(text, filled)
    else:
        render(text, filled)


@given(st.lists(st.sampled_from(["{name}", "{title}", "{{", "}}", "chữ", " ", "\n"])), values)
def test_a_sound_text_holds_every_value_as_it_is(parts: list[str], given_values: dict[str, str]):
    text = "".join(["{name}x", *parts])

    rendered = render(text, given_values)

    assert given_values["name"].strip("\n") in rendered or not given_values["name"]


@given(values)
def test_a_value_is_never_read_as_a_text(given_values: dict[str, str]) -> None:
    given_values["title"] = "{name} {{ }} {khong}"

    assert "{name} {{ }} {khong}" in render("“{title}”", given_values)


@given(st.integers(0, 5), st.integers(0, 20), st.text(ascii_lowercase, min_size=1, max_size=9))
def test_a_fault_is_told_with_its_place(lines: int, before: int, name: str) -> None:
    text = "x\n" * lines + "y" * before + "{" + name + "_không}"

    (fault,) = faults(text, KNOWN)

    assert (fault.fault, fault.line, fault.column) == (Fault.UNKNOWN, lines + 1, before + 1)


@pytest.mark.parametrize(
    ("text", "fault", "line", "column"),
    [
        ("Chào {name", Fault.UNCLOSED, 1, 6),
        ("Chào\nname}", Fault.STRAY, 2, 5),
        ("{name.__class__}", Fault.UNKNOWN, 1, 1),
        ("{0}", Fault.UNKNOWN, 1, 1),
        ("{}", Fault.UNKNOWN, 1, 1),
        ("{name!r:>99999}", Fault.UNKNOWN, 1, 1),
        (" \n ", Fault.EMPTY, 1, 1),
    ],
)
def test_what_is_refused(text: str, fault: Fault, line: int, column: int) -> None:
    (found,) = faults(text, KNOWN)

    assert (found.fault, found.line, found.column) == (fault, line, column)


def test_a_line_whose_values_are_all_empty_is_left_out() -> None:
    text = "Chào {name}\nHạn: {due}\n{name} – {due}\nHết"

    assert render(text, {"name": "Lan", "due": ""}) == "Chào Lan\nLan – \nHết"


def test_braces_are_written_twice() -> None:
    assert render("{{name}} {name}", {"name": "Lan"}) == "{name} Lan"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_shipped_text_is_sound(kind: NoticeKind, language: str) -> None:
    known, examples = {each.name for each in values_of(kind)}, sample_values(kind, site="https://x")

    for channel in Channel:
        text = default_text(kind, channel, language)
        assert faults(text.body, known) == ()
        assert not text.subject or faults(text.subject, known) == ()
        assert "{" not in render(text.body, examples)
    assert set(names(line_text(kind, language))) <= known
    assert render(line_text(kind, language), examples)


@pytest.mark.parametrize("kind", KINDS)
def test_a_shipped_sms_is_short(kind: NoticeKind) -> None:
    text = default_text(kind, Channel.SMS, "vi").body
    examples = sample_values(kind, site="https://thuvien.vn")

    assert measure(plain(render(text, examples))).segments <= 2


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "segments"),
    [
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        ("a" * 152 + "€" + "a" * 10, "gsm7", 164, 2),
        ("ạ" * 70, "ucs2", 70, 1),
        ("ạ" * 71, "ucs2", 71, 2),
        ("à" * 160, "gsm7", 160, 1),
        ("📚" * 35, "ucs2", 70, 1),
        ("📚" * 36, "ucs2", 72, 2),
        ("", "gsm7", 0, 1),
    ],
)
def test_sms_are_counted(text: str, alphabet: str, units: int, segments: int) -> None:
    size = measure(text)

    assert (size.alphabet, size.units, size.segments) == (alphabet, units, segments)


@given(st.text(max_size=2000), st.integers(1, 6))
def test_what_is_cut_fits(text: str, most: int) -> None:
    assert measure(fitted(text, most)).segments <= most


@given(st.text(alphabet="aăâeêioôơuưyđÀẢÃÁẠĐƀŏŭ’“–… "))
def test_vietnamese_without_marks_is_cheap(text: str) -> None:
    assert measure(plain(text)).alphabet == "gsm7"


def test_marks_are_taken_off() -> None:
    assert plain("Đắk Lắk: Y Ƀlŭl Niê, “Ơ”…") == 'Dak Lak: Y Blul Nie, "O"...'


hours = st.builds(
    Hours,
    quiet_from=st.integers(0, 23),
    quiet_until=st.integers(0, 23),
    digest_at=st.integers(0, 23),
)
moments = st.datetimes(
    min_value=datetime.fromisoformat("2026-01-01"),
    max_value=datetime.fromisoformat("2030-01-01"),
    timezones=st.just(HANOI),
)


@given(moments, hours, st.sampled_from(list(Channel)), st.booleans())
def test_nothing_rings_in_quiet_hours_and_nothing_waits_two_days(
    moment: datetime, at: Hours, channel: Channel, digest: bool
) -> None:
    goes = sending_time(moment, channel=channel, hours=at, digest=digest)

    assert moment <= goes <= moment + timedelta(days=2)
    if channel in {Channel.SMS, Channel.ZALO, Channel.PUSH}:
        assert not is_quiet(goes, at)


@given(moments, hours)
def test_a_code_never_waits(moment: datetime, at: Hours) -> None:
    assert sending_time(moment, channel=Channel.SMS, hours=at, urgent=True) == moment
