"""Word documents shown as pages: their words, and nothing of what could run."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tangthu.reading import word_documents
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.content import DOCX
from tests.reading.making import docx_with, keep_file

pytestmark = pytest.mark.django_db
PARAGRAPH = (
    "<w:p><w:r><w:t>Vùng đất đỏ ba dan &lt;script&gt;alert(1)&lt;/script&gt;</w:t></w:r></w:p>"
)
LINKS = """<w:p><w:hyperlink r:id="bad"><w:r><w:t>xấu</w:t></w:r></w:hyperlink>
<w:hyperlink r:id="good"><w:r><w:t>tốt</w:t></w:r></w:hyperlink></w:p>"""


@pytest.fixture
def shelved(new_object: Callable[..., DigitalObject]) -> Callable[[bytes], DigitalObject]:
    def make(content: bytes, **values: object) -> DigitalObject:
        obj = new_object(pages=0, kind="docx", title="Báo cáo", **values)
        keep_file(obj, content, name="bao-cao.docx", media_type=DOCX)
        return obj

    return make


def test_a_document_is_shown_as_a_page_and_turned_once(
    client: Client, shelved: Callable[..., DigitalObject], monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = shelved(docx_with(PARAGRAPH + LINKS))
    address = f"/read/{obj.identifier}/"
    first = client.get(address).content.decode()
    monkeypatch.setattr(word_documents, "_turned", lambda file: None)

    again = client.get(address).content.decode()

    assert "Vùng đất đỏ ba dan &lt;script&gt;" in first
    assert "Vùng đất đỏ ba dan &lt;script&gt;" in again
    assert "javascript:" not in first
    assert 'href="https://thuvien.example/"' in first


@pytest.mark.parametrize("content", [b"no zip at all", docx_with("<w:p>")], ids=["junk", "broken"])
def test_a_damaged_document_says_so(
    client: Client, shelved: Callable[..., DigitalObject], content: bytes
) -> None:
    answer = client.get(f"/read/{shelved(content).identifier}/")

    assert answer.status_code == 422
    assert "tệp bị hỏng" in answer.content.decode()


def test_a_restricted_document_is_not_shown_to_strangers(
    client: Client, shelved: Callable[..., DigitalObject]
) -> None:
    answer = client.get(f"/read/{shelved(docx_with(PARAGRAPH), access='cardholders').identifier}/")

    assert answer.status_code == 403
    assert "đất đỏ" not in answer.content.decode()
