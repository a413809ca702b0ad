from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from tangthu.catalogue.actions import add_record, save_record, suppress
from tangthu.catalogue.actions.uploads import forget_old_files
from tangthu.catalogue.models import (
    ImportJob,
    ImportState,
    Item,
    ItemStatus,
    Record,
    RecordVersion,
)
from tangthu.catalogue.tasks import bring_in_file
from tangthu.formats.marc import storage
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.writer import write_iso2709
from tests.catalogue.marc import book, field
from tests.factories import ItemFactory, ItemTypeFactory

pytestmark = pytest.mark.django_db

KIEU = book("Truyện Kiều", field("020", "a", "9786042088183"), field("999", "x", "một trường lạ"))


def address(name, *args):
    return reverse(f"catalogue:{name}", args=args)


@pytest.fixture
def record(province, cataloguer):
    return add_record(KIEU, library=province, by=cataloguer)


def titles(response):
    return [row.title for row, _ in response.context["rows"]]


def test_the_list_shows_the_newest_first(cataloguer_client, record, province, cataloguer):
    add_record(book("Đất rừng"), library=province, by=cataloguer)

    page = cataloguer_client.get(address("records"))

    assert titles(page) == ["Đất rừng", "Truyện Kiều"]


def test_an_empty_catalogue_tells_the_next_step(cataloguer_client):
    page = cataloguer_client.get(address("records"))

    assert "Mục lục còn trống" in page.content.decode()


@pytest.mark.parametrize(
    "q", ["truyen kieu", "Truyện K", "TRUYỆN KIỀU", "9786042088183", "604-208-818-1"]
)
def test_the_list_is_searched_by_title_and_number(cataloguer_client, record, q, province, machine):
    add_record(book("Đất rừng"), library=province, by=machine)

    assert titles(cataloguer_client.get(address("records"), {"q": q})) == ["Truyện Kiều"]


def test_a_scanned_barcode_opens_its_record(cataloguer_client, record, province):
    ItemFactory(record=record, library=province, barcode="DLK1")

    page = cataloguer_client.get(address("records"), {"q": " dlk1 "})

    assert page.url == address("record", record.pk)


def test_the_list_is_narrowed(cataloguer_client, record, province, commune, machine, cataloguer):
    suppress(add_record(book("Ẩn"), library=province, by=machine), by=machine)
    copied = add_record(book("Có bản"), library=commune, by=machine)
    ItemFactory(record=copied, library=commune)

    def found(**narrowed):
        return sorted(titles(cataloguer_client.get(address("records"), narrowed)))

    assert found(state="hidden") == ["Ẩn"]
    assert found(state="without_items") == ["Truyện Kiều", "Ẩn"]
    assert found(library=commune.pk) == ["Có bản"]
    assert found(material="map") == []
    assert len(found(material="nonsense", sort="nonsense", library="x")) == 3


@pytest.mark.parametrize("sort", ["title", "-title", "changed", "-changed"])
def test_paging_forth_and_back_shows_every_record_once(
    cataloguer_client, province, machine, monkeypatch, sort
):
    from tangthu.catalogue import reading

    monkeypatch.setattr(reading, "PAGE", 3)
    for number in range(8):
        add_record(book("Trùng tên", author=str(number)), library=province, by=machine)
    seen, pages, query = [], [], {"sort": sort}

    while True:
        page = cataloguer_client.get(address("records"), query).context["page"]
        pages.append([row.pk for row in page.records])
        seen += pages[-1]
        if not page.after:
            break
        query = {"sort": sort, "after": page.after}

    assert sorted(seen) == sorted(Record.objects.values_list("pk", flat=True))
    assert [len(page) for page in pages] == [3, 3, 2]
    back = cataloguer_client.get(address("records"), {"sort": sort, "before": page.before})
    assert [row.pk for row in back.context["page"].records] == pages[1]


