"""Who opened a restricted document, and whose copy a found file is; who looks is written down."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client

from tangthu.core.models import AuditEntry
from tangthu.patrons.models import Patron
from tangthu.reading.actions.lending import borrow
from tangthu.reading.copies import marked_copy
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.content import PDF
from tests.conftest import client_of_reader
from tests.reading.lending import as_reader, licensed
from tests.reading.making import keep_file, pdf_with_text

pytestmark = pytest.mark.django_db


def test_every_opening_is_on_a_page_for_those_who_may_and_looking_is_written_down(
    new_object: Callable[..., DigitalObject],
    patron: Patron,
    administrator_client: Client,
    desk_client: Client,
) -> None:
    obj = new_object(access="cardholders")
    client_of_reader(patron).get(f"/read/{obj.identifier}/")

    page = administrator_client.get(f"/desk/reading/licences/openings/{obj.pk}/")
    forbidden = desk_client.get(f"/desk/reading/licences/openings/{obj.pk}/")

    assert patron.name in page.content.decode()
    assert forbidden.status_code == 403
    assert AuditEntry.objects.filter(action="restricted_view.looked").count() == 1


def test_a_found_file_tells_whose_copy_it_is(
    new_object: Callable[..., DigitalObject], patron: Patron, administrator_client: Client
) -> None:
    obj = new_object(pages=0, kind="pdf", access="lent")
    file = keep_file(obj, pdf_with_text(1), name="sach.pdf", media_type=PDF)
    licensed(obj, protection="watermark")
    loan = borrow(obj, for_=patron, by=as_reader(patron))
    copy = io.BytesIO(marked_copy(file, loan.pk).read_bytes())
    copy.name = "found.pdf"
    strange = io.BytesIO(pdf_with_text(1))
    strange.name = "strange.pdf"

    found = administrator_client.post("/desk/reading/licences/found-copy/", {"file": copy})
    nothing = administrator_client.post("/desk/reading/licences/found-copy/", {"file": strange})

    assert patron.name in found.content.decode()
    assert patron.name not in nothing.content.decode()
    assert "không có dấu của thư viện" in nothing.content.decode()
    entry = AuditEntry.objects.about("digital_loan", loan.pk).get(action="digital_loan.copy_found")
    assert entry.user_id is not None
