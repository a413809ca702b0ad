"""A draft is read before it is published: by staff who may edit it, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.repository.models import DigitalFile, DigitalObject
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.content import DOCX, EPUB, PDF
from tests.conftest import client_of, client_of_reader
from tests.factories import UserFactory, grant
from tests.reading.making import docx_with, epub_with, keep_file

pytestmark = pytest.mark.django_db

Draft = tuple[DigitalObject, DigitalFile]
CONTENTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pdf": (PDF, lambda: b"%PDF-1.7 [DEMO]"),
    "epub": (EPUB, epub_with),
    "docx": (DOCX, lambda: docx_with("<w:p><w:r><w:t>Bản nháp</w:t></w:r></w:p>")),
}


@pytest.fixture(params=list(CONTENTS))
def draft(request: pytest.FixtureRequest, new_object: Callable[..., DigitalObject]) -> Draft:
    media_type, content = CONTENTS[request.param]
    obj = new_object(kind=request.param, state="draft", access="public", title="Bản thảo")
    return obj, keep_file(obj, content(), name=f"s.{request.param}", media_type=media_type)


def staff(library: Library, *rights: str) -> Client:
    return client_of(grant(UserFactory(library=library), library, *rights))


def test_staff_who_may_edit_look_at_a_draft_before_readers_do(
    draft: Draft, province: Library
) -> None:
    obj, file = draft
    keeper = staff(province, RepositoryPermission.EDIT_OBJECTS)
    reading = f"/read/{obj.identifier}/"

    assert f'href="{reading}"' in keeper.get(f"/desk/digital/{obj.identifier}/").content.decode()
    assert keeper.get(reading).status_code == 200
    assert keeper.get(f"/read/{obj.identifier}/file/{file.identifier}").status_code == 200


def test_nobody_else_finds_a_draft(
    draft: Draft, province: Library, commune: Library, patron: Patron
) -> None:
    obj, file = draft
    strangers = [
        Client(),
        client_of_reader(patron),
        staff(province, RepositoryPermission.PRESERVE),
        staff(commune, RepositoryPermission.EDIT_OBJECTS),
    ]

    for client in strangers:
        assert client.get(f"/read/{obj.identifier}/").status_code == 404
        assert client.get(f"/read/{obj.identifier}/file/{file.identifier}").status_code == 404
        assert client.get(f"/desk/digital/{obj.identifier}/").status_code in {302, 403, 404}
