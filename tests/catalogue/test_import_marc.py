from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command

from tangthu.catalogue.actions import add_record
from tangthu.catalogue.models import (
    ImportJob,
    ImportNote,
    Item,
    ItemType,
    MatchKey,
    NoteKind,
    Record,
    RecordVersion,
)
from tangthu.core.models import AuditEntry, Change
from tangthu.formats.marc import storage
from tangthu.formats.marc.writer import write_iso2709
from tests.catalogue.marc import book, field, marc

pytestmark = pytest.mark.django_db

ISBN = field("020", "a", "9786042088183")
KIEU = book("Truyện Kiều", field("001", "1"), field("003", "NLV"), ISBN)
FOREST = book("Đất rừng phương Nam", field("001", "2"), field("003", "NLV"), author="Đoàn Giỏi")


@pytest.fixture
def import_marc(tmp_path, province, capsys):
    """Import records (or bytes) as one file, and return the last line that the command wrote."""

    def run(*records, name="sach.mrc", **options):
        path = tmp_path / name
        path.write_bytes(b"".join(r if isinstance(r, bytes) else write_iso2709(r) for r in records))
        capsys.readouterr()
        call_command("import_marc", path, library="dlk", **options)
        return capsys.readouterr().out.splitlines()[-1]

    return run


def test_records_of_a_file_are_entered_with_columns_keys_and_news(import_marc, province):
    line = import_marc(KIEU, FOREST)

    assert line == "read=2 imported=2 merged=0 skipped=0 rejected=0"
    first, second = Record.objects.order_by("id")
    assert storage.loads(first.marc) == KIEU
    assert (first.title, first.isbn, first.library) == ("Truyện Kiều", "9786042088183", province)
    assert set(first.match_keys.values_list("kind", flat=True)) == {"control", "isbn", "title"}
    news = Change.objects.filter(kind="record").values_list("key", flat=True)
    assert sorted(news) == sorted([str(first.pk), str(second.pk)])


def test_a_file_imported_again_doubles_nothing(import_marc):
    import_marc(KIEU, FOREST)

    assert import_marc(KIEU, FOREST) == "read=2 imported=0 merged=0 skipped=2 rejected=0"
    assert Record.objects.count() == 2
    assert list(ImportJob.objects.values_list("state", flat=True)) == ["done", "done"]


def test_a_duplicate_within_the_file_and_the_batch_is_found(import_marc):
    assert import_marc(KIEU, KIEU, FOREST) == "read=3 imported=2 merged=0 skipped=1 rejected=0"


@pytest.mark.parametrize(
    "incoming",
    [
        marc(field("001", "1"), field("003", "NLV"), field("245", "a", "Truyện Kiều")),
        marc(field("020", "a", "604-208-818-1"), field("245", "a", "Truyện kiều")),
        book("truyện kiều", author="NGUYỄN DU"),
    ],
    ids=["control number", "isbn", "title, author and year"],
)
def test_each_kind_of_key_finds_the_duplicate(import_marc, incoming):
    import_marc(KIEU)

    assert import_marc(incoming) == "read=1 imported=0 merged=0 skipped=1 rejected=0"
    note = ImportNote.objects.get(kind=NoteKind.SKIPPED)
    assert note.record == Record.objects.get()


def test_one_isbn_on_another_title_is_entered_and_told(import_marc):
    import_marc(KIEU)

    line = import_marc(book("Nghề mộc", ISBN, author="Trần Văn Mộc"))

    assert line == "read=1 imported=1 merged=0 skipped=0 rejected=0"
    note = ImportNote.objects.get(kind=NoteKind.DOUBTFUL)
    assert (note.reason, note.detail) == ("other_title", "Truyện Kiều")


def test_volumes_of_a_set_with_one_isbn_are_all_entered(import_marc):
    volumes = [
        marc(ISBN, field("245", "a", "Lịch sử Việt Nam", "n", f"Tập {number}"))
        for number in (1, 2, 3)
    ]

    assert import_marc(*volumes) == "read=3 imported=3 merged=0 skipped=0 rejected=0"


def test_merging_fills_what_is_missing_and_keeps_the_version_before(import_marc):
    import_marc(KIEU)
    full = book("Truyện Kiều", ISBN, field("650", "a", "Thơ"))

    line = import_marc(full, on_duplicate="merge")

    assert line == "read=1 imported=0 merged=1 skipped=0 rejected=0"
    record = Record.objects.get()
    assert (record.version, storage.loads(record.marc).value("650", "a")) == (2, "Thơ")
    assert storage.loads(RecordVersion.objects.get().marc) == KIEU