@pytest.mark.parametrize("mark", ["x", "AAAA", "WzEsMl0=", "W251bGwsMV0="])
def test_a_mark_that_was_tampered_with_is_passed_over(cataloguer_client, record, mark):
    assert titles(cataloguer_client.get(address("records"), {"after": mark})) == ["Truyện Kiều"]


def test_the_list_asks_the_database_a_fixed_number_of_questions(
    cataloguer_client, province, machine, django_assert_max_num_queries
):
    for number in range(10):
        add_record(book(f"Sách {number}"), library=province, by=machine)

    with django_assert_max_num_queries(9):
        cataloguer_client.get(address("records"))


def test_the_record_page_shows_description_copies_and_marc(cataloguer_client, record, province):
    ItemFactory(record=record, library=province, barcode="DLK1")

    page = cataloguer_client.get(address("record", record.pk)).content.decode()

    assert "Nguyễn Du" in page
    assert "DLK1" in page
    assert "một trường lạ" in page


def test_a_document_is_described_in_a_form(cataloguer_client, province):
    answer = cataloguer_client.post(
        address("describe"),
        {
            "title": "Trường ca Đăm Săn",
            "author": "Nguyễn Hữu Thấu",
            "year": "2003",
            "isbn": "",
            "language": "rad",
            "material": "book",
            "subjects": "Sử thi--Ê Đê",
            "library": province.pk,
        },
    )

    record = Record.objects.get()
    assert answer.url == address("items", record.pk)
    assert (record.title, record.author, record.year, record.language) == (
        "Trường ca Đăm Săn",
        "Nguyễn Hữu Thấu",
        2003,
        "rad",
    )


def described(province, **given):
    return {"title": "Truyện Kiều", "material": "book", "library": province.pk} | given


def test_a_document_that_may_be_there_is_shown_before_saving(cataloguer_client, record, province):
    told = described(province, isbn="604-208-818-1")

    warned = cataloguer_client.post(address("describe"), told)
    assert warned.status_code == 409
    assert address("record", record.pk) in warned.content.decode()
    assert Record.objects.count() == 1

    cataloguer_client.post(address("describe"), told | {"sure": "1"})
    assert Record.objects.count() == 2


@pytest.mark.parametrize(
    ("isbn", "words"), [("978604208818", "10 hoặc 13"), ("9786042088184", "Chữ số cuối")]
)
def test_a_wrong_isbn_is_explained_and_may_be_kept(cataloguer_client, province, isbn, words):
    told = described(province, isbn=isbn)

    refused = cataloguer_client.post(address("describe"), told)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert not Record.objects.exists()

    cataloguer_client.post(address("describe"), told | {"keep_isbn": "on"})
    assert storage.loads(Record.objects.get().marc).value("020", "a") == isbn


def test_a_form_without_a_title_is_not_saved(cataloguer_client, province):
    answer = cataloguer_client.post(address("describe"), described(province, title="  "))

    assert answer.status_code == 422
    assert not Record.objects.exists()


def test_a_description_is_corrected_and_keeps_what_the_form_does_not_know(
    cataloguer_client, record
):
    page = cataloguer_client.get(address("edit", record.pk))
    told = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    told |= {"title": "Kim Vân Kiều", "keep_isbn": ""}

    cataloguer_client.post(address("edit", record.pk), told)

    record.refresh_from_db()
    assert (record.title, record.version) == ("Kim Vân Kiều", 2)
    assert storage.loads(record.marc).value("999", "x") == "một trường lạ"
    assert RecordVersion.objects.count() == 1


def test_a_correction_of_an_old_page_is_refused_in_words(cataloguer_client, record, cataloguer):
    save_record(record, book("Người khác đã sửa"), version=1, by=cataloguer)

    answer = cataloguer_client.post(
        address("edit", record.pk), {"title": "Của tôi", "material": "book", "version": "1"}
    )

    assert answer.status_code == 422
    record.refresh_from_db()
    assert record.title == "Người khác đã sửa"


