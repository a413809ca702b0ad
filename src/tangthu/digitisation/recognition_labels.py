"""The words for what keeps a page from being read."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.repository import labels

FAULTS: Mapping[str, Promise] = {
    "engine_missing": _("The program Tesseract is not installed on the machine that reads."),
    "engine_failed": _("The recognition program failed on this page."),
    "language_missing": _("Tesseract has no model for this language on the machine that reads."),
    "worker_died": _("The machine stopped while it was reading this page."),
    "not_readable": _("The page could not be read; the log of the server tells why."),
    "page_gone": _("The page has no picture any more."),
}


def fault(code: str) -> str:
    """Return the words for a fault of reading, or of the file that was read."""
    return str(FAULTS[code]) if code in FAULTS else labels.fault(code)
