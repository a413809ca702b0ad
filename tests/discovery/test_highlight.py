from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tangthu.discovery.highlight import Highlighter
from tangthu.discovery.language import parse


def segments(text: str, query: str) -> list[tuple[str, bool]]:
    return Highlighter(parse(query).tree).segments(text)


def bracketed(text: str, query: str) -> str:
    return "".join(f"[{part}]" if hit else part for part, hit in segments(text, query))


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Lịch sử Đắk Lắk", "dak lak", "Lịch sử [Đắk Lắk]"),
        ("Daklak xưa", "Đắk Lắk", "[Daklak] xưa"),
        ("Toán học, toán", "toan", "[Toán] học, [toán]"),
        ("Cartoon art", "art", "Cartoon [art]"),
        ("Người má cấy mạ", "má", "Người [má] cấy mạ"),
        ("Người cấy mạ", "má", "Người cấy [mạ]"),
        ("Nhật ký Ánh", '"nhật ánh"', "Nhật ký Ánh"),
        ("Nguyễn Nhật Ánh", '"nhật ánh"', "Nguyễn [Nhật Ánh]"),
        ("Toán học", "toa*", "[Toán] học"),
        ("Quyển sách", "quy*", "[Quyển] sách"),
        ("Thơ tuyển", "thơ -tuyển", "[Thơ] tuyển"),
        ("H’Hen Niê", "h'hen", "[H’Hen] Niê"),
        ("Mắt biếc", "", "Mắt biếc"),
        ("", "x", ""),
    ],
)
def test_whole_words_are_marked(text: str, query: str, shown: str) -> None:
    assert bracketed(text, query) == shown


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=30))
def test_the_segments_are_the_text(text: str, query: str) -> None:
    assert "".join(part for part, _ in segments(text, query)) == text