def test_an_earlier_version_is_compared_and_restored(cataloguer_client, record, cataloguer):
    save_record(record, book("Kim Vân Kiều"), version=1, by=cataloguer)

    page = cataloguer_client.get(address("version", record.pk, 1)).content.decode()
    assert "Truyện Kiều" in page
    assert "Kim Vân Kiều" in page

    cataloguer_client.post(address("restore", record.pk, 1), {"version": "2"})
    record.refresh_from_db()
    assert (record.title, record.version) == ("Truyện Kiều", 3)


def test_records_are_hidden_together(cataloguer_client, record):
    answer = cataloguer_client.post(
        address("selected"),
        {"chosen": [record.pk], "deed": "hide", "here": "/desk/catalogue/?q=x"},
    )

    assert answer.url == "/desk/catalogue/?q=x"
    record.refresh_from_db()
    assert record.suppressed


@pytest.mark.parametrize(
    "here", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_nobody_is_led_out_of_the_site(cataloguer_client, record, here):
    answer = cataloguer_client.post(address("selected"), {"here": here})

    assert answer.url == address("records")


def body(answer):
    return b"".join(answer.streaming_content)


def test_chosen_and_narrowed_records_are_exported(cataloguer_client, record, province, machine):
    other = add_record(book("Đất rừng"), library=province, by=machine)

    chosen = cataloguer_client.post(address("selected"), {"chosen": [other.pk], "deed": "export"})
    narrowed = cataloguer_client.get(address("export"), {"q": "truyen"})

    assert [o.record.value("245", "a") for o in read(io.BytesIO(body(chosen)))] == ["Đất rừng"]
    assert [o.record.value("245", "a") for o in read(io.BytesIO(body(narrowed)))] == ["Truyện Kiều"]


@pytest.fixture
def copies(province):
    return {
        "copies": "2",
        "library": province.pk,
        "item_type": ItemTypeFactory().pk,
        "price": "25.000đ",
        "status": "available",
        "series": "",
    }


def test_copies_are_added_with_the_numbers_that_were_shown(cataloguer_client, record, copies):
    page = cataloguer_client.get(address("items", record.pk))
    assert page.context["next_number"] == "DLK.000001"

    cataloguer_client.post(address("items", record.pk), copies)

    assert list(Item.objects.order_by("id").values_list("accession_number", "price")) == [
        ("DLK.000001", 25000),
        ("DLK.000002", 25000),
    ]


def test_what_was_added_is_said_once_and_in_words(cataloguer_client, record, copies):
    page = cataloguer_client.post(address("items", record.pk), copies, follow=True).content.decode()

    assert "DLK.000001, DLK.000002" in page
    assert "&lt;Item" not in page


def test_the_next_number_of_another_series_is_told(cataloguer_client, province):
    query = {"library": province.pk, "series": "vv."}

    assert "VV.000001" in cataloguer_client.get(address("next_number"), query).content.decode()


def test_a_barcode_that_is_taken_is_refused_at_its_field(cataloguer_client, record, copies):
    ItemFactory(barcode="B1", record__title="Đất rừng phương Nam")

    answer = cataloguer_client.post(
        address("items", record.pk), copies | {"copies": "1", "barcode": "b1"}
    )

    assert answer.status_code == 422
    assert "Đất rừng phương Nam" in answer.content.decode()
    assert not Item.objects.filter(record=record).exists()


@pytest.mark.parametrize("price", ["12 usd", "rẻ", "-5"])
def test_a_price_that_is_no_amount_of_dong_is_refused(cataloguer_client, record, copies, price):
    answer = cataloguer_client.post(address("items", record.pk), copies | {"price": price})

    assert answer.status_code == 422
    assert not Item.objects.exists()


def test_a_copy_is_corrected_withdrawn_and_taken_back(cataloguer_client, record, province):
    item = ItemFactory(record=record, library=province)
    page = cataloguer_client.get(address("item", item.pk))
    told = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}

    cataloguer_client.post(address("item", item.pk), told | {"price": "30000"})
    item.refresh_from_db()
    assert item.price == 30000

    cataloguer_client.post(address("withdraw", item.pk), {"reason": "Rách"})
    item.refresh_from_db()
    assert (item.status, item.note) == (ItemStatus.WITHDRAWN, "Rách")
    assert "đã xuất kho" in cataloguer_client.get(address("item", item.pk)).content.decode()

    cataloguer_client.post(address("reinstate", item.pk))
    item.refresh_from_db()
    assert item.status == ItemStatus.AVAILABLE


