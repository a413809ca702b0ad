"""Personal names of Kinh, Ê Đê and M'nông people, and the headings made of them.

A name is kept whole, as the person writes it; only its place in a list is computed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from tangthu.text.folding import search_key
from tangthu.text.normal import APOSTROPHES, compose, normalise
from tangthu.text.sorting import FIELD_BREAK
from tangthu.text.syllables import looks_vietnamese

_APOSTROPHE = f"['{APOSTROPHES}]"
_GENDER_PARTICLE = re.compile(rf"(?P<particle>[Yy](?= )|[Hh](?:{_APOSTROPHE} ?| ))(?P<rest>.+)")
_NAME_SIGNS = frozenset(f"'{APOSTROPHES}-‐\u2011. ")

_SURNAMES = """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Vương
Trịnh Trương Đinh Lâm Phùng Mai Tô Tạ Thái Hà Cao Châu Chu Chử Tôn Tống Tăng Thạch Sơn
Kiều Kiên Khổng Khương Khúc Lưu Lương La Lã Lữ Lục Lại Mạc Mã Ninh Nghiêm Ngụy Nông Ông
Phó Phí Quách Quan Quản Sầm Tiêu Triệu Từ Trang Văn Viên Vi Uông Ung Ứng Âu Bạch Bành Bế
Biện Cái Cung Cù Diệp Doãn Đàm Đàng Đồng Đậu Đồ Đổng Giang Giáp Hàn Hàng Hầu Hoa Hứa Hùng
Kha Kim Lò Lường Lều Lộ Lôi Luyện Mạch Nhan Nhâm Nhữ Ngân Ngọ Ôn Phù Phương Phú Quàng Tào
Tất Thân Thẩm Thi Thiều Thích Tưởng Trà Vừ Xa Danh Điền Điểu Đới Hán Hồng
"""
_BARE_SURNAMES = (
    "nguyen tran pham huynh hoang vu vo dang bui do ho ngo duong dao doan trinh "
    "truong dinh phung vuong luong"
)
SURNAMES = frozenset(search_key(name) for name in _SURNAMES.split())
"""Keys of the surnames (and the religious Thích) by which an inverted heading is known."""

_UNMISTAKABLE = frozenset(_BARE_SURNAMES.split())


class _Parts(NamedTuple):
    given: str
    family: str
    between: str


def given_name(full_name: str) -> str:
    """Return the name by which a person is called: An, Ƀlŭl, Hen.

    The last word of a Kinh name; after the Ê Đê and M'nông particles Y and H’, the
    word that follows them, for there the clan stands last.
    """
    return _parts(full_name).given


def sort_name(full_name: str) -> str:
    """Return the name as lists of patrons sort it: by tên, then họ, then đệm.

    Nguyễn Văn An gives `An | Nguyễn | Văn`; H’Hen Niê gives `Hen | Niê | H’`. Pass it
    to `sort_key`, which compares the parts one by one. Staff may correct it.
    """
    return f" {FIELD_BREAK} ".join(part for part in _parts(full_name) if part)


def direct_heading(heading: str) -> str:
    """Return an inverted heading of a Vietnamese person in the order in which it is said.

    `Nguyễn, Du, 1765-1820` and `Phụng, Vũ Trọng` become `Nguyễn Du, 1765-1820` and
    `Vũ Trọng Phụng`. Only where one part begins with a Vietnamese surname and all
    of both parts are Vietnamese syllables, or the second begins with Y or H’;
    any other heading is returned as it came.
    """
    before, comma, after = heading.partition(",")
    match = re.match(r"\s*([^,(\d]*[^,(\d\s.])(.*)", after, re.DOTALL)
    if not comma or match is None:
        return heading
    name = _direct_name(before.strip(), match[1])
    return heading if name is None else name + match[2]


def valid_name(name: str) -> bool:
    """Whether `name` can be a person's: letters and marks of any script, ' ’ - . and spaces."""
    text = normalise(name)
    return any(map(str.isalpha, text)) and all(
        letter in _NAME_SIGNS or unicodedata.category(letter)[0] in "LM" for letter in text
    )


def _parts(full_name: str) -> _Parts:
    name = normalise(full_name)
    match = _GENDER_PARTICLE.fullmatch(name)
    if match:
        given, _, clan = match["rest"].strip().partition(" ")
        return _Parts(given, clan, match["particle"].strip())
    *before, given = name.split(" ")
    return _Parts(given, before[0] if before else "", " ".join(before[1:]))


def _direct_name(before: str, after: str) -> str | None:
    if _GENDER_PARTICLE.fullmatch(after) and not before.isascii():
        return f"{after} {before}"
    if not (_all_vietnamese(before) and _all_vietnamese(after)):
        return None
    if _is_surname(before):
        return f"{before} {after}"
    if _is_surname(after.split()[0]):
        return f"{after} {before}"
    return None


def _is_surname(word: str) -> bool:
    return search_key(word) in SURNAMES or word.lower() in _UNMISTAKABLE


def _all_vietnamese(words: str) -> bool:
    return all(map(looks_vietnamese, compose(words).lower().split()))