def test_merging_what_is_there_already_makes_no_version(import_marc):
    import_marc(KIEU)

    line = import_marc(KIEU, on_duplicate="merge")

    assert line == "read=1 imported=0 merged=1 skipped=0 rejected=0"
    assert Record.objects.get().version == 1


def test_replacing_takes_the_new_description_and_its_keys(import_marc):
    import_marc(KIEU)
    newer = book("Kim Vân Kiều truyện Kiều", field("001", "1"), field("003", "NLV"))

    line = import_marc(newer, on_duplicate="replace")

    assert line == "read=1 imported=0 merged=1 skipped=0 rejected=0"
    record = Record.objects.get()
    assert (record.title, record.isbn) == ("Kim Vân Kiều truyện Kiều", "")
    assert not MatchKey.objects.filter(kind="isbn").exists()


def test_adding_enters_everything_again(import_marc):
    import_marc(KIEU)

    line = import_marc(KIEU, KIEU, on_duplicate="add")

    assert line == "read=2 imported=2 merged=0 skipped=0 rejected=0"
    assert Record.objects.count() == 3


COPY = field("952", "a", "DLK", "c", "Kho mượn", "p", "M 001", "g", "25.000đ", "y", "BK")


def test_copies_in_the_records_are_entered(import_marc, province):
    import_marc(KIEU.with_field(COPY))

    item = Item.objects.get()
    assert (item.barcode, item.accession_number, item.price) == ("M001", "M 001", 25000)
    assert (item.item_type.code, item.record.title) == ("book", "Truyện Kiều")
    assert (item.location.name, item.location.library) == ("Kho mượn", province)


def test_copies_of_a_skipped_record_go_to_the_record_that_is_there(import_marc):
    import_marc(KIEU.with_field(COPY))

    line = import_marc(KIEU.with_fields([COPY, field("952", "p", "M 002")]))

    assert line == "read=1 imported=0 merged=0 skipped=1 rejected=0"
    assert list(Item.objects.order_by("id").values_list("barcode", flat=True)) == ["M001", "M002"]
    job = ImportJob.objects.first()
    assert (job.items_added, job.items_skipped) == (1, 1)
    assert not ImportNote.objects.filter(kind=NoteKind.ITEM).exists()


def test_a_copy_whose_barcode_is_on_another_document_is_told(import_marc):
    import_marc(KIEU.with_field(COPY))

    import_marc(FOREST.with_field(COPY))

    assert Item.objects.count() == 1
    note = ImportNote.objects.get(kind=NoteKind.ITEM)
    assert (note.reason, note.detail) == ("barcode_taken", "M 001 M001")


def test_copies_may_be_left_aside(import_marc):
    import_marc(KIEU.with_field(COPY), items="none")

    assert not Item.objects.exists()


def test_a_number_in_the_register_becomes_a_barcode_with_the_library_code(import_marc):
    import_marc(KIEU.with_field(field("952", "p", "19093", "c", "Kho B")))

    assert Item.objects.get().barcode == "DLK19093"


def test_item_types_are_laid_down_where_there_are_none(import_marc):
    import_marc(KIEU)

    assert ItemType.objects.filter(code="book").exists()


def test_legacy_vietnamese_is_read_as_it_was_meant_and_told(import_marc):
    line = import_marc(book("Nh÷ng nguyªn t¾c cÇn tu©n thñ", author="NguyÔn V¨n An"))

    record = Record.objects.get()
    assert (record.title, record.author) == ("Những nguyên tắc cần tuân thủ", "Nguyễn Văn An")
    notes = ImportNote.objects.filter(kind=NoteKind.REPAIRED)
    assert {note.reason for note in notes} == {"tcvn3"}
    assert ImportJob.objects.get().repaired == 1
    assert line == "read=1 imported=1 merged=0 skipped=0 rejected=0"


def test_a_record_cut_off_is_rejected_with_place_and_reason(import_marc, tmp_path):
    whole, cut = write_iso2709(KIEU), write_iso2709(FOREST)[:80]
    path = tmp_path / "rejects.jsonl"

    line = import_marc(whole, cut, rejects=path)

    assert line == "read=2 imported=1 merged=0 skipped=0 rejected=1"
    (reject,) = map(orjson.loads, path.read_bytes().splitlines())
    assert (reject["position"], reject["offset"], reject["reason"]) == (2, len(whole), "truncated")
    assert reject["file"] == "sach.mrc"
    assert Record.objects.get().title == "Truyện Kiều"


