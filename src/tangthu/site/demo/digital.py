"""Digital objects of the demo network: pages drawn on the spot, in Vietnamese and Ê Đê."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
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
from tangthu.repository.models import Collection, DigitalObject

COLLECTIONS = (
    ("dia-chi", "Địa chí [DEMO]", None),
    ("su-thi", "Sử thi [DEMO]", "dia-chi"),
    ("ban-do", "Bản đồ [DEMO]", "dia-chi"),
)
WIDTH, HEIGHT, MARGIN = 1240, 1754, 140
PAPER, INK = (250, 244, 228), (46, 38, 30)

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
        pages = add_page_images(obj, list(_drawn(work, Path(folder))), by=by)
    label_pages(obj, {pages[0].pk: "Bìa"}, by=by)
    make_ready(obj, by=by)
    publish(obj, by=by)


def _collections(by: Actor) -> dict[str, Collection]:
    found = {row.code: row for row in Collection.objects.all()}
    for position, (code, name, parent) in enumerate(COLLECTIONS):
        if code not in found:
            above = found.get(parent or "")
            data = CollectionData(code=code, name=name, parent=above, position=position)
            found[code] = add_collection(data, by=by)
    return found


def _drawn(work: Work, folder: Path) -> Iterator[Incoming]:
    for number in range(1, work.pages + 1):
        path = folder / f"{number:02}.png"
        _page(work, number).save(path)
        yield Incoming(path, f"trang-{number:02}.png")


def _page(work: Work, number: int) -> Image.Image:
    """Draw a page: a cover, or a heading, lines of text, a small picture and its number."""
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(page)
    if number == 1:
        pen.rectangle((60, 60, WIDTH - 60, HEIGHT - 60), outline=INK, width=6)
        _write(pen, work.title, top=HEIGHT // 3, size=84)
        _write(pen, "Thư viện tỉnh Đắk Lắk (trình diễn)", top=HEIGHT - 300, size=36)
        return page
    _write(pen, f"Chương {number - 1}", top=MARGIN, size=60)
    top = 300
    for turn in range(4):
        line = work.lines[(number + turn) % len(work.lines)]
        top = _write(pen, line, top=top, size=38) + 30
    _hills(pen, number)
    _write(pen, str(number), top=HEIGHT - 110, size=34)
    return page


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


def _write(pen: ImageDraw.ImageDraw, text: str, *, top: int, size: int) -> int:
    """Write lines that fit the page, and return where they end."""
    font = _font(size)
    line = ""
    for word in [*text.split(), ""]:
        longer = f"{line} {word}".strip()
        if word and pen.textlength(longer, font=font) <= WIDTH - 2 * MARGIN:
            line = longer
            continue
        pen.text((MARGIN, top), line, font=font, fill=INK)
        top, line = top + int(size * 1.5), word
    return top


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font of our pages, with all our letters; another where none was built."""
    built = finders.find("ui/fonts/noto-sans-400.woff2")
    return ImageFont.truetype(str(built), size) if built else ImageFont.load_default(size)
