"""Digital objects of the demo network: pages drawn on the spot, in Vietnamese and Ê Đê."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.formats.alto import Layout
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
from tangthu.site.demo.drawing import Sheet, recognised
from tangthu.site.demo.pages import EPIC, LAND, book_page, diary_page, map_page, news_page

COLLECTIONS = (
    ("dia-chi", "Địa chí [DEMO]", None),
    ("su-thi", "Sử thi [DEMO]", "dia-chi"),
    ("ban-do", "Bản đồ [DEMO]", "dia-chi"),
    ("bao", "Báo [DEMO]", None),
)
ENGINE = "[DEMO]"
DIARY = "Nhật ký điền dã [DEMO]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An invented document: where it stands, and how each of its pages is drawn."""

    title: str
    collection: str
    draw: Callable[[int], Sheet]
    pages: int
    languages: str = "vie"
    access: str = "public"
    cover: str = "Bìa"


WORKS = (
    Work(
        title="Sổ tay địa chí Đắk Lắk [DEMO]",
        collection="dia-chi",
        draw=partial(book_page, "Sổ tay địa chí Đắk Lắk [DEMO]", LAND),
        pages=12,
    ),
    Work(
        title="Klei khan bên bếp lửa [DEMO]",
        collection="su-thi",
        draw=partial(book_page, "Klei khan bên bếp lửa [DEMO]", EPIC),
        pages=8,
        languages="vie rad",
    ),
    Work(
        title="Báo Cao Nguyên, số Xuân 1986 [DEMO]",
        collection="bao",
        draw=partial(news_page, "Báo Cao Nguyên"),
        pages=4,
        cover="Trang nhất",
    ),
    Work(
        title="Bản đồ buôn làng ven sông [DEMO]",
        collection="ban-do",
        draw=lambda number: map_page(),
        pages=1,
        languages="vie rad",
        cover="Bản đồ",
    ),
    Work(
        title=DIARY,
        collection="dia-chi",
        draw=diary_page,
        pages=3,
        access="on_request",
        cover="1",
    ),
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
        access=work.access,
        provenance="Vẽ bởi chương trình trình diễn",
        collections=(shelf,),
        records=records,
    )
    obj = create_object(data, library=library, by=by)
    with TemporaryDirectory(prefix="tangthu-demo-") as folder:
        drawn = list(_drawn(work, Path(folder)))
        pages = add_page_images(obj, [file for file, _ in drawn], by=by)
    label_pages(obj, {pages[0].pk: work.cover}, by=by)
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
        sheet = work.draw(number)
        sheet.page.save(path)
        yield Incoming(path, f"trang-{number:02}.png"), recognised(sheet.layout(), turn=number)
