"""How a page is quoted: one sentence with the address at which it will be found again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tangthu.catalogue.models import Record
from tangthu.repository.models import DigitalObject


def sentence(obj: DigitalObject, record: Record | None, *, label: str, address: str) -> str:
    """Return author, title, publisher and year, the page if any, who keeps it, and the address."""
    author = record.author if record else ""
    imprint = (record.publisher, str(record.year or "")) if record else ()
    parts = [
        author,
        obj.title,
        ", ".join(part for part in imprint if part),
        _("p. %(label)s") % {"label": label} if label else "",
        obj.library.name,
        address,
    ]
    return ". ".join(part.rstrip(" .") for part in parts if part)
