"""Everything in one file: written while people work, refused when damaged, and put back."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tangthu.site.backup import BackupRefused, save
from tangthu.site.backup.container import About, unpack, verified, writing
from tangthu.site.supervisor import only_one

ABOUT = About("2026-11-23T09:00:00+00:00", "1.0", "sqlite", ["libraries.0001_initial"])


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A small backup of two parts."""
    file = tmp_path / "sao-luu.tangthu"
    with writing(file) as writer:
        writer.put("database.sqlite3", [b"trang " * 500], squeezed=True)
        writer.put("files/masters/aa/bản-gốc", [b"\x00\x01" * 40, b"\x02" * 40])
        writer.close(ABOUT)
    return file


def test_a_backup_tells_what_is_inside_and_gives_it_back(written: Path, tmp_path: Path) -> None:
    about = verified(written)

    assert [(part.name, part.size) for part in about.parts] == [
        ("database.sqlite3", 3000),
        ("files/masters/aa/bản-gốc", 120),
    ]
    unpack(written, about.parts[1], tmp_path / "out/bản-gốc")
    assert (tmp_path / "out/bản-gốc").read_bytes() == b"\x00\x01" * 40 + b"\x02" * 40


def test_a_backup_is_for_its_owner_alone_and_any_archiver_opens_it(written: Path) -> None:
    assert written.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(written) as archive:
        assert archive.testzip() is None
        told = json.loads(archive.read("backup.json"))
    assert told["release"] == "1.0"


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_a_backup_with_one_byte_changed_is_refused(data: st.DataObject, written: Path) -> None:
    whole = bytearray(written.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    broken = written.with_name("broken")
    broken.write_bytes(whole)

    with pytest.raises(BackupRefused, match="damaged"):
        verified(broken)


@pytest.mark.parametrize("length", [0, 5, 63, 64, 200, -1], ids=str)
def test_a_backup_that_was_cut_off_is_refused(written: Path, length: int) -> None:
    written.write_bytes(written.read_bytes()[:length])

    with pytest.raises(BackupRefused, match="damaged"):
        verified(written)


def test_a_part_that_leads_out_of_the_backup_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "xau.tangthu"
    with writing(file) as writer:
        writer.put("files/../../secret-key", [b"x"])
        writer.close(ABOUT)

    with pytest.raises(BackupRefused, match="leads out"):
        verified(file)


def test_what_fails_in_the_middle_leaves_no_file(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"a"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), writing(tmp_path / "b") as writer:
        writer.put("files/x", pieces())

    assert list(tmp_path.iterdir()) == []


@dataclass(frozen=True, slots=True)
class Site:
    """A library of its own, worked by the console script."""

    data: Path
    database: str

    def run(self, *words: str | Path) -> tuple[int, str]:
        """Run a verb; return its exit code and all that it said."""
        hidden = ("TANGTHU_", "DATABASE_URL", "STORAGE_URL", "SEARCH_URL")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(hidden)}
        done = subprocess.run(
            [sys.executable, "-m", "tangthu.site.cli", *map(str, words)],
            env=kept | {"TANGTHU_DATA": str(self.data), "DATABASE_URL": self.database},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        return done.returncode, done.stdout

    def master(self, name: str) -> Path:
        return self.data / "files/masters" / name

    def masters(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.data.glob("files/masters/*")}

    def users(self) -> list[str]:
        return [name for (name,) in self.ask("SELECT username FROM access_user")]

    def ask(self, sql: str) -> list[tuple[str, ...]]:
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.data / "tangthu.sqlite3")) as asked:
                rows = asked.execute(sql).fetchall()
                asked.commit()
                return rows
        with psycopg.connect(self.database) as server:
            return server.execute(sql).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Site]:
    """A library with an administrator and a master, on the kind of database of this run."""
    data, name = tmp_path / "nha", f"backup_{os.getpid()}"
    address = f"sqlite:///{data / 'tangthu.sqlite3'}"
    if connection.vendor == "postgresql":
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        _on_server(f"CREATE DATABASE {name}")
    site = Site(data, address)
    code, told = site.run("setup", "--code", "DLK", "--name", "Thư viện", "--admin", "quan")
    assert code == 0, told
    site.master("ban-goc").parent.mkdir(parents=True)
    site.master("ban-goc").write_bytes(b"ban goc")
    yield site
    if connection.vendor == "postgresql":
        _on_server(f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(statement)  # type: ignore[arg-type]


@pytest.mark.serial
def test_a_library_comes_back_as_it_was_and_what_came_after_lies_aside(
    library: Site, tmp_path: Path
) -> None:
    file = tmp_path / "sao-luu.tangthu"
    assert library.run("backup", file)[0] == 0

    # Afterwards a master comes, another is lost, and nobody is called "quan" any more.
    library.master("moi").write_bytes(b"moi")
    library.master("ban-goc").unlink()
    library.ask("UPDATE access_user SET username = 'khac' RETURNING id")
    key = library.data / "secret-key"
    key.rename(tmp_path / "khoa")
    before = library.masters()

    code, told = library.run("restore", damaged(file, tmp_path / "hong"))
    assert code == 1
    assert "its checksum is wrong" in told
    assert (library.masters(), library.users()) == (before, ["khac"])

    code, told = library.run("restore", file)
    assert code == 0, told
    assert library.users() == ["quan"]
    assert library.masters() == {"ban-goc": b"ban goc"}
    assert key.read_text() == (tmp_path / "khoa").read_text()
    (aside,) = library.data.glob("files/before-restore-*")
    assert (aside / "masters/moi").read_bytes() == b"moi"
    (rows,) = (path for path in library.data.glob("before-restore-*/*") if path.suffix)
    assert rows.stat().st_size > 10_000


def damaged(file: Path, target: Path) -> Path:
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    target.write_bytes(whole)
    return target


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_never_written_over_another_file(tmp_path: Path) -> None:
    (tmp_path / "sach.docx").write_bytes(b"mot luan van")

    with pytest.raises(BackupRefused, match="exists already"):
        save(tmp_path / "sach.docx")
    with pytest.raises(BackupRefused, match="There is no folder"):
        save(tmp_path / "khong-co/b")

    assert (tmp_path / "sach.docx").read_bytes() == b"mot luan van"


def test_nothing_is_put_back_while_the_library_is_open(tmp_path: Path, written: Path) -> None:
    site = Site(tmp_path / "dang-mo", f"sqlite:///{tmp_path / 'dang-mo/tangthu.sqlite3'}")
    site.data.mkdir()
    with only_one(site.data / "serve.lock"):
        code, told = site.run("restore", written)

    assert code == 1
    assert re.search(r"runs here \(process \d+\)\. Stop it first", told)


def test_a_backup_of_another_kind_of_database_is_not_put_back(
    tmp_path: Path, written: Path
) -> None:
    site = Site(tmp_path / "khac", "postgresql://nobody@127.0.0.1:1/none")

    code, told = site.run("restore", written)

    assert code == 1
    assert "holds a database of sqlite, and DATABASE_URL names one of postgresql" in told


def test_a_backup_of_a_later_release_is_not_put_back(tmp_path: Path) -> None:
    file = tmp_path / "moi.tangthu"
    with writing(file) as writer:
        writer.put("database.sqlite3", [b"x"])
        writer.put("secret-key", [b"khoa"])
        writer.close(About(ABOUT.made_at, "99.0", "sqlite", ["libraries.9999_of_tomorrow"]))
    site = Site(tmp_path / "cu", f"sqlite:///{tmp_path / 'cu/tangthu.sqlite3'}")

    code, told = site.run("restore", file)

    assert code == 1
    assert "Tàng Thư 99.0, which is newer" in told
    assert not (site.data / "tangthu.sqlite3").exists()
