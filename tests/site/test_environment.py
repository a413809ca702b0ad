from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tangthu.site import env


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://a:b@h:5/d\n")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    found = env.database("DATABASE_URL", tmp_path / "unused")

    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("d", "a", "b")
    assert (found["HOST"], found["PORT"]) == ("h", "5")


def test_a_file_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORDS_FILE", str(tmp_path / "missing"))

    with pytest.raises(ImproperlyConfigured, match=r"WORDS_FILE: .*missing cannot be read"):
        env.text("WORDS")


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("SWITCH", "perhaps", lambda name: env.flag(name, default=False)),
        ("COUNT", "many", lambda name: env.number(name, 1)),
        ("URL", "mysql://host/db", lambda name: env.database(name, Path("unused"))),
        ("PLACE", "/dev/null/below", lambda name: env.folder(name, Path("unused"))),
    ],
)
def test_a_bad_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        read(name)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("no", False)]
)
def test_a_yes_or_no_is_understood(
    monkeypatch: pytest.MonkeyPatch, value: str, meant: bool
) -> None:
    monkeypatch.setenv("SWITCH", value)

    assert env.flag("SWITCH", default=not meant) is meant


def test_a_list_forgives_spaces_and_empty_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTS", " a.vn , ,b.vn,")

    assert env.words("HOSTS") == ["a.vn", "b.vn"]


def test_a_password_with_special_signs_survives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p%40ss%2Fword@/d?host=/run/postgresql")

    found = env.database("DATABASE_URL", tmp_path)

    assert (found["PASSWORD"], found["HOST"]) == ("p@ss/word", "/run/postgresql")


def test_sqlite_is_used_with_immediate_transactions_and_foreign_keys(tmp_path: Path) -> None:
    options = env.sqlite(tmp_path / "db")["OPTIONS"]

    assert isinstance(options, dict)
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "foreign_keys=ON" in options["init_command"]
    assert "journal_mode=WAL" in options["init_command"]


def test_a_secret_key_is_made_once_and_only_we_can_read_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KEY", raising=False)

    first = env.secret_key("KEY", kept_in=tmp_path / "key")
    second = env.secret_key("KEY", kept_in=tmp_path / "key")

    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_a_new_data_folder_is_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA", str(tmp_path / "new"))

    made = env.folder("DATA", Path("unused"), mode=0o700)

    assert made.stat().st_mode & 0o777 == 0o700


def test_what_the_address_of_a_database_asks_for_reaches_the_driver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = "postgresql://a:b@h/d?sslmode=verify-full&host=/run/pg&port=6543"
    monkeypatch.setenv("DATABASE_URL", address)

    found = env.database("DATABASE_URL", Path("unused"))

    assert (found["HOST"], found["PORT"]) == ("/run/pg", "6543")
    assert found["OPTIONS"] == {"sslmode": "verify-full"}


def test_a_start_that_was_killed_leaves_no_empty_secret_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def killed(*_values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as at_the_worst_moment:
        at_the_worst_moment.setattr("os.fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            env.secret_key("NO_SUCH_NAME", kept_in=tmp_path / "key")

    assert len(env.secret_key("NO_SUCH_NAME", kept_in=tmp_path / "key")) > 50
