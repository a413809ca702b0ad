"""XML made to harm: nested without end, growing by entities, asking for files of the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tangthu.formats import alto, mets
from tangthu.formats.oaipmh import reading as oai
from tangthu.reading.word_documents import page_of
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.content import DOCX
from tests.reading.making import docx_with, keep_file

DEPTH = 100_000
SECRET = "bimatcuamaychu"
METS = '<mets xmlns="http://www.loc.gov/METS/">{}</mets>'
ALTO = '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#">{}</alto>'
OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{}</OAI-PMH>'
READERS: dict[str, tuple[str, Callable[[bytes], object], type[Exception]]] = {
    "METS": (METS, mets.read, mets.NotMets),
    "ALTO": (ALTO, alto.read, alto.NotAlto),
    "OAI": (OAI, oai.page, oai.Unreadable),
}


@pytest.mark.parametrize("form", READERS)
def test_what_is_nested_without_end_is_refused_at_once(form: str) -> None:
    around, read, refusal = READERS[form]
    content = around.format("<a>" * DEPTH + "</a>" * DEPTH).encode()
    began = time.monotonic()

    with pytest.raises(refusal):
        read(content)

    assert time.monotonic() - began < 5


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("entity", ["grows", "outside"])
def test_a_document_with_entities_is_refused_and_fetches_nothing(
    form: str, encoding: str, entity: str, tmp_path: Path
) -> None:
    around, read, refusal = READERS[form]
    (tmp_path / "secret").write_text(SECRET)
    declared = {
        "grows": '<!ENTITY a "ha">'
        + "".join(
            f'<!ENTITY {n} "{f"&{b};" * 10}">' for b, n in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "outside": f'<!ENTITY i SYSTEM "{(tmp_path / "secret").as_uri()}">',
    }[entity]
    content = f"<!DOCTYPE x [{declared}]>" + around.format("&i;")
    began = time.monotonic()

    with pytest.raises(refusal) as refused:
        read(content.encode(encoding))

    assert SECRET not in str(refused.value)
    assert time.monotonic() - began < 5


@pytest.mark.django_db
def test_a_word_document_nested_without_end_is_said_to_be_damaged(
    new_object: Callable[..., DigitalObject],
) -> None:
    nested = "<w:sdt><w:sdtContent>" * DEPTH + "</w:sdtContent></w:sdt>" * DEPTH
    obj = new_object(kind="docx")
    file = keep_file(obj, docx_with(nested), name="s.docx", media_type=DOCX)
    began = time.monotonic()

    page = page_of(file)

    assert page is None
    assert time.monotonic() - began < 60
