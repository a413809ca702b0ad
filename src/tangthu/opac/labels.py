"""The words of codes that readers see: facets, orders, what was done with a question."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.discovery.engine import Facet, Sort
from tangthu.discovery.language import Note

FACETS: Mapping[Facet, Promise] = {
    Facet.TYPE: _("Material"),
    Facet.LIBRARY: _("Library"),
    Facet.LOCATION: _("Stack"),
    Facet.LANGUAGE: _("Language"),
    Facet.AUTHOR: _("Author"),
    Facet.SUBJECT: _("Subject"),
    Facet.YEAR: _("Year"),
    Facet.ONLINE: _("Online"),
}

SORTS: Mapping[Sort, Promise] = {
    Sort.RELEVANCE: _("Best match"),
    Sort.YEAR_DESC: _("Newest year first"),
    Sort.YEAR_ASC: _("Oldest year first"),
    Sort.TITLE: _("Title A–Y"),
    Sort.AUTHOR: _("Author A–Y"),
    Sort.NEWEST: _("Newly added"),
}

NOTES: Mapping[Note, Promise] = {
    Note.SHORTENED: _("The question was very long; only its beginning was looked for."),
    Note.TOO_MANY_WORDS: _("There were too many words; only the first ones were looked for."),
    Note.UNBALANCED_QUOTE: _("A quotation mark was left open, so it was passed over."),
    Note.PREFIX_TOO_SHORT: _("Before * at least two letters are needed."),
    Note.TOO_DEEP: _("There were too many brackets in brackets; some were passed over."),
}
