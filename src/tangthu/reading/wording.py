"""The sentences of this app: why an object does not open in the viewer."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDING: Mapping[str, Promise] = {
    "object_has_no_pages": _(
        "The pages of this document cannot be shown yet. They are being prepared."
    ),
    "object_embedding_closed": _("This document is read on the library's own pages only."),
}