@pytest.mark.parametrize("on_duplicate", ["skip", "merge", "replace", "add"])
def test_a_trial_run_tells_the_same_and_writes_nothing(import_marc, on_duplicate):
    import_marc(KIEU)
    tables = [Record, RecordVersion, MatchKey, Item, ImportJob, ImportNote, Change, AuditEntry]
    before = [table.objects.count() for table in tables]
    batch = [
        KIEU.with_field(COPY),
        FOREST,
        FOREST.with_field(COPY),
        book("Nghề mộc", ISBN, author="Trần Mộc"),
        write_iso2709(FOREST)[:80],
    ]

    tried = import_marc(*batch, on_duplicate=on_duplicate, dry_run=True)

    assert [table.objects.count() for table in tables] == before
    assert import_marc(*batch, on_duplicate=on_duplicate) == tried


def test_the_records_of_another_library_keep_their_description(
    import_marc, tmp_path, commune, neighbour, province, cataloguer
):
    from tangthu.catalogue.actions.imports import ImportOptions, open_job, take
    from tangthu.catalogue.importing.holder import Holder
    from tangthu.catalogue.importing.running import run_import
    from tangthu.catalogue.importing.source import facts_of

    record = add_record(KIEU, library=province, by=cataloguer)
    path = tmp_path / "x.mrc"
    path.write_bytes(
        write_iso2709(KIEU.with_fields([field("650", "a", "Thơ"), field("952", "p", "E1")]))
    )
    options, holder = ImportOptions(on_duplicate="merge", item_profile="952"), Holder()
    ItemType.objects.create(code="book", name="Sách")
    job = take(open_job(facts_of(path), options, library=commune, by=neighbour), holder)

    done = run_import(job, path, by=neighbour, holder=holder)

    record.refresh_from_db()
    assert (record.version, storage.loads(record.marc)) == (1, KIEU)
    item = Item.objects.get()
    assert (item.record, item.library, done.merged) == (record, commune, 1)
    assert ImportNote.objects.get(kind=NoteKind.DOUBTFUL).reason == "foreign_record"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "trống"),
        (b"Day la mot tap tin van ban.\n" * 30, "MARC"),
        (b"%PDF-1.7\n\x00\x01\x02", "MARC"),
    ],
    ids=["empty", "text", "pdf"],
)
def test_what_is_no_marc_file_is_refused_in_one_sentence(import_marc, content, words):
    with pytest.raises(CommandError) as refusal:
        import_marc(content)

    assert words in str(refusal.value)
    assert not ImportJob.objects.exists()


def test_a_file_that_is_not_there_and_a_library_that_is_not_there_are_named(province, tmp_path):
    with pytest.raises(CommandError):
        call_command("import_marc", tmp_path / "nothing.mrc", library="DLK")
    with pytest.raises(CommandError) as refusal:
        call_command("import_marc", tmp_path / "nothing.mrc", library="XYZ")

    assert "XYZ" in str(refusal.value)


def test_a_file_of_rejects_that_cannot_be_written_is_told_before_anything_is(import_marc, tmp_path):
    path = tmp_path / "missing" / "rejects.jsonl"

    with pytest.raises(CommandError) as refusal:
        import_marc(KIEU, rejects=path)

    assert str(path) in str(refusal.value)
    assert not Record.objects.exists()


def test_all_files_of_one_call_are_summed_up(province, tmp_path, capsys):
    paths = [tmp_path / "a.mrc", tmp_path / "b.mrc"]
    for path, record in zip(paths, (KIEU, FOREST), strict=True):
        path.write_bytes(write_iso2709(record))

    call_command("import_marc", *paths, library="DLK")

    assert capsys.readouterr().out.splitlines()[-1] == (
        "read=2 imported=2 merged=0 skipped=0 rejected=0"
    )


def hostile_files() -> list[Path]:
    folder = Path(__file__).parents[2].parent / "shared/data/hostile"
    return sorted(path for path in folder.glob("*") if path.name != "index.json")


@pytest.mark.parametrize("path", hostile_files(), ids=lambda path: path.name)
def test_a_broken_file_adds_up_or_is_refused_in_words(path, province, capsys):
    try:
        call_command("import_marc", path, library="DLK")
    except CommandError as refusal:
        assert "Traceback" not in str(refusal)
        assert not Record.objects.exists()
        return

    line = dict(pair.split("=") for pair in capsys.readouterr().out.split())
    assert int(line["read"]) == sum(
        int(line[name]) for name in ("imported", "merged", "skipped", "rejected")
    )
    assert Record.objects.count() == int(line["imported"])
