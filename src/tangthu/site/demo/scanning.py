"""A digitisation project of the demo network: documents at every stage, and how they came there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone
from PIL import Image, ImageFilter

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.catalogue.models import Item
from tangthu.core.actor import Actor, Face
from tangthu.digitisation.actions import projects as deeds
from tangthu.digitisation.actions.pagechecks import judge_flaw, look_at_pages
from tangthu.digitisation.actions.sheets import begun_sheet, keep_sheet
from tangthu.digitisation.choosing import by_records
from tangthu.digitisation.models import Batch, Capture, Finding, FindingState, Project, Step
from tangthu.digitisation.policy.pagechecks import Flaw
from tangthu.digitisation.policy.sheets import Colour
from tangthu.digitisation.stages import usual_stages
from tangthu.formats.alto import Layout
from tangthu.libraries.models import Library, Location
from tangthu.repository.actions import Incoming, add_page_images, label_pages, make_ready
from tangthu.repository.actions.texts import keep_text
from tangthu.repository.models import Collection
from tangthu.repository.policy.texts import TextOrigin
from tangthu.site.demo.drawing import PAPER, Sheet, recognised
from tangthu.site.demo.words import MARK

CODE = "DEMO26"
ENGINE = MARK
WIDTH, HEIGHT, MARGIN = 744, 1052, 84
PLANNED = 14
"""Documents in the written plan: few, so that the percentage is worth looking at."""

HEADINGS = ("Dệt và nhuộm", "Gốm không bàn xoay", "Gùi và chiếu", "Gian bếp", "Đàn và trò chơi")
LINES = (
    "Khung dệt đặt dưới hiên, sợi bông nhuộm chàm phơi thành hàng dọc lối đi.",
    "Người thợ gốm nặn bình không cần bàn xoay, đi quanh khối đất mà vuốt thành.",
    "Gùi đan bằng lồ ô, quai bện sợi mây, miệng loe để đeo đường dốc.",
    "Bếp giữa gian, trên gác phơi giống ngô và hạt bầu cho mùa sau.",
    "Đàn goong làm từ quả bầu khô, dây đồng, tiếng nhỏ mà xa.",
    "Ché rượu cần xếp theo vách, cái to nhất dành cho ngày tỉa hạt.",
    "Trẻ nhỏ học đếm bằng hạt mã não, mỗi hạt một câu đố.",
)
BACK = "Trang 3 bị mờ, quét lại trang này"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How far a document has come: stages that are finished, and days since the last of them.

    `pages` are drawn and scanned; `by` scans them. `begun`: somebody is at the open stage;
    `faulty`: its pages have flaws that the machine sees.
    """

    finished: int
    days: int
    pages: int = 2
    by: str = "scanner"
    begun: bool = False
    faulty: bool = False


FIRST = (
    Way(finished=7, days=24),
    Way(finished=7, days=19, by="cataloguer"),
    Way(finished=7, days=12),
    Way(finished=6, days=2),
    Way(finished=5, days=9, by="cataloguer"),
    Way(finished=4, days=1, pages=8, faulty=True),
    Way(finished=4, days=1, pages=3),
)
SECOND = (
    Way(finished=3, days=1),
    Way(finished=2, days=0, begun=True),
    Way(finished=2, days=8),
    Way(finished=1, days=1, begun=True),
    Way(finished=1, days=1),
    Way(finished=0, days=2),
    Way(finished=0, days=2),
)
FAULTY, SENT_BACK = 5, 6
"""Places in the first batch: the one with flaws on its pages, and the one that goes back."""


def load(tree: Mapping[str, Library]) -> None:
    """Plan the project and take its documents along, unless it is there already."""
    if Project.objects.filter(code=CODE).exists():
        return
    library = tree["DLK"]
    people = _people()
    project = _plan(library, by=people["admin"])
    items = _documents(project, len(FIRST) + len(SECOND))
    ways = (*FIRST, *SECOND)
    for batch, note in ((FIRST, "Đợt một"), (SECOND, "Đợt hai")):
        chosen = [items.pop(0) for _ in batch]
        records = [item.record_id for item in chosen]
        made = deeds.add_batch(
            project, by_records(records, project), note=f"{note} {MARK}", by=people["admin"]
        )
        for capture, way in zip(made.captures, batch, strict=True):
            _take_along(capture, way, people)
    captures = list(Capture.objects.filter(batch__project=project).order_by("id"))
    _send_back(captures[SENT_BACK], people["cataloguer"])
    _check(captures[FAULTY], people["cataloguer"])
    for capture, way in zip(captures, ways, strict=True):
        _date_back(capture, way)
    _date_batches(project)


