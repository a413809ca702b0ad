"""What is wrong with pages, in one sentence for whoever mends them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tangthu.digitisation.models import FLAW_LABELS, Finding
from tangthu.digitisation.policy.pagechecks import Flaw


def mending_words(findings: Iterable[Finding]) -> str:
    """Return `page 12: blurred; page 15: skewed`, as it is sent back with a document."""
    return "; ".join(
        _("page %(page)s: %(flaw)s")
        % {"page": each.page.said_label, "flaw": str(FLAW_LABELS[Flaw(each.kind)]).lower()}
        for each in findings
    )[:300]
