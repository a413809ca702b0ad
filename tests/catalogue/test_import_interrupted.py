"""An import that is stopped anywhere loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from tangthu.catalogue.actions import provide_item_types
from tangthu.catalogue.actions.imports import (
    ImportOptions,
    cancel_job,
    open_job,
    stop,
    take,
)
from tangthu.catalogue.errors import ImportLost, ImportRunning
from tangthu.catalogue.importing.holder import Holder
from tangthu.catalogue.importing.running import run_import
from tangthu.catalogue.importing.source import facts_of
from tangthu.catalogue.models import ImportJob, ImportState, Item, MatchKey, Record
from tangthu.core.errors import NotPermitted
from tangthu.core.models import Change
from tangthu.formats.marc.writer import write_iso2709
from tests.catalogue.marc import book, field
from tests.support.threads import at_once

OPTIONS = ImportOptions(on_duplicate="skip", item_profile="auto")


def library_file(path, count):
    with path.open("wb") as file:
        for number in range(count):
            record = book(
                f"Sách số {number}",
                field("001", str(number)),
                field("003", "T"),
                field("952", "p", f"B{number:06}", "b", "DLK"),
            )
            file.write(write_iso2709(record))
    return path


@pytest.fixture
def file(tmp_path):
    return library_file(tmp_path / "sach.mrc", 300)


@pytest.fixture
def started(file, province, machine):
    """A job that some process holds, and that process's name."""
    provide_item_types()
    holder = Holder()
    job = take(open_job(facts_of(file), OPTIONS, library=province, by=machine), holder)
    return job, holder


def counts(job):
    return (job.read, job.imported, job.merged, job.skipped, job.rejected)


class Interrupted(BaseException):
    pass


def interrupt_after(records):
    def watch(job, plan):
        if job.read >= records:
            raise Interrupted

    return watch


@pytest.mark.django_db
def test_an_interrupted_import_goes_on_where_it_stopped(started, file, province, machine):
    job, holder = started
    with pytest.raises(Interrupted):
        run_import(job, file, by=machine, holder=holder, watch=interrupt_after(60))
    paused = ImportJob.objects.get()
    assert (paused.state, paused.read, Record.objects.count()) == (
        ImportState.PAUSED,
        job.read,
        job.read,
    )

    again = Holder()
    resumed = take(open_job(facts_of(file), OPTIONS, library=province, by=machine), again)
    done = run_import(resumed, file, by=machine, holder=again)

    assert done.pk == job.pk
    assert (done.state, counts(done)) == (ImportState.DONE, (300, 300, 0, 0, 0))
    assert Record.objects.count() == Item.objects.count() == 300
    assert Change.objects.filter(kind="record").count() == 300


@pytest.mark.django_db
def test_a_failing_batch_leaves_nothing_half_written(started, file, machine, monkeypatch):
    job, holder = started
    from tangthu.catalogue.actions import bulk

    insert = bulk.insert_instances

    def fail_on_items(rows):
        if rows and isinstance(rows[0], Item):
            raise OSError(28, "No space left on device")
        insert(rows)

    monkeypatch.setattr(bulk, "insert_instances", fail_on_items)

    with pytest.raises(OSError, match="space"):
        run_import(job, file, by=machine, holder=holder)

    job.refresh_from_db()
    assert (job.state, job.position, counts(job)) == (ImportState.PAUSED, 0, (0, 0, 0, 0, 0))
    assert not Record.objects.exists()
    assert not MatchKey.objects.exists()
    assert not Change.objects.filter(kind="record").exists()


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_stops_the_import_and_room_lets_it_go_on(province, file, capsys):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite's files can be kept from growing")
    provide_item_types()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 40}")
    try:
        with pytest.raises(CommandError) as refusal:
            call_command("import_marc", file, library="DLK")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert "Traceback" not in str(refusal.value)
    brought = Record.objects.count()
    assert 0 < brought < 300
    assert ImportJob.objects.get().read == brought

    capsys.readouterr()
    call_command("import_marc", file, library="DLK")

    assert capsys.readouterr().out == "read=300 imported=300 merged=0 skipped=0 rejected=0\n"
    assert Record.objects.count() == 300


@pytest.mark.django_db
def test_a_file_that_is_being_imported_is_not_imported_twice(started, file, province, machine):
    with pytest.raises(ImportRunning):
        open_job(facts_of(file), OPTIONS, library=province, by=machine)

    assert ImportJob.objects.count() == 1


@pytest.mark.django_db
def test_a_job_whose_process_died_is_taken_over(started, file, province, machine):
    job, _ = started
    died = subprocess.Popen([sys.executable, "-c", ""])
    died.wait()
    host = job.held_by.partition(":")[0]
    ImportJob.objects.update(held_by=f"{host}:{died.pid}:ffff")

    taken = take(open_job(facts_of(file), OPTIONS, library=province, by=machine), Holder())

    assert taken.pk == job.pk


@pytest.mark.django_db
def test_a_job_held_on_another_machine_is_taken_over_once_it_falls_silent(started, machine):
    job, _ = started
    ImportJob.objects.update(held_by="elsewhere:1:ffff")
    with pytest.raises(ImportRunning):
        take(job, Holder())
    ImportJob.objects.update(beat_at=timezone.now() - timedelta(seconds=31))

    assert take(job, Holder()).pk == job.pk