def _people() -> dict[str, Actor]:
    names = ("admin", "cataloguer", "scanner")
    users = User.objects.filter(username__in=names)
    return {user.username: actor_for(user, face=Face.COMMAND) for user in users}


def _plan(library: Library, *, by: Actor) -> Project:
    data = deeds.ProjectData(
        code=CODE,
        name=f"Số hoá kho địa chí {MARK}",
        purpose="Kế hoạch tưởng tượng để trình diễn: 70 % tài liệu quý của kho địa chí.",
        ends_on=timezone.localdate() + timedelta(days=60),
        location=Location.objects.get(library=library, code="DC"),
        planned=PLANNED,
        collection=Collection.objects.filter(code="dia-chi").first(),
        rights="CC0",
        access="on_site",
    )
    return deeds.plan_project(data, usual_stages(), library=library, by=by)


def _documents(project: Project, count: int) -> list[Item]:
    """Choose copies of the stack, each of another record that nothing is digitised of."""
    items = Item.objects.in_stock().filter(location=project.location, status="available")
    free = items.filter(record__digital_objects=None).order_by("-barcode")
    once: dict[int, Item] = {}
    for item in free[: count * 4]:
        once.setdefault(item.record_id, item)
    return list(once.values())[:count]


def _take_along(capture: Capture, way: Way, people: Mapping[str, Actor]) -> None:
    """Finish stage after stage, each by who does it."""
    for place in range(way.finished):
        who = _worker(place, way, people)
        if place == 2:
            deeds.claim(capture, by=who)
            capture.refresh_from_db()
            _scan(capture, way, by=who)
        deeds.finish(capture, by=who)
    if way.begun:
        deeds.claim(capture, by=_worker(way.finished, way, people))


def _worker(place: int, way: Way, people: Mapping[str, Actor]) -> Actor:
    if place == 0:
        return people["admin"]
    return people[way.by if place in {1, 2} else "cataloguer"]


def _scan(capture: Capture, way: Way, *, by: Actor) -> None:
    obj = capture.object
    assert obj is not None  # noqa: S101 (claiming the stage has made it)
    drawn = list(_faulty_pages() if way.faulty else _pages(capture, way.pages))
    with TemporaryDirectory(prefix="tangthu-demo-") as folder:
        files = []
        for number, (picture, _layout) in enumerate(drawn, 1):
            path = Path(folder) / f"{number:03}.jpg"
            picture.save(path, quality=88)
            files.append(Incoming(path, path.name))
        pages = add_page_images(obj, files, by=by)
    if way.faulty:
        label_pages(obj, {pages[-2].pk: "7", pages[-1].pk: "10"}, by=by)
    make_ready(obj, by=by)
    for page, (_picture, layout) in zip(pages, drawn, strict=True):
        keep_text(page, layout, origin=TextOrigin.MACHINE, engine=ENGINE, by=by)
    if way.finished == 7:
        _write_sheet(capture, by=by)


def _pages(capture: Capture, count: int) -> Iterator[tuple[Image.Image, Layout]]:
    for number in range(1, count + 1):
        sheet = _page(number, turn=capture.pk + number)
        yield sheet.page, recognised(sheet.layout(), turn=number)


