from __future__ import annotations

import shutil
import subprocess

import pytest
from django.core.management import call_command

from tangthu.catalogue.models import ImportJob, Record
from tangthu.formats.marc.reader import read

pytestmark = pytest.mark.django_db


def test_a_real_file_comes_out_as_it_went_in(shared_data, province, tmp_path, capsys):
    source, target = shared_data / "marc/gpo_marc8.mrc", tmp_path / "out.mrc"

    call_command("import_marc", source, library="DLK", on_duplicate="add")
    assert capsys.readouterr().out == "read=669 imported=669 merged=0 skipped=0 rejected=0\n"
    call_command("export_marc", target)

    with source.open("rb") as before, target.open("rb") as after:
        assert [o.record for o in read(after)] == [o.record for o in read(before)]
    if shutil.which("yaz-marcdump"):
        dump = subprocess.run(["yaz-marcdump", str(target)], capture_output=True, check=True)
        assert dump.stdout.decode().count("\n\n") == 669


def test_the_copies_of_a_real_library_come_with_its_records(shared_data, province, tmp_path):
    part = tmp_path / "part.mrc"
    with (shared_data / "vietnam/library_49733.mrc").open("rb") as file:
        part.write_bytes(file.read(150_000).rpartition(b"\x1d")[0] + b"\x1d")

    call_command("import_marc", part, library="DLK")

    job = ImportJob.objects.get()
    assert job.read == job.imported + job.skipped
    assert Record.objects.count() == job.imported
    assert job.items_added + job.items_skipped == job.read
    assert job.items_added > job.imported