def test_staff_of_another_library_look_but_do_not_touch(neighbour_client, record, province, copies):
    item = ItemFactory(record=record, library=province)

    assert neighbour_client.get(address("record", record.pk)).status_code == 200
    assert neighbour_client.get(address("edit", record.pk)).status_code == 403
    assert neighbour_client.get(address("item", item.pk)).status_code == 403
    deeds = [
        ("edit", {"title": "Của tôi", "material": "book", "version": "1"}),
        ("suppress", {"hidden": "1"}),
        ("restore", {"version": "1"}),
    ]
    for name, told in deeds:
        args = (record.pk, 1) if name == "restore" else (record.pk,)
        assert neighbour_client.post(address(name, *args), told).status_code in {403, 404}
    assert neighbour_client.post(address("items", record.pk), copies).status_code == 422
    assert neighbour_client.post(address("withdraw", item.pk)).status_code == 403
    assert (
        neighbour_client.post(address("selected"), {"chosen": [record.pk], "deed": "hide"})
    ).status_code == 403
    record.refresh_from_db()
    assert (record.title, record.version, record.suppressed) == ("Truyện Kiều", 1, False)
    assert Item.objects.get().status == ItemStatus.AVAILABLE


@pytest.mark.parametrize("name", ["records", "describe", "import", "export"])
def test_staff_without_the_right_do_not_open_the_catalogue(desk_client, name):
    assert desk_client.get(address(name)).status_code == 403


def upload(client, province, content, **given):
    file = io.BytesIO(content)
    file.name = "sach.mrc"
    told = {"library": province.pk, "on_duplicate": "skip", "item_profile": "auto", "file": file}
    return client.post(address("import"), told | given)


FILE = b"".join(map(write_iso2709, [KIEU, book("Đất rừng phương Nam"), book("Cắt ngang")]))[:-40]


def test_a_file_is_handed_in_brought_in_and_told(cataloguer_client, province):
    answer = upload(cataloguer_client, province, FILE)
    job = ImportJob.objects.get()
    assert answer.url == address("import_job", job.pk)
    assert default_storage.exists(job.stored_file)

    bring_in_file.func(job.pk)

    stored = job.stored_file
    job.refresh_from_db()
    assert (job.state, job.read, job.imported, job.rejected) == (ImportState.DONE, 3, 2, 1)
    assert job.stored_file == ""
    assert not default_storage.exists(stored)
    page = cataloguer_client.get(address("import_job", job.pk)).content.decode()
    assert "Đã nhập xong" in page
    assert "Tệp bị cắt ngang giữa biểu ghi" in page


def test_rejected_records_are_handed_out(cataloguer_client, province):
    upload(cataloguer_client, province, FILE)
    job = ImportJob.objects.get()
    bring_in_file.func(job.pk)

    lines = body(cataloguer_client.get(address("import_rejected", job.pk)))
    bare = body(cataloguer_client.get(address("import_rejected", job.pk), {"format": "marc"}))

    assert lines.count(b"\n") == 1
    assert FILE.endswith(bare)
    assert bare


def test_a_trial_by_the_web_writes_no_record(cataloguer_client, province):
    upload(cataloguer_client, province, FILE, dry_run="on")
    job = ImportJob.objects.get()

    bring_in_file.func(job.pk)

    job.refresh_from_db()
    assert (job.state, job.imported, Record.objects.count()) == (ImportState.DONE, 2, 0)


def stored_uploads():
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


