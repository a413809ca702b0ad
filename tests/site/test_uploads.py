"""Files that are sent: strangers leave none on our disk, staff none without end."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the pieces that reach the disk."""
    from django.core.files.uploadhandler import TemporaryFileUploadHandler

    pieces: list[int] = []
    keep = TemporaryFileUploadHandler.receive_data_chunk

    def watched(self: TemporaryFileUploadHandler, raw_data: bytes, start: int) -> None:
        pieces.append(len(raw_data))
        keep(self, raw_data, start)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", watched)
    return pieces


def file(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.mrc", b"x" * size)


@pytest.mark.parametrize("path", ["/language", "/staff/login", "/desk/catalogue/import/"])
def test_a_stranger_leaves_no_file(written: list[int], path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrf"] = "a" * 32

    answer = client.post(path, {"file": file(300_000), "csrfmiddlewaretoken": "a" * 32})

    assert answer.status_code < 500
    assert written == []


def test_a_file_of_staff_is_kept_up_to_a_size(
    cataloguer_client: Client, written: list[int], settings: Settings
) -> None:
    settings.LARGEST_UPLOAD = 200_000

    small = cataloguer_client.post("/desk/catalogue/import/", {"file": file(100_000)})
    kept = sum(written)
    large = cataloguer_client.post("/desk/catalogue/import/", {"file": file(900_000)})

    assert (small.status_code, kept) == (422, 100_000)
    assert large.status_code == 413
    assert sum(written) - kept <= 200_000