@pytest.mark.django_db
def test_a_process_thought_dead_writes_nothing_after_it_was_replaced(started, file, machine):
    job, holder = started
    ImportJob.objects.update(held_by="", state=ImportState.PAUSED)
    take(job, Holder())

    with pytest.raises(ImportLost):
        run_import(job, file, by=machine, holder=holder)

    assert not Record.objects.exists()
    assert ImportJob.objects.get().state == ImportState.RUNNING


@pytest.mark.django_db
def test_a_cancelled_import_stops_and_keeps_what_it_brought(started, file, machine):
    job, holder = started

    def cancel(job, plan):
        cancel_job(job, by=machine)

    with pytest.raises(ImportLost):
        run_import(job, file, by=machine, holder=holder, watch=cancel)

    job.refresh_from_db()
    assert job.state == ImportState.CANCELLED
    assert Record.objects.count() == job.imported == job.read > 0


@pytest.mark.django_db
def test_staff_of_another_library_do_not_cancel_an_import(started, neighbour):
    job, _ = started

    with pytest.raises(NotPermitted):
        cancel_job(job, by=neighbour)

    job.refresh_from_db()
    assert job.state == ImportState.RUNNING


@pytest.mark.django_db
def test_other_options_begin_the_file_anew(started, file, province, machine):
    job, holder = started
    stop(job, ImportState.PAUSED, holder=holder)

    merging = ImportOptions(on_duplicate="merge", item_profile="auto")
    other = open_job(facts_of(file), merging, library=province, by=machine)

    job.refresh_from_db()
    assert (job.state, other.position) == (ImportState.CANCELLED, 0)
    assert other.pk != job.pk


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_of_one_file_at_once_one_is_told(file, province, machine):
    provide_item_types()

    def bring_in():
        holder = Holder()
        job = take(open_job(facts_of(file), OPTIONS, library=province, by=machine), holder)
        return run_import(job, file, by=machine, holder=holder)

    results = at_once(bring_in, bring_in)

    assert sorted(type(result).__name__ for result in results) == ["ImportJob", "ImportRunning"]
    assert Record.objects.count() == 300


@pytest.mark.django_db(transaction=True)
def test_two_files_with_the_same_records_at_once_bring_each_record_once(
    file, tmp_path, province, machine
):
    provide_item_types()
    other = library_file(tmp_path / "other.mrc", 301)

    def bring_in(path):
        holder = Holder()
        job = take(open_job(facts_of(path), OPTIONS, library=province, by=machine), holder)
        return run_import(job, path, by=machine, holder=holder)

    done = at_once(lambda: bring_in(file), lambda: bring_in(other))

    assert [job.state for job in done] == [ImportState.DONE] * 2
    assert Record.objects.count() == Item.objects.count() == 301
    assert sum(job.imported for job in done) == 301


class Site:
    """A library of its own on SQLite, worked from outside by the console script."""

    def __init__(self, folder):
        self.database = folder / "tangthu.sqlite3"
        hidden = ("TANGTHU_", "DATABASE_URL", "SEARCH_URL", "DJANGO_")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
        self.env["TANGTHU_DATA"] = str(folder)

    def start(self, *verb):
        command = [sys.executable, "-m", "tangthu.site.cli", *map(str, verb)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.env, stdout=pipe, stderr=pipe, text=True)

    def run(self, *verb):
        process = self.start(*verb)
        out, err = process.communicate(timeout=600)
        return process.returncode, out, err

    def ask(self, sql):
        with closing(sqlite3.connect(self.database, timeout=30)) as database:
            return database.execute(sql).fetchall()


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path / "data")
    code, _, err = site.run("migrate", "--verbosity", "0")
    assert code == 0, err
    with closing(sqlite3.connect(site.database)) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(libraries_library)")]
        given = {"id": 1, "code": "DLK", "name": "Thư viện", "kind": "province", "path": "/1/"}
        holes = ", ".join("?" * len(names))
        optional = {"parent_id", "successor_id", "valid_from", "valid_to"}
        row = [given.get(name, None if name in optional else "") for name in names]
        database.execute(f"INSERT INTO libraries_library VALUES ({holes})", row)
        database.commit()
    return site


def wait_for_progress(site, process):
    for _ in range(3000):
        assert process.poll() is None, process.communicate()
        found = site.ask("SELECT read FROM catalogue_importjob")
        if found and found[0][0] > 0:
            return
        time.sleep(0.02)
    raise AssertionError("the import does not move")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_a_process_that_dies_in_the_middle_is_followed_by_one_that_finishes(site, tmp_path, number):
    file = library_file(tmp_path / "sach.mrc", 3000)
    process = site.start("import-marc", file, "--library", "DLK")
    wait_for_progress(site, process)
    process.send_signal(number)
    process.communicate(timeout=60)
    ((read, records),) = site.ask(
        "SELECT read, (SELECT count(*) FROM catalogue_record) FROM catalogue_importjob"
    )
    assert 0 < read == records < 3000

    code, out, err = site.run("import-marc", file, "--library", "DLK")

    assert (code, out) == (0, "read=3000 imported=3000 merged=0 skipped=0 rejected=0\n"), err
    for table in ("catalogue_record", "catalogue_item"):
        assert site.ask(f"SELECT count(*) FROM {table}") == [(3000,)]
    assert site.ask("SELECT count(*), count(DISTINCT key) FROM core_change") == [(3000, 3000)]
    assert site.ask("PRAGMA integrity_check") == [("ok",)]