@pytest.mark.parametrize("content", [b"", b"xin ch\xc3\xa0o " * 100])
def test_a_file_that_is_not_marc_is_refused_under_its_field(cataloguer_client, province, content):
    before = stored_uploads()

    answer = upload(cataloguer_client, province, content)

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not ImportJob.objects.exists()
    assert stored_uploads() == before


def test_the_same_file_handed_in_twice_is_one_job(cataloguer_client, province):
    upload(cataloguer_client, province, FILE)
    upload(cataloguer_client, province, FILE)

    job = ImportJob.objects.get()
    bring_in_file.func(job.pk)
    bring_in_file.func(job.pk)
    assert Record.objects.count() == 2


def test_progress_is_polled_until_it_is_over(cataloguer_client, province):
    upload(cataloguer_client, province, FILE)
    job = ImportJob.objects.get()

    waiting = cataloguer_client.get(address("import_progress", job.pk))
    assert b"every 1s" in waiting.content
    bring_in_file.func(job.pk)
    over = cataloguer_client.get(address("import_progress", job.pk))

    assert over.headers["HX-Redirect"] == address("import_job", job.pk)


def test_an_import_is_cancelled_and_its_file_removed(cataloguer_client, province):
    upload(cataloguer_client, province, FILE)
    job = ImportJob.objects.get()

    cataloguer_client.post(address("import_cancel", job.pk))
    bring_in_file.func(job.pk)

    job.refresh_from_db()
    assert (job.state, job.stored_file, Record.objects.count()) == (ImportState.CANCELLED, "", 0)


def test_an_import_that_stopped_half_way_goes_on(cataloguer_client, province):
    upload(cataloguer_client, province, FILE)
    ImportJob.objects.update(state=ImportState.PAUSED, error="disk_full")
    job = ImportJob.objects.get()
    page = cataloguer_client.get(address("import_job", job.pk)).content.decode()
    assert "Đĩa đã đầy" in page

    cataloguer_client.post(address("import_resume", job.pk))

    job.refresh_from_db()
    assert (job.state, job.error) == (ImportState.WAITING, "")
    bring_in_file.func(job.pk)
    assert Record.objects.count() == 2


def test_an_import_whose_file_is_gone_asks_for_it(cataloguer_client, province):
    upload(cataloguer_client, province, FILE)
    job = ImportJob.objects.get()
    default_storage.delete(job.stored_file)

    bring_in_file.func(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (ImportState.FAILED, "import_file_gone")
    page = cataloguer_client.get(address("import_job", job.pk)).content.decode()
    assert "Hãy gửi lại" in page


def test_old_uploads_are_removed(cataloguer_client, province):
    upload(cataloguer_client, province, FILE)
    job = ImportJob.objects.get()
    ImportJob.objects.update(created_at=timezone.now() - timedelta(days=31))

    forget_old_files(now=timezone.now())

    stored = job.stored_file
    job.refresh_from_db()
    assert (job.state, job.stored_file) == (ImportState.CANCELLED, "")
    assert not default_storage.exists(stored)


def test_an_import_whose_sender_left_is_not_done(cataloguer_client, cataloguer_user, province):
    upload(cataloguer_client, province, FILE)
    cataloguer_user.is_active = False
    cataloguer_user.save()

    bring_in_file.func(ImportJob.objects.get().pk)

    job = ImportJob.objects.get()
    assert (job.state, job.error, Record.objects.count()) == (
        ImportState.FAILED,
        "not_permitted",
        0,
    )


def test_the_imports_of_another_library_are_not_seen(neighbour_client, cataloguer_client, province):
    upload(cataloguer_client, province, FILE)
    job = ImportJob.objects.get()

    for name in ("import_job", "import_progress", "import_rejected"):
        assert neighbour_client.get(address(name, job.pk)).status_code == 404
    for name in ("import_cancel", "import_resume"):
        assert neighbour_client.post(address(name, job.pk)).status_code == 404
    assert upload(neighbour_client, province, FILE).status_code == 422
    assert ImportJob.objects.get().state == ImportState.WAITING
