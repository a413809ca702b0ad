"""The demo's books: invented, in four languages, made into MARC records with their copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from tangthu.formats.marc.record import ControlField, DataField, MarcRecord, Subfield
from tangthu.site.demo import words
from tangthu.text.folding import fold

RECORDS = 3000
ITEMS = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Where a copy stands: the library, the stack, and what it is for the lending rules."""

    library: str
    location: str
    item_type: str = "book"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What a made-up work is about."""

    title: str
    author: str
    language: str = "vie"
    ddc: str = ""
    subjects: tuple[str, ...] = ()
    place_name: str = ""
    genre: str = ""
    summary: str = ""
    leader_type: str = "am"
    other_class: str = ""
    audience: str = ""


def marc_records() -> Iterator[MarcRecord]:
    """Yield the demo's records, always the same, each with its copies in field 952."""
    chance = Random(20260701)  # noqa: S311 (the same every time, on purpose)
    numbers: dict[str, int] = {}
    copies_left = ITEMS
    for index, book in enumerate(_books(chance)):
        share = copies_left / (RECORDS - index)
        count = min(copies_left, max(1, round(chance.gauss(share, 1.1))))
        copies_left -= count
        if index == RECORDS - 1:
            count += copies_left
        copies = [_copy(book, chance) for _ in range(count)]
        yield _marc(index + 1, book, copies, chance, numbers)


def _books(chance: Random) -> Iterator[Book]:
    seen: set[str] = set()
    made: list[Callable[[Random], Book]]
    made = [_local, _fiction, _science, _child, _foreign, _ede, _serial, _map]
    weights = (22, 30, 20, 18, 6, 4, 2, 1)
    yield from _singular()
    while len(seen) < RECORDS - len(list(_singular())):
        book = chance.choices(made, weights)[0](chance)
        title = book.title
        if title in seen:
            title = f"{title}. Tập {chance.randint(2, 12)}"
        if title in seen:
            continue
        seen.add(title)
        yield replace(book, title=title)


def _singular() -> Iterator[Book]:
    """Yield the cases that a demo must have."""
    yield Book(
        title="Chuyện cũ ở thư viện huyện",
        author="Nguyễn Demo A",
        other_class="V23",
        subjects=("Văn học Việt Nam",),
        summary="Biểu ghi còn mang ký hiệu của khung phân loại 19 lớp.",
    )
    # TCVN3 read as Latin-1, as files of the nineties come to us; the import mends it.
    yield Book(
        title="V¨n ho¸ cång chiªng T©y Nguyªn",
        author="NguyÔn V¨n Demo",
        ddc="390.095976",
        subjects=("Cång chiªng",),
    )
    yield Book(
        title="La chanson de Damsan",
        author="Sabatier, Léopold",
        language="fre",
        ddc="398.2",
        subjects=("Sử thi Ê Đê",),
        place_name="Đắk Lắk",
        genre="Sử thi",
        summary="Ấn bản năm 1927 của trường ca Đăm San, đã thuộc về công chúng.",
    )
    yield Book(
        title="Báo cáo tình hình tỉnh Darlac",
        author="Nguyễn Demo C",
        language="fre",
        ddc="959.76",
        subjects=("Lịch sử địa phương",),
        place_name="Đắk Lắk",
        genre="Tài liệu hạn chế",
    )


def _person(chance: Random) -> str:
    return " ".join(
        (
            chance.choice(words.SURNAMES),
            chance.choice(words.MIDDLE_NAMES),
            chance.choice(words.GIVEN_NAMES),
        )
    )


def _ede_person(chance: Random) -> str:
    particle = chance.choice(("Y ", "H’"))
    return f"{particle}{chance.choice(words.EDE_GIVEN)} {chance.choice(words.EDE_CLANS)}"


def _local(chance: Random) -> Book:
    topic, place = chance.choice(words.LOCAL_HISTORY), chance.choice(words.PLACES)
    return Book(
        title=f"{topic} {place} {chance.choice(words.LOCAL_ANGLES)}",
        author=_ede_person(chance) if chance.random() < 0.25 else _person(chance),
        ddc="959.76" if "Lịch sử" in topic else "390.095976",
        subjects=(topic, "Địa chí"),
        place_name=place,
        genre="Tài liệu địa chí",
        summary=f"Giới thiệu {topic.lower()} ở {place}, từ tư liệu sưu tầm tại chỗ.",
    )


def _fiction(chance: Random) -> Book:
    return Book(
        title=f"{chance.choice(words.FICTION_NOUNS)} {chance.choice(words.FICTION_ENDS)}",
        author=_person(chance),
        ddc=chance.choice(("895.922334", "895.92234", "895.9221")),
        subjects=("Văn học Việt Nam", chance.choice(("Truyện ngắn", "Tiểu thuyết", "Thơ"))),
        genre=chance.choice(("Tiểu thuyết", "Truyện ngắn", "Thơ")),
    )


def _science(chance: Random) -> Book:
    subject, ddc = chance.choice(words.SCIENCES)
    return Book(
        title=f"{subject} {chance.choice(words.SCIENCE_FORMS)}",
        author=_person(chance),
        ddc=ddc,
        subjects=(subject,),
        summary=f"Trình bày kiến thức {subject.lower()} bằng lời giản dị, có hình minh họa.",
    )


def _child(chance: Random) -> Book:
    return Book(
        title=f"{chance.choice(words.CHILDREN)} {chance.choice(words.CHILDREN_DEEDS)}",
        author=_person(chance),
        ddc="895.9223",
        subjects=("Văn học thiếu nhi",),
        genre="Sách thiếu nhi",
        audience="Thiếu nhi",
    )


