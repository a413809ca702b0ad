from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tangthu.core.models import AuditEntry
from tangthu.site import health
from tangthu.site.checks import State
from tangthu.site.schedule import Memory
from tangthu.site.supervisor import only_one

DATA = Path(settings.DATA)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.mark.django_db
def test_a_new_installation_has_nothing_broken_but_what_was_not_built() -> None:
    states = {check.name: check.state for check in health.every()}

    broken = {name for name, state in states.items() if state is State.BROKEN}
    assert broken <= {"assets", "fonts", "index"}
    assert set(states) <= set(health.TITLES)


@pytest.mark.django_db
def test_the_database_says_which_it_is() -> None:
    assert health.database().seen.startswith(("SQLite 3.", "PostgreSQL 1"))


def test_storage_that_cannot_be_written_is_broken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("in the way")
    monkeypatch.setattr(health, "default_storage", FileSystemStorage(location=occupied))

    found = health.storage()

    assert found.state is State.BROKEN
    assert found.advice


@pytest.mark.django_db
def test_a_clock_behind_the_audit_log_is_broken(network: object) -> None:
    at = timezone.now() + timedelta(hours=1)
    AuditEntry.objects.create(
        at=at, actor="a", face="staff", action="a", object_kind="a", object_key="1"
    )

    assert health.clock().state is State.BROKEN


def test_a_secret_key_that_others_can_read_is_broken() -> None:
    path = DATA / "secret-key"
    path.write_text("secret")
    path.chmod(0o644)

    readable = health.secret_key()
    path.chmod(0o600)
    private = health.secret_key()
    path.unlink()

    assert (readable.state, private.state) == (State.BROKEN, State.WELL)
    assert f"chmod 600 {path}" in readable.advice


def test_a_schedule_that_stands_still_is_broken_only_while_we_serve() -> None:
    now = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    memory = DATA / "schedule.json"
    Memory(beat=now - timedelta(minutes=6)).save(memory)

    with time_machine.travel(now, tick=False):
        stopped = health.schedule()
        with only_one(DATA / "serve.lock"):
            stands = health.schedule()
            Memory(beat=now).save(memory)
            runs = health.schedule()
            Memory(beat=now, failed={"job": now}).save(memory)
            fails = health.schedule()
    memory.unlink()

    assert stopped.state is State.WARNING
    assert stands.state is State.BROKEN
    assert runs.state is State.WELL
    assert fails.state is State.WARNING


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoken", "title"), [("vi_VN.UTF-8", "Cơ sở dữ liệu"), ("en_US.UTF-8", "Database")]
)
def test_it_speaks_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, spoken: str, title: str
) -> None:
    monkeypatch.setitem(os.environ, "LC_ALL", spoken)
    written = StringIO()

    try:
        call_command("doctor", stdout=written)
    except SystemExit as ended:
        assert ended.code == 1

    assert written.getvalue().startswith(f"✓ {title}: ")


@pytest.mark.django_db
def test_a_database_without_its_tables_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Unmigrated(health.MigrationExecutor):
        def migration_plan(self, targets: object, clean_start: bool = False) -> list[object]:
            return [object()]

    monkeypatch.setattr(health, "MigrationExecutor", Unmigrated)
    written = StringIO()

    with pytest.raises(SystemExit):
        call_command("doctor", stdout=written)

    assert "Run: tangthu migrate" in written.getvalue()


@pytest.mark.django_db
def test_healthz_names_what_was_asked(client: Client) -> None:
    answer = client.get("/healthz")

    assert set(answer.json()) == {check.name for check in health.vital()}
    assert answer.status_code == (200 if all(answer.json().values()) else 503)
