from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDING = {
    "index_unavailable": _("The catalogue is being prepared. Search will be back in a moment."),
    "index_writer_busy": _("Another process is already writing the search index."),
    "page_too_deep": _(
        "Only the first %(limit)s results can be turned to. Add a word or choose a filter."
    ),
    "query_too_large": _("This question has too many conditions. Leave some out."),
}