def _foreign(chance: Random) -> Book:
    if chance.random() < 0.6:
        title = f"{chance.choice(words.ENGLISH)} {chance.choice(words.ENGLISH_ENDS)}"
        return Book(title=title, author="Demo, Jane", language="eng", ddc="915.976")
    title = f"{chance.choice(words.FRENCH)} {chance.choice(words.FRENCH_ENDS)}"
    return Book(title=title, author="Démo, Jean", language="fre", ddc="915.976")


def _ede(chance: Random) -> Book:
    name = _ede_person(chance)
    return Book(
        title=f"{chance.choice(words.EDE)} ƀuôn {chance.choice(words.PLACES)}",
        author=name,
        language="rad",
        ddc="398.2",
        subjects=("Văn học dân gian Ê Đê",),
        place_name="Đắk Lắk",
        genre="Văn học dân gian",
    )


def _serial(chance: Random) -> Book:
    place = chance.choice(words.PLACES)
    name = chance.choice(("Tạp chí", "Báo", "Bản tin", "Nội san"))
    return Book(
        title=f"{name} {chance.choice(words.SERIAL_TOPICS)} {place}",
        author="Hội Mẫu",
        ddc="050",
        subjects=("Báo, tạp chí địa phương", "Đắk Lắk"),
        leader_type="as",
    )


def _map(chance: Random) -> Book:
    place, kind = chance.choice(words.PLACES), chance.choice(("hành chính", "địa hình", "đất đai"))
    return Book(
        title=f"Bản đồ {kind} {place}, tỉnh Đắk Lắk",
        author="Sở Mẫu",
        ddc="912.5976",
        subjects=("Bản đồ", "Địa chí"),
        place_name="Đắk Lắk",
        leader_type="em",
    )


def _copy(book: Book, chance: Random) -> Copy:
    if book.genre in {"Tài liệu địa chí", "Tài liệu hạn chế", "Sử thi"} and chance.random() < 0.5:
        return Copy(library="DLK", location="DC")
    if book.audience or book.genre == "Sách thiếu nhi":
        library = chance.choices(("DLK", "EAKAO", "BDON", "THDEMO", "XE01"), (4, 2, 2, 3, 2))[0]
        return Copy(library=library, location="TN")
    library = chance.choices(("DLK", "EAKAO", "BDON", "THDEMO", "XE01"), (7, 1, 1, 1, 1))[0]
    return Copy(library=library, location="M")


def _marc(
    number: int, book: Book, copies: list[Copy], chance: Random, numbers: dict[str, int]
) -> MarcRecord:
    place, publisher = chance.choice(words.PUBLISHERS)
    year = 1927 if "Damsan" in book.title else chance.randint(1985, 2026)
    fields: list[ControlField | DataField] = [
        ControlField("001", f"demo{number:06}"),
        ControlField("003", "DEMO"),
        ControlField("008", _fixed(year, book.language)),
        _field("040", "  ", a="DLK", b="vie"),
        _language(book.language),
    ]
    if book.ddc:
        fields.append(_field("082", "04", a=book.ddc, b=_book_number(book.title), x2="23"))
    if book.other_class:
        fields.append(_field("084", "  ", a=book.other_class, x2="bbk"))
    fields += [
        _field("100", "1 " if "," in book.author else "0 ", a=book.author),
        _field("245", "10", a=f"{book.title} {words.MARK} /", c=book.author),
        _field("260", "  ", a=f"{place} :", b=f"{publisher},", c=str(year)),
        _field("300", "  ", a=f"{chance.randint(48, 420)} tr. ;", c=f"{chance.randint(19, 27)} cm"),
        _field("500", "  ", a=f"{words.MARK} Biểu ghi trình diễn, không có thật."),
    ]
    fields += _subjects(book)
    fields += [_item(copy, chance, numbers) for copy in copies]
    return MarcRecord(leader=f"00000n{book.leader_type} a2200000 a 4500", fields=tuple(fields))


def _subjects(book: Book) -> list[DataField]:
    fields = [_field("650", " 7", a=subject, x2="tvdlk") for subject in book.subjects]
    if book.place_name:
        fields.append(_field("651", " 7", a=book.place_name, x2="tvdlk"))
    if book.genre:
        fields.append(_field("655", " 7", a=book.genre, x2="tvdlk"))
    if book.summary:
        fields.append(_field("520", "  ", a=book.summary))
    if book.audience:
        fields.append(_field("521", "  ", a=book.audience))
    return fields


def _item(copy: Copy, chance: Random, numbers: dict[str, int]) -> DataField:
    prefix = f"{copy.location}.{copy.library}"
    numbers[prefix] = numbers.get(prefix, 0) + 1
    accession = f"{copy.location}.{numbers[prefix]:06}"
    return _field(
        "952",
        "  ",
        a=copy.library,
        c=copy.location,
        g=str(chance.randrange(20_000, 250_000, 1000)),
        p=f"{copy.library}{copy.location}{numbers[prefix]:06}",
        i=accession,
        y=copy.item_type,
    )


def _language(code: str) -> DataField:
    if code == "rad":
        return _field("041", "07", a="rad", x2="iso639-3")
    return _field("041", "0 ", a=code)


def _fixed(year: int, language: str) -> str:
    code = "map" if language == "rad" else language
    return f"260701s{year}    vm ||||| |||||||| ||{code} d"[:40].ljust(40)


def _book_number(title: str) -> str:
    letters = "".join(letter for letter in fold(title).upper() if letter.isalnum())
    return letters[:3]


def _field(tag: str, indicators: str, **subfields: str) -> DataField:
    """Make a field; `x2` is subfield 2, which is no name in Python."""
    return DataField(
        tag,
        indicators[0],
        indicators[1],
        tuple(Subfield(code.removeprefix("x"), value) for code, value in subfields.items()),
    )
