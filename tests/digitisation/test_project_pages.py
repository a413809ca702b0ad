"""The screens of projects: planning, choosing, the way through the stages, figures, pages."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from PIL import Image

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.models import Transfer
from tangthu.digitisation.actions.pagechecks import look_at_pages
from tangthu.digitisation.actions.projects import claim, finish
from tangthu.digitisation.models import Batch, Capture, Finding, Project, Sheet, Step
from tangthu.repository.actions import (
    Incoming,
    ObjectData,
    add_page_images,
    create_object,
    make_ready,
    publish,
)
from tests.conftest import client_of
from tests.digitisation import rendered
from tests.factories import ItemFactory, LocationFactory, RecordFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]
ROOT = "/desk/digitisation/"


@pytest.fixture
def office(planner_user) -> Client:
    return client_of(planner_user)


@pytest.fixture
def scanned(capture, planner, tmp_path) -> Capture:
    """A document with a good page and a blurred one, which waits for its check."""
    finish(capture, by=planner)
    finish(capture, by=planner)
    claim(capture, by=planner)
    capture.refresh_from_db()
    for name, picture in (
        ("1.png", rendered.page(1)),
        ("2.png", rendered.blurred(rendered.page(2), 2.2)),
    ):
        picture.save(tmp_path / name)
    files = [Incoming(tmp_path / name, name) for name in ("1.png", "2.png")]
    add_page_images(capture.object, files, by=planner)
    make_ready(capture.object, by=planner)
    look_at_pages(capture.object)
    finish(capture, by=planner)
    finish(capture, by=planner)
    return capture


def opened(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_project_is_planned_on_its_screen(office, province):
    told = {
        "code": "dc27",
        "name": "Địa chí 2027",
        "library": province.pk,
        "goal": "70",
        "access": "staff",
    }

    answer = office.post(f"{ROOT}projects/new/", told)

    project = Project.objects.get()
    assert answer.headers["Location"] == f"{ROOT}projects/{project.pk}/"
    assert (project.code, project.stages.count()) == ("DC27", 7)
    page = opened(office, f"{ROOT}projects/{project.pk}/")
    assert "Lấy từ kho" in page
    again = office.post(f"{ROOT}projects/new/", told)
    assert again.status_code == 422
    assert "Dự án khác đã dùng mã DC27." in again.content.decode()


def test_documents_are_chosen_by_pasted_numbers_and_the_rest_is_named(
    office, project, capture, planner
):
    good = ItemFactory(library=project.library)
    done = ItemFactory(library=project.library)
    obj = create_object(
        ObjectData(title="Đã số hoá rồi", records=(done.record,)),
        library=project.library,
        by=planner,
    )
    words = [good.accession_number, capture.item.barcode, done.barcode, "KHONG-CO", good.barcode]

    answer = office.post(
        f"{ROOT}projects/{project.pk}/choose/", {"numbers": "\n".join(words)}, follow=True
    )

    page = answer.content.decode()
    batch = Batch.objects.order_by("-id")[0]
    assert [row.item for row in batch.captures.all()] == [good]
    assert f"Đang được số hoá: {capture.number}" in page
    assert f"Đã số hoá: {obj.title}" in page
    assert "Không có bản nào mang số này." in page
    assert "Bị ghi hai lần trong danh sách." in page


def test_nothing_is_made_where_nothing_can_be_added(office, project):
    answer = office.post(f"{ROOT}projects/{project.pk}/choose/", {"numbers": "KHONG-CO"})

    assert answer.status_code == 422
    assert "Không có bản nào mang số này." in answer.content.decode()
    assert not Batch.objects.exists()


def test_documents_are_chosen_in_the_order_of_the_shelf(office, project):
    stack = LocationFactory(library=project.library, code="DC")
    copies = [
        ItemFactory(library=project.library, location=stack, call_number=f"ĐC {number}")
        for number in ("12", "15", "20", "30")
    ]

    office.post(
        f"{ROOT}projects/{project.pk}/choose/",
        {"numbers": "", "location": stack.pk, "first": "ĐC 15", "last": "ĐC 2"},
    )

    assert [row.item for row in Capture.objects.all()] == copies[1:3]


def test_a_scan_of_the_docket_opens_or_finishes(office, capture):
    address = f"http://testserver{ROOT}captures/{capture.number}/"

    opens = office.post(f"{ROOT}scan/", {"q": address, "mode": "open"})
    finishes = office.post(f"{ROOT}scan/", {"q": capture.number.lower(), "mode": "finish"})
    unknown = office.post(f"{ROOT}scan/", {"q": "DC26-9999", "mode": "finish"}, follow=True)

    assert opens.headers["Location"] == f"{ROOT}captures/{capture.number}/"
    assert finishes.headers["Location"] == f"{ROOT}?mode=finish"
    assert "Ở đây không có phiếu mang số này." in unknown.content.decode()
    capture.refresh_from_db()
    assert capture.stage.position == 1


def test_a_document_is_sent_back_with_the_pages_that_are_blurred(office, scanned):
    number, obj = scanned.number, scanned.object
    grid = opened(office, f"{ROOT}objects/{obj.identifier}/pages/")
    finding = Finding.objects.get()
    office.post(
        f"{ROOT}objects/{obj.identifier}/judge/", {"finding": finding.pk, "state": "accepted"}
    )
    page = opened(office, f"{ROOT}captures/{number}/")
    fetch = scanned.project.stages.get(position=2)
    office.post(f"{ROOT}captures/{number}/back/", {"to": fetch.pk, "reason": "trang 2: bị mờ"})

    assert grid.index('alt="Trang 2"') < grid.index('alt="Trang 1"')
    assert "Bị mờ" in grid
    assert "trang 2: bị mờ" in page
    scanned.refresh_from_db()
    assert (scanned.stage.position, scanned.back_to.position) == (2, 4)
    assert "planner đã trả lại" in opened(office, f"{ROOT}captures/{number}/")


def test_a_page_is_split_and_cropped_on_its_screen(office, scanned):
    obj = scanned.object
    page = obj.pages.get(position=1)
    place = f"{ROOT}objects/{obj.identifier}/pages/{page.identifier}/"
    screen = opened(office, place)

    office.post(f"{place}split/", {"at": "50"})
    refused = office.post(f"{place}crop/", {"x": "60", "y": "0", "width": "50", "height": "50"})
    office.post(f"{place}crop/", {"x": "0", "y": "0", "width": "100", "height": "50"})

    assert "Tách đôi trang mở" in screen
    assert refused.status_code == 302
    page.refresh_from_db()
    assert obj.pages.count() == 3
    assert page.outline == [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]]


def test_the_sheet_begins_with_what_is_known_and_goes_into_the_description(office, scanned):
    obj = scanned.object
    place = f"{ROOT}objects/{obj.identifier}/sheet/"
    blank = opened(office, place)
    office.post(
        place,
        {
            "original_kind": "Sách in",
            "device": "Máy quét phẳng",
            "resolution": "300",
            "colour": "colour",
            "operator": "planner",
            "scanned_on": "2026-11-20",
            "checker": "Lan",
        },
    )

    sheet = Sheet.objects.get()
    told = json.loads(office.get(f"{place}export/").content)
    assert 'value="planner"' in blank
    assert "Quét bằng máy gì" in blank
    assert (sheet.device, sheet.resolution) == ("Máy quét phẳng", 300)
    assert told["digitisation"]["resolution"] == 300
    assert "Quét bằng máy gì" not in opened(office, place)


def test_the_percentage_counts_the_collection_and_shows_its_lines(
    office, project, planner, tmp_path
):
    stack = LocationFactory(library=project.library, code="DC")
    copies = [ItemFactory(library=project.library, location=stack) for _ in range(4)]
    Project.objects.filter(pk=project.pk).update(location=stack)
    obj = create_object(
        ObjectData(title="Một", rights="PDM", records=(copies[0].record,)),
        library=project.library,
        by=planner,
    )
    Image.new("RGB", (60, 80), "white").save(tmp_path / "1.png")
    add_page_images(obj, [Incoming(tmp_path / "1.png", "1.png")], by=planner)
    make_ready(obj, by=planner)
    publish(obj, by=planner)

    board = opened(office, f"{ROOT}projects/{project.pk}/")
    done = opened(office, f"{ROOT}projects/{project.pk}/collection/?which=done")
    missing = opened(office, f"{ROOT}projects/{project.pk}/collection/")

    assert "25 %" in board
    assert "Còn 2 tài liệu" in board
    assert f"/desk/catalogue/{copies[0].record_id}/" in done
    assert missing.count('name="record"') == 3


def test_names_of_workers_are_for_those_who_plan(office, scanned, scanner_user, planner_user):
    others = client_of(scanner_user)
    address = f"{ROOT}projects/{scanned.project.pk}/figures/"

    mine, theirs = opened(office, address), opened(others, address)

    assert f">{planner_user.name}</td>" in mine
    assert f">{planner_user.name}</td>" not in theirs
    assert "quét 2 trang" in mine


@pytest.mark.parametrize(
    "path",
    ["", "?mode=finish", "projects/", "projects/new/"],
)
def test_the_lists_open(office, capture, path):
    opened(office, f"{ROOT}{path}")


def test_every_screen_of_a_document_opens(office, scanned):
    project, obj = scanned.project, scanned.object
    for path in (
        f"projects/{project.pk}/edit/",
        f"projects/{project.pk}/stages/",
        f"projects/{project.pk}/choose/",
        f"projects/{project.pk}/?late=1",
        f"batches/{scanned.batch.number}/",
        f"batches/{scanned.batch.number}/dockets/",
        f"captures/{scanned.number}/docket/",
        f"records/{scanned.record_id}/",
        f"objects/{obj.identifier}/camera/",
        f"objects/{obj.identifier}/pages/?order=pages",
    ):
        opened(office, f"{ROOT}{path}")


def test_stages_are_written_on_their_screen(office, project):
    lines = [
        {"key": row.pk, "position": row.position + 1, "name": row.name, "effect": row.effect}
        | {"doer": row.doer, "days": row.days}
        | ({"gives_back": "on"} if row.gives_back else {})
        for row in project.stages.all()
    ]
    lines[3]["name"] = ""
    lines.append(
        {"name": "Nắn màu", "position": 4, "effect": "none", "doer": "digitisation.work", "days": 2}
    )
    told = {"form-TOTAL_FORMS": len(lines), "form-INITIAL_FORMS": len(lines)}
    for number, line in enumerate(lines):
        told |= {f"form-{number}-{name}": value for name, value in line.items()}

    answer = office.post(f"{ROOT}projects/{project.pk}/stages/", told)

    assert answer.status_code == 302
    names = list(project.stages.values_list("name", flat=True))
    assert names[3] == "Nắn màu"
    assert len(names) == 7


def test_a_record_offers_to_be_digitised(office, project):
    record = RecordFactory(library=project.library)

    page = opened(office, f"{ROOT}records/{record.pk}/")
    office.post(f"{ROOT}projects/{project.pk}/choose/", {"record": record.pk})

    assert project.name in page
    assert f"/desk/digital/new/?record={record.pk}" in page
    assert Capture.objects.get().record == record


def test_edges_are_answered_for_a_picture_and_nothing_else(office, scanned, tmp_path):
    address = f"{ROOT}objects/{scanned.object.identifier}/edges/"
    corners = ((0.1, 0.1), (0.9, 0.12), (0.88, 0.9), (0.12, 0.88))
    path = tmp_path / "photo.jpg"
    photo = rendered.photograph(rendered.page(5), corners, size=(600, 800))
    photo.save(path, quality=85)
    broken = path.read_bytes()[:900]

    found = office.post(address, path.read_bytes(), content_type="image/jpeg").json()
    half = office.post(address, broken, content_type="image/jpeg").json()
    text = office.post(address, b"<svg/>", content_type="image/jpeg")

    assert len(found["corners"]) == 4
    assert half["corners"] is None
    assert text.status_code == 422


def test_a_copy_of_another_library_is_sent_for_and_sent_home(
    office, project, commune, new_capture, planner
):
    capture = new_capture(ItemFactory(library=commune))
    finish(capture, by=planner)
    claim(capture, by=planner)

    answer = office.post(f"{ROOT}captures/{capture.number}/finish/", follow=True)

    transfer = Transfer.objects.get()
    assert (transfer.origin, transfer.destination) == (commune, project.library)
    assert "chưa về đến" in answer.content.decode()
    capture.item.refresh_from_db()
    assert (capture.item.status, Step.objects.open().get().stage.position) == (
        ItemStatus.AVAILABLE,
        1,
    )


def test_a_stranger_library_finds_no_project(project, capture, neighbour_client):
    for path in (f"projects/{project.pk}/", f"captures/{capture.number}/"):
        assert neighbour_client.get(f"{ROOT}{path}").status_code in {403, 404}


def test_who_begins_is_led_to_a_first_project_and_to_the_manual(office: Client) -> None:
    page = office.get(ROOT).content.decode()

    assert "Hãy lập dự án trước" in page
    assert f'href="{ROOT}projects/new/"' in page
    assert 'href="/manual/so-hoa"' in page or 'href="/manual/so-hoa/"' in page


def test_who_has_nothing_to_do_is_led_to_the_projects(office: Client, project: Project) -> None:
    page = office.get(ROOT).content.decode()

    assert "Hãy lập dự án trước" not in page
    assert "Xem các dự án" in page
