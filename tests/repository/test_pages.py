"""The staff's pages of the digital library, and its calls of the API."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from tangthu.access.actions import issue_token
from tangthu.repository.actions import add_page_images, make_ready, publish
from tangthu.repository.actions.collections import (
    CollectionData,
    add_collection,
    change_collection,
)
from tangthu.repository.errors import CollectionCodeTaken, CollectionInItself
from tangthu.repository.models import Collection, DigitalObject
from tests.conftest import client_of
from tests.factories import RecordFactory
from tests.repository.making import picture, pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk_of_keeper(keeper_user) -> Client:
    return client_of(keeper_user)


@pytest.fixture
def filled(draft, keeper, tmp_path):
    add_page_images(draft, pictures(tmp_path, 3), by=keeper)
    make_ready(draft, by=keeper)
    return draft


def written(obj: DigitalObject, **values: str) -> dict[str, str]:
    told = {"title": obj.title, "access": obj.access, "rights": obj.rights, "restriction": "none"}
    return told | {"version": str(obj.version)} | values


def test_an_object_is_made_from_a_record(desk_of_keeper, province):
    record = RecordFactory(library=province, title="Sử thi Đăm Săn")
    page = desk_of_keeper.get(f"/desk/digital/new/?record={record.pk}").content.decode()

    answer = desk_of_keeper.post(
        "/desk/digital/new/",
        {
            "title": "Sử thi Đăm Săn",
            "kind": "page_images",
            "library": province.pk,
            "records": str(record.pk),
            "languages": ["vie", "rad"],
            "access": "public",
            "restriction": "none",
        },
    )

    obj = DigitalObject.objects.get()
    assert 'value="Sử thi Đăm Săn"' in page
    assert answer.headers["Location"] == f"/desk/digital/{obj.identifier}/"
    assert (obj.languages, list(obj.records.all())) == ("vie rad", [record])


def test_a_number_of_no_record_is_said_at_its_field(desk_of_keeper, province):
    answer = desk_of_keeper.post(
        "/desk/digital/new/",
        {
            "title": "x",
            "kind": "pdf",
            "library": province.pk,
            "records": "999999",
            "access": "staff",
            "restriction": "none",
        },
    )

    assert answer.status_code == 422
    assert "records" in answer.context["form"].errors
    assert not DigitalObject.objects.exists()


def test_the_page_of_an_object_shows_its_pages_files_and_events(desk_of_keeper, filled):
    page = desk_of_keeper.get(f"/desk/digital/{filled.identifier}/").content.decode()

    assert page.count('class="page-cell"') == 3
    assert "trang 1.png" in page
    assert "Đã tiếp nhận" in page


def test_the_list_shows_what_is_asked_for(desk_of_keeper, new_object):
    new_object("Địa chí Đắk Lắk")
    new_object("Bản đồ Buôn Ma Thuột")

    page = desk_of_keeper.get("/desk/digital/?q=dia+chi&state=draft").content.decode()

    assert "Địa chí Đắk Lắk" in page
    assert "Bản đồ" not in page


def test_publishing_tells_what_is_missing_before_it_is_tried(desk_of_keeper, draft):
    page = desk_of_keeper.get(f"/desk/digital/{draft.identifier}/").content.decode()
    answer = desk_of_keeper.post(f"/desk/digital/{draft.identifier}/publish/", follow=True)

    assert "Chưa có gì bên trong." in page
    assert "Chưa thể công bố tài liệu này." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_object_is_published_withdrawn_and_opened_again(desk_of_keeper, filled):
    states = []
    for deed, told in (("publish", {}), ("withdraw", {"reason": "Nhầm"}), ("reopen", {})):
        desk_of_keeper.post(f"/desk/digital/{filled.identifier}/{deed}/", told)
        filled.refresh_from_db()
        states.append(filled.state)

    assert states == ["published", "withdrawn", "draft"]


def test_who_saves_what_somebody_else_saved_is_told(desk_of_keeper, draft):
    address = f"/desk/digital/{draft.identifier}/edit/"
    first = written(draft, title="Một")
    desk_of_keeper.post(address, first)

    answer = desk_of_keeper.post(address, written(draft, title="Hai"))

    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.title == "Một"


def test_pages_are_put_in_order_and_labelled_at_once(desk_of_keeper, filled):
    one, two, three = filled.pages.all()
    told = {
        f"position-{one.pk}": "3",
        f"position-{two.pk}": "2",
        f"position-{three.pk}": "3",
        f"label-{two.pk}": "iv",
    }

    desk_of_keeper.post(f"/desk/digital/{filled.identifier}/pages/", told)

    shown = list(filled.pages.values_list("pk", "label"))
    assert shown == [(two.pk, "iv"), (three.pk, ""), (one.pk, "")]


def test_pages_are_ordered_by_the_names_of_their_files(desk_of_keeper, draft, keeper, tmp_path):
    files = [picture(tmp_path, name, ink=n) for n, name in enumerate(["10.png", "2.png"])]
    add_page_images(draft, files, by=keeper)

    desk_of_keeper.post(f"/desk/digital/{draft.identifier}/pages/", {"by": "name"})

    names = draft.pages.values_list("master__name", flat=True)
    assert list(names) == ["2.png", "10.png"]


def test_a_page_is_replaced_by_a_better_scan(desk_of_keeper, filled, tmp_path):
    page = filled.pages.first()
    with picture(tmp_path, "tốt hơn.png", ink=9).path.open("rb") as scan:
        desk_of_keeper.post(
            f"/desk/digital/{filled.identifier}/pages/{page.identifier}/replace/", {"file": scan}
        )

    page.refresh_from_db()
    assert page.master.name == "9-tốt hơn.png"
    assert filled.files.exclude(replaced_at=None).filter(role="master").count() == 1


def test_a_small_picture_is_small(desk_of_keeper, filled):
    page = filled.pages.first()

    answer = desk_of_keeper.get(
        f"/desk/digital/{filled.identifier}/pages/{page.identifier}/small.jpg"
    )

    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content[:3] == b"\xff\xd8\xff"
    assert len(answer.content) < 20_000


def test_a_kept_file_is_handed_out_to_be_saved(desk_of_keeper, filled):
    file = filled.files.preserved().first()

    answer = desk_of_keeper.get(f"/desk/digital/{filled.identifier}/files/{file.identifier}/")

    assert b"".join(answer.streaming_content)[:8] == b"\x89PNG\r\n\x1a\n"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    ["", "edit/", "files/{file}/", "pages/{page}/small.jpg"],
)
def test_no_draft_of_ours_is_found_by_staff_of_another_library(neighbour_client, filled, address):
    file, page = filled.files.preserved().first(), filled.pages.first()
    path = address.format(file=file.identifier, page=page.identifier)

    answer = neighbour_client.get(f"/desk/digital/{filled.identifier}/{path}")

    assert answer.status_code in {403, 404}


def test_a_whole_object_is_taken_along(desk_of_keeper, filled):
    answer = desk_of_keeper.post(f"/desk/digital/{filled.identifier}/bag/")

    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    names = packed.namelist()
    assert f"{filled.identifier}/bagit.txt" in names
    assert sum(name.endswith(".png") for name in names) == 3


def test_all_files_are_read_again_on_demand(desk_of_keeper, filled):
    answer = desk_of_keeper.post(f"/desk/digital/{filled.identifier}/check/", follow=True)

    assert "Mọi tệp lưu trữ vẫn nguyên như khi tiếp nhận." in answer.content.decode()


def test_a_collection_moves_with_all_below_it(keeper):
    top = add_collection(CollectionData(code="dia-chi", name="Địa chí"), by=keeper)
    maps = add_collection(CollectionData(code="ban-do", name="Bản đồ", parent=top), by=keeper)
    add_collection(CollectionData(code="phap", name="Thời Pháp", parent=maps), by=keeper)

    change_collection(maps, CollectionData(code="ban-do", name="Bản đồ"), by=keeper)

    paths = Collection.objects.in_tree_order().values_list("path", flat=True)
    assert list(paths) == ["ban-do/", "ban-do/phap/", "dia-chi/"]


def test_no_collection_stands_below_itself(keeper):
    top = add_collection(CollectionData(code="dia-chi", name="Địa chí"), by=keeper)
    maps = add_collection(CollectionData(code="ban-do", name="Bản đồ", parent=top), by=keeper)

    with pytest.raises(CollectionInItself):
        change_collection(top, CollectionData(code="dia-chi", name="x", parent=maps), by=keeper)
    with pytest.raises(CollectionCodeTaken):
        add_collection(CollectionData(code="ban-do", name="x"), by=keeper)

    assert Collection.objects.get(code="dia-chi").path == "dia-chi/"


def test_a_collection_is_put_up_on_its_page(desk_of_keeper):
    desk_of_keeper.post(
        "/desk/digital/collections/", {"name": "Sử thi", "code": "su-thi", "position": "1"}
    )

    assert Collection.objects.get().path == "su-thi/"
    assert "Sử thi" in desk_of_keeper.get("/desk/digital/collections/").content.decode()


@pytest.fixture
def api(keeper_user, keeper) -> Client:
    _, token = issue_token(keeper_user, "test", by=keeper)
    return Client(headers={"Authorization": f"Bearer {token}"})


def test_the_api_tells_of_an_object(api, filled, keeper):
    publish(filled, by=keeper)
    page = filled.pages.first()

    found = api.get(f"/api/v1/objects/{filled.identifier}").json()

    assert found["title"] == "Địa chí Đắk Lắk"
    assert (found["kind"], found["access"], found["pages"]) == ("page_images", "public", 3)
    assert found["manifest"] == f"http://testserver/iiif/manifest/{filled.identifier}"
    assert found["images"][0] == f"http://testserver/iiif/image/{page.identifier}/info.json"


def test_the_api_lists_a_collection_with_those_below_it(api, new_object, keeper):
    top = add_collection(CollectionData(code="dia-chi", name="Địa chí"), by=keeper)
    below = add_collection(CollectionData(code="ban-do", name="Bản đồ", parent=top), by=keeper)
    inside, _outside = new_object("Trong", collections=(below,)), new_object("Ngoài")

    found = api.get("/api/v1/objects?collection=dia-chi").json()
    nothing = api.get("/api/v1/objects?collection=khong-co").json()

    assert [hit["id"] for hit in found["hits"]] == [inside.identifier]
    assert (found["total"], nothing["total"]) == (1, 0)


def test_the_api_hides_what_its_caller_may_not_find(filled, neighbour_user, neighbour):
    _, token = issue_token(neighbour_user, "test", by=neighbour)
    stranger = Client(headers={"Authorization": f"Bearer {token}"})

    answer = stranger.get(f"/api/v1/objects/{filled.identifier}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_moment_of_publication_is_kept(filled, keeper):
    before = timezone.now()

    publish(filled, by=keeper)

    filled.refresh_from_db()
    assert before <= filled.published_at <= timezone.now()