def _page(number: int, *, turn: int) -> Sheet:
    """Draw a page of print: a heading, a picture here or there, lines, its number below."""
    sheet = Sheet.blank(WIDTH, HEIGHT)
    width, top = WIDTH - 2 * MARGIN, 90 + turn % 3 * 60
    top = sheet.write(HEADINGS[turn % len(HEADINGS)], at=(MARGIN, top), width=width, size=38) + 24
    for line in range(7):
        if line == turn % 5 + 1:
            _picture(sheet, top, number)
            top += 210
        if top < HEIGHT - 170:
            text = LINES[(turn * 3 + line * 2) % len(LINES)]
            top = sheet.write(text, at=(MARGIN, top), width=width, size=24) + 16 + turn % 4 * 6
    sheet.write(str(number), at=(WIDTH // 2, HEIGHT - 80), width=80, size=22)
    return sheet


def _picture(sheet: Sheet, top: int, number: int) -> None:
    """Draw a jar, at another place of each page."""
    left = MARGIN + number * 97 % (WIDTH - 2 * MARGIN - 200)
    sheet.pen.ellipse((left, top + 30, left + 200, top + 190), fill="#7f6b45")
    sheet.pen.rectangle((left + 60, top, left + 140, top + 60), fill="#50684f")


def _faulty_pages() -> Iterator[tuple[Image.Image, Layout]]:
    """Draw a good page, then an empty, a blurred and a slanted one, one twice, and a gap."""
    sheets = [_page(number, turn=number * 2) for number in range(1, 6)]
    empty = Sheet.blank(WIDTH, HEIGHT)
    last = _page(10, turn=20)
    twice = sheets[4]
    pictures = (
        (sheets[0].page, sheets[0]),
        (empty.page, empty),
        (sheets[2].page.filter(ImageFilter.GaussianBlur(2.4)), sheets[2]),
        (sheets[3].page.rotate(2.2, fillcolor=PAPER, resample=Image.Resampling.BICUBIC), sheets[3]),
        (twice.page, twice),
        (twice.page, twice),
        (_page(7, turn=8).page, twice),
        (last.page, last),
    )
    for number, (picture, sheet) in enumerate(pictures, 1):
        yield picture, recognised(sheet.layout(), turn=number)


def _check(capture: Capture, by: Actor) -> None:
    """Have the pages looked at; the checker has decided one flaw already."""
    capture.refresh_from_db()
    obj = capture.object
    assert obj is not None  # noqa: S101 (its pages are scanned)
    deeds.claim(capture, by=by)
    look_at_pages(obj)
    blurred = Finding.objects.of_object(obj).filter(kind=Flaw.BLURRED).first()
    if blurred is not None:
        judge_flaw(blurred, FindingState.ACCEPTED, by=by)


def _send_back(capture: Capture, by: Actor) -> None:
    capture.refresh_from_db()
    scan = capture.project.stages.get(position=2)
    deeds.send_back(capture, to=scan, reason=BACK, by=by)


def _write_sheet(capture: Capture, *, by: Actor) -> None:
    obj = capture.object
    assert obj is not None  # noqa: S101 (its pages are scanned)
    sheet = begun_sheet(obj)
    sheet.original_kind, sheet.original_size = "Sách in", "148 × 210 mm"
    sheet.device, sheet.resolution, sheet.colour = "Máy quét phẳng A3", 300, Colour.COLOUR
    sheet.bit_depth, sheet.operator, sheet.checker = 24, by.name, "Biên mục Demo"
    sheet.scanned_on = timezone.localdate()
    keep_sheet(sheet, by=by)


def _date_back(capture: Capture, way: Way) -> None:
    """Let it have happened over the last weeks: stages a day and a half apart."""
    now = timezone.now()
    last = now - timedelta(days=way.days)
    steps = list(capture.steps.order_by("id").select_related("stage"))
    for back, step in enumerate(reversed(steps)):
        ended = last - timedelta(hours=36) * (back - 1)
        step.opened_at = ended - timedelta(hours=36)
        if step.ended_at is not None:
            step.ended_at, step.begun_at = ended, ended - timedelta(hours=5)
        if back == 0:
            _open_since(step, last if step.ended_at is None else last - timedelta(hours=36), last)
        step.due_on = _due(step)
    Step.objects.bulk_update(steps, ["opened_at", "begun_at", "ended_at", "due_on"])
    begun = steps[0].opened_at
    Capture.objects.filter(pk=capture.pk).update(
        created_at=begun, done_at=last if way.finished == 7 else None
    )


def _open_since(step: Step, since: datetime, last: datetime) -> None:
    step.opened_at = since
    if step.ended_at is not None:
        step.ended_at, step.begun_at = last, last - timedelta(hours=5)
    elif step.begun_at is not None:
        step.begun_at = since + timedelta(minutes=40)


def _due(step: Step) -> date:
    return timezone.localdate(step.opened_at) + timedelta(days=step.stage.days)


def _date_batches(project: Project) -> None:
    batches: Sequence[Batch] = list(project.batches.all())
    for batch in batches:
        first = batch.captures.order_by("created_at").first()
        if first is not None:
            Batch.objects.filter(pk=batch.pk).update(created_at=first.created_at)
