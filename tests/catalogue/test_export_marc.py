from __future__ import annotations

import shutil
import subprocess

import pytest
from django.core.management import CommandError, call_command

from tangthu.catalogue.actions import ItemData, add_item, add_record, withdraw_item
from tangthu.catalogue.models import Item, Record
from tangthu.formats.marc.reader import read
from tests.catalogue.marc import book, field
from tests.factories import ItemTypeFactory

pytestmark = pytest.mark.django_db

RECORDS = [
    book(
        "Truyện Kiều", field("001", "1"), field("999", "x", "một trường lạ"), field("952", "p", "1")
    ),
    book("Klei khan Y Dăm San", field("500", "a", "ê̆ ô̆ ơ̆ ư̆ Ƀuôn")),
    book("Cà phê & <chè>", author="H'Hen Niê"),
]


@pytest.fixture
def catalogue(province, cataloguer):
    return [add_record(marc, library=province, by=cataloguer) for marc in RECORDS]


def records_of(path):
    with path.open("rb") as file:
        return [outcome.record for outcome in read(file)]


@pytest.mark.parametrize("form", ["iso2709", "marcxml", "json"])
def test_what_was_entered_comes_out_the_same(catalogue, tmp_path, capsys, form):
    path = tmp_path / "out"

    call_command("export_marc", path, format=form)

    assert records_of(path) == RECORDS
    assert capsys.readouterr().out == "written=3 refused=0\n"


@pytest.mark.parametrize("form", ["iso2709", "marcxml", "json"])
def test_an_export_comes_in_again(catalogue, tmp_path, province, capsys, form):
    path = tmp_path / "out"
    call_command("export_marc", path, format=form)
    capsys.readouterr()

    call_command("import_marc", path, library="DLK", on_duplicate="add")

    assert capsys.readouterr().out == "read=3 imported=3 merged=0 skipped=0 rejected=0\n"
    stored = list(Record.objects.order_by("id").values_list("marc", flat=True))
    assert stored[:3] == stored[3:]


def test_an_empty_catalogue_is_an_empty_file_of_its_kind(db, tmp_path):
    call_command("export_marc", tmp_path / "o.xml", format="marcxml")
    call_command("export_marc", tmp_path / "o.json", format="json")

    assert b"<collection" in (tmp_path / "o.xml").read_bytes()
    assert (tmp_path / "o.json").read_text().split() == ["[", "]"]


def test_copies_go_out_only_when_asked_and_as_they_are_now(
    catalogue, tmp_path, province, cataloguer
):
    data = ItemData(library=province, item_type=ItemTypeFactory(), price=25000)
    add_item(catalogue[0], data, by=cataloguer)
    withdraw_item(add_item(catalogue[1], data, by=cataloguer), by=cataloguer)

    call_command("export_marc", tmp_path / "o.mrc", with_items=True)

    first, second, _ = records_of(tmp_path / "o.mrc")
    item = Item.objects.order_by("id").first()
    (copy,) = first.data("952")
    assert (copy.get("p"), copy.get("i"), copy.get("g"), copy.get("a")) == (
        item.barcode,
        item.accession_number,
        "25000",
        "DLK",
    )
    assert not list(second.data("952"))


def test_a_record_too_long_for_iso_2709_is_told_and_left_out(
    catalogue, tmp_path, province, cataloguer, capsys
):
    notes = [field("500", "a", "dài " * 2000) for _ in range(15)]
    long = add_record(book("Quá dài", *notes), library=province, by=cataloguer)

    call_command("export_marc", tmp_path / "o.mrc")

    told = capsys.readouterr()
    assert told.out == "written=3 refused=1\n"
    assert str(long.pk) in told.err
    assert "Quá dài" in told.err
    assert len(records_of(tmp_path / "o.mrc")) == 3


def test_one_library_may_be_exported_alone(catalogue, tmp_path, commune, machine, capsys):
    add_record(book("Sách xã"), library=commune, by=machine)

    call_command("export_marc", tmp_path / "o.mrc", library="eakao")

    assert capsys.readouterr().out == "written=1 refused=0\n"


def test_a_folder_that_is_not_there_is_named_and_nothing_is_left(catalogue, tmp_path):
    with pytest.raises(CommandError):
        call_command("export_marc", tmp_path / "missing" / "o.mrc")

    assert not list(tmp_path.iterdir())


def test_an_export_that_fails_leaves_the_old_file_alone(catalogue, tmp_path, monkeypatch):
    path = tmp_path / "o.mrc"
    path.write_bytes(b"old")
    from tangthu.catalogue import exporting

    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(exporting._WRITERS, exporting.ExportFormat.ISO2709, fail)

    with pytest.raises(CommandError):
        call_command("export_marc", path)

    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["o.mrc"]


@pytest.mark.skipif(shutil.which("yaz-marcdump") is None, reason="yaz-marcdump is not installed")
@pytest.mark.parametrize(("form", "kind"), [("iso2709", "marc"), ("marcxml", "marcxml")])
def test_yaz_reads_the_export(catalogue, tmp_path, form, kind):
    path = tmp_path / "out"
    call_command("export_marc", path, format=form)

    dump = subprocess.run(
        ["yaz-marcdump", "-i", kind, "-o", "line", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert dump.stdout.count("245 10 $a") == 3
    assert "Klei khan Y Dăm San" in dump.stdout
    assert dump.stderr == ""
