"""Digital objects of the demo network: pages drawn on the spot, in Vietnamese and Ê Đê."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.digitisation.policy.highland import is_special
from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.libraries.models import Library
from tangthu.repository.actions import (
    Incoming,
    ObjectData,
    add_page_images,
    create_object,
    label_pages,
    make_ready,
    publish,
)
from tangthu.repository.actions.collections import CollectionData, add_collection
from tangthu.repository.actions.texts import keep_text
from tangthu.repository.models import Collection, DigitalObject
from tangthu.repository.policy.texts import TextOrigin
from tangthu.text import fold, normalise

COLLECTIONS = (
    ("dia-chi", "Địa chí [DEMO]", None),
    ("su-thi", "Sử thi [DEMO]", "dia-chi"),
    ("ban-do", "Bản đồ [DEMO]", "dia-chi"),
)
WIDTH, HEIGHT, MARGIN = 1240, 1754, 140
PAPER, INK = (250, 244, 228), (46, 38, 30)
ENGINE = "[DEMO]"
_WITHOUT = str.maketrans("ƀɃčČĕĔĭĬŏŎŭŬ", "bBcCeEiIoOuU")

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

LAND = (
    "Đắk Lắk nằm trên cao nguyên giữa Tây Nguyên. Đất đỏ ba-dan phủ phần lớn diện tích, hợp với "
    "cây cà phê, hồ tiêu và cao su.",
    "Sông Sêrêpôk do hai nhánh Krông Ana và Krông Nô hợp thành, chảy về phía tây qua Buôn Đôn.",
    "Mùa mưa kéo dài từ tháng năm đến tháng mười; mùa khô nắng nhiều, gió mạnh.",
    "Các dân tộc Ê Đê, M'Nông, Gia Rai, Kinh và nhiều dân tộc khác cùng sinh sống lâu đời.",
    "Buôn làng của người Ê Đê gồm những ngôi nhà dài, cửa quay về hướng bắc, cầu thang tạc hình "
    "trăng khuyết.",
    "Cồng chiêng vang lên trong lễ mừng lúa mới, lễ cúng bến nước và lễ mừng sức khoẻ.",
)
EPIC = (
    "Mơ̆ng ƀuôn sang dliê, mnuih Êđê yăl dliê klei khan hŏng asăp êmiêt.",
    "Lời kể bắt đầu khi bếp lửa đã đỏ và trẻ nhỏ đã ngồi yên quanh người già.",
    "Chàng trai cưỡi voi qua ba ngọn đồi, tìm lại chiếc chiêng mà tổ tiên để lại.",
    "Tiếng chiêng gọi gió, gọi mưa, gọi bạn từ những buôn xa trở về.",
)


@dataclass(frozen=True, slots=True)
class Work:
    """An invented document: where it stands, what its pages say, and how many there are."""

    title: str
    collection: str
    languages: str
    lines: Sequence[str]
    pages: int


WORKS = (
    Work("Sổ tay địa chí Đắk Lắk [DEMO]", "dia-chi", "vie", LAND, 12),
    Work("Klei khan bên bếp lửa [DEMO]", "su-thi", "vie rad", EPIC, 8),
)


def load(tree: Mapping[str, Library], *, by: Actor) -> None:
    """Make what is not there yet; the first document belongs to a record of the catalogue."""
    shelves = _collections(by)
    record = Record.objects.public().without_marc().order_by("pk").first()
    for number, work in enumerate(WORKS):
        if DigitalObject.objects.filter(title=work.title).exists():
            continue
        linked = (record,) if record is not None and number == 0 else ()
        _make(work, tree["DLK"], shelves[work.collection], linked, by=by)


def _make(
    work: Work,
    library: Library,
    shelf: Collection,
    records: tuple[Record, ...],
    *,
    by: Actor,
) -> None:
    data = ObjectData(
        title=work.title,
        description="Tài liệu tưởng tượng để trình diễn; chữ và hình do chương trình vẽ.",
        languages=work.languages,
        rights="CC0",
        access="public",
        provenance="Vẽ bởi chương trình trình diễn",
        collections=(shelf,),
        records=records,
    )
    obj = create_object(data, library=library, by=by)
    with TemporaryDirectory(prefix="tangthu-demo-") as folder:
        drawn = list(_drawn(work, Path(folder)))
        pages = add_page_images(obj, [file for file, _ in drawn], by=by)
    label_pages(obj, {pages[0].pk: "Bìa"}, by=by)
    make_ready(obj, by=by)
    for page, (_, layout) in zip(pages, drawn, strict=True):
        keep_text(page, layout, origin=TextOrigin.MACHINE, engine=ENGINE, by=by)
    publish(obj, by=by)


def _collections(by: Actor) -> dict[str, Collection]:
    found = {row.code: row for row in Collection.objects.all()}
    for position, (code, name, parent) in enumerate(COLLECTIONS):
        if code not in found:
            above = found.get(parent or "")
            data = CollectionData(code=code, name=name, parent=above, position=position)
            found[code] = add_collection(data, by=by)
    return found


def _drawn(work: Work, folder: Path) -> Iterator[tuple[Incoming, Layout]]:
    """Yield each page as a scan, and what recognition would make of it."""
    for number in range(1, work.pages + 1):
        path = folder / f"{number:02}.png"
        sheet = _page(work, number)
        sheet.page.save(path)
        yield Incoming(path, f"trang-{number:02}.png"), recognised(sheet.layout(), turn=number)


@dataclass(slots=True)
class Sheet:
    """A page that is being drawn, and the words on it: nobody has to read them off again."""

    page: Image.Image
    pen: ImageDraw.ImageDraw
    blocks: list[Block] = field(default_factory=list)

    def layout(self) -> Layout:
        return Layout(WIDTH, HEIGHT, tuple(self.blocks))


def recognised(layout: Layout, *, turn: int) -> Layout:
    """Return the words as a recognition program might read them: with a slip here and there.

    Letters that no program knows count as put back; other words lose their tones now and then.
    """
    places = count(turn * 5)
    return layout.each_word(lambda word: _read(word, next(places)))


def _read(word: Word, place: int) -> Word:
    if is_special(word.text):
        plain = normalise(word.text.translate(_WITHOUT)).replace("\u0306", "")
        return replace(word, confidence=0.71, repaired=True, original=plain)
    if place % 29 == 0:
        return replace(word, confidence=0.52, text=fold(word.text) or word.text)
    return replace(word, confidence=0.96)


def _page(work: Work, number: int) -> Sheet:
    """Draw a page: a cover, or a heading, lines of text, a small picture and its number."""
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(page)
    sheet = Sheet(page, pen)
    if number == 1:
        pen.rectangle((60, 60, WIDTH - 60, HEIGHT - 60), outline=INK, width=6)
        _write(sheet, work.title, top=HEIGHT // 3, size=84)
        _write(sheet, "Thư viện tỉnh Đắk Lắk (trình diễn)", top=HEIGHT - 300, size=36)
        return sheet
    _write(sheet, f"Chương {number - 1}", top=MARGIN, size=60)
    top = 300
    for turn in range(4):
        line = work.lines[(number + turn) % len(work.lines)]
        top = _write(sheet, line, top=top, size=38) + 30
    _hills(pen, number)
    _write(sheet, str(number), top=HEIGHT - 110, size=34)
    return sheet


def _hills(pen: ImageDraw.ImageDraw, number: int) -> None:
    """Draw hills and a sun, a little different on each page."""
    bottom = HEIGHT - 180
    pen.ellipse((800 + number * 12, bottom - 420, 920 + number * 12, bottom - 300), fill="#c9772b")
    for hill in range(3):
        left = 140 + hill * 280 + number * 9 % 60
        pen.polygon(
            [(left, bottom), (left + 220, bottom - 250 + hill * 40), (left + 420, bottom)],
            fill=("#6b7f52", "#7f6b45", "#50684f")[hill],
        )


def _write(sheet: Sheet, text: str, *, top: int, size: int) -> int:
    """Write lines that fit the page, and return where they end."""
    font, pen = _font(size), sheet.pen
    lines: list[Line] = []
    line = ""
    for word in [*text.split(), ""]:
        longer = f"{line} {word}".strip()
        if word and pen.textlength(longer, font=font) <= WIDTH - 2 * MARGIN:
            line = longer
            continue
        pen.text((MARGIN, top), line, font=font, fill=INK)
        lines.append(_placed(pen, line, top=top, font=font))
        top, line = top + int(size * 1.5), word
    sheet.blocks.append(Block(tuple(lines)))
    return top


def _placed(pen: ImageDraw.ImageDraw, line: str, *, top: int, font: Font) -> Line:
    """Return the words of a line where they were drawn."""
    words: list[Word] = []
    for at, text in enumerate(line.split()):
        before = " ".join(line.split()[:at])
        left = MARGIN + pen.textlength(f"{before} " if before else "", font=font)
        box = pen.textbbox((left, top), text, font=font)
        sides = (round(box[0]), round(box[1]), round(box[2] - box[0]), round(box[3] - box[1]))
        words.append(Word(normalise(text), sides))
    return Line(tuple(words))


def _font(size: int) -> Font:
    """Return the font of our pages, with all our letters; another where none was built."""
    built = finders.find("ui/fonts/noto-sans-400.woff2")
    return ImageFont.truetype(str(built), size) if built else ImageFont.load_default(size)
