"""The words of codes that readers see: languages, material types, facets, orders."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.discovery.engine import Facet, Sort
from tangthu.discovery.language import Note

LANGUAGES: Mapping[str, Promise] = {
    "vie": _("Vietnamese"),
    "rad": _("Ê Đê"),
    "jra": _("Gia Rai"),
    "mnn": _("M'nông"),
    "bdq": _("Ba Na"),
    "map": _("Austronesian languages"),
    "mkh": _("Mon-Khmer languages"),
    "eng": _("English"),
    "fre": _("French"),
    "rus": _("Russian"),
    "chi": _("Chinese"),
    "jpn": _("Japanese"),
    "kor": _("Korean"),
    "ger": _("German"),
    "spa": _("Spanish"),
    "ita": _("Italian"),
    "por": _("Portuguese"),
    "lat": _("Latin"),
    "lao": _("Lao"),
    "khm": _("Khmer"),
    "tha": _("Thai"),
    "ara": _("Arabic"),
    "mul": _("Several languages"),
    "und": _("Language not stated"),
    "zxx": _("Without words"),
}

MATERIALS: Mapping[str, Promise] = {
    "book": _("Book"),
    "serial": _("Newspaper or magazine"),
    "article": _("Article"),
    "map": _("Map"),
    "music": _("Music"),
    "sound": _("Sound recording"),
    "video": _("Video"),
    "picture": _("Picture"),
    "electronic": _("Electronic resource"),
    "manuscript": _("Manuscript"),
    "kit": _("Kit"),
    "object": _("Object"),
    "other": _("Other"),
}

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


def language(code: str) -> str:
    """Return the name of a language by its MARC or ISO 639-3 code; the code if unknown."""
    return str(LANGUAGES.get(code, code))


def material(code: str) -> str:
    """Return the word for a material type."""
    return str(MATERIALS.get(code, MATERIALS["other"]))
