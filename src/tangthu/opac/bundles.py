"""Several records in one file: as text to read, as MARC, and for reference managers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Record
from tangthu.formats import citations
from tangthu.formats.marc.errors import Unwritable
from tangthu.formats.marc.storage import loads
from tangthu.formats.marc.writer import write_iso2709
from tangthu.opac import presenting


@dataclass(frozen=True, slots=True)
class Bundle:
    """A form for several records: its name, its media type, and how they are written.

    `write` is given the address of the site too, without a slash at its end.
    """

    name: str | Promise
    content_type: str
    write: Callable[[Iterable[Record], str], str | bytes]


def text(records: Iterable[Record], site: str) -> str:
    """Return one citation to a line, numbered."""
    works = (presenting.work(record, site) for record in records)
    cited = (citations.sentence(work) for work in works)
    return "".join(f"{number}. {sentence}\r\n" for number, sentence in enumerate(cited, 1))


def marc(records: Iterable[Record], _site: str) -> bytes:
    """Return the records one after the other in ISO 2709; what is too long for it is left out."""
    return b"".join(_iso2709(record) for record in records)


def ris(records: Iterable[Record], site: str) -> str:
    """Return the records one after the other in RIS."""
    return "".join(citations.ris(presenting.work(record, site)) for record in records)


def bibtex(records: Iterable[Record], site: str) -> str:
    """Return the records one after the other in BibTeX."""
    return "\n".join(citations.bibtex(presenting.work(record, site)) for record in records)


def _iso2709(record: Record) -> bytes:
    try:
        return write_iso2709(loads(record.marc))
    except Unwritable:
        return b""


BUNDLES: Mapping[str, Bundle] = {
    "txt": Bundle(_("Text"), "text/plain; charset=utf-8", text),
    "mrc": Bundle("MARC 21", "application/marc", marc),
    "ris": Bundle("RIS", "application/x-research-info-systems; charset=utf-8", ris),
    "bib": Bundle("BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
}
"""By the ending of a file's name."""
