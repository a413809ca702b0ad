"""The words of codes of the catalogue: materials, languages, and what an import says."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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

LANGUAGES: Mapping[str, Promise] = {
    "vie": _("Vietnamese"),
    "rad": _("Ê Đê"),
    "jra": _("Gia Rai"),
    "mnn": _("M'nông"),
    "cmo": _("M'nông (Central)"),
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

PROFILES: Mapping[str, Promise] = {
    "auto": _("Find out from each record"),
    "none": _("No copies, only descriptions"),
    "952": _("Field 952 (Koha)"),
    "952-register": _("Field 952 $p is the number in the register"),
    "949": _("Field 949 (Sirsi)"),
    "852": _("Field 852 (holdings)"),
    "930": _("Field 930 (accession number)"),
}

REASONS: Mapping[str, Promise] = {
    # Why a stretch of the file gave no record.
    "not_a_record": _("This is not a MARC record"),
    "truncated": _("The file ends inside the record"),
    "too_large": _("The record is too large"),
    "too_many_fields": _("The record has too many fields"),
    "leader": _("The leader was not as it should be"),
    "directory": _("The directory does not fit the fields"),
    "no_fields": _("The record has no field"),
    "xml_malformed": _("The XML is broken here"),
    "xml_forbidden": _("The XML holds what is not allowed"),
    "json_malformed": _("The JSON is broken here"),
    "json_shape": _("The JSON is not a MARC record"),
    # What was put right.
    "record_length": _("The record's length was wrong"),
    "base_address": _("The place where the data begin was wrong"),
    "field_length": _("The length of a field was wrong"),
    "field_missing": _("A field in the directory was missing"),
    "terminator": _("An end mark was missing"),
    "tag": _("A tag was not valid"),
    "indicators": _("Indicators were missing"),
    "subfield": _("A subfield was not valid"),
    "encoding_flag": _("The record said the wrong encoding"),
    "encoding": _("Letters were in another encoding"),
    "character": _("A character could not be read"),
    "tcvn3": _("Read from TCVN3 (ABC)"),
    "vni": _("Read from VNI"),
    "viqr": _("Read from VIQR"),
    "viscii": _("Read from VISCII"),
    "cp1258": _("Read from Windows 1258"),
    "utf-8": _("Unicode that was read wrongly"),
    "marc-8-low-byte": _("Vietnamese that MARC-8 had damaged"),
    "check_capitals": _("Read from TCVN3; look at the capitals"),
    # By which key a duplicate was found.
    "control": _("Same control number"),
    "isbn": _("Same ISBN"),
    "issn": _("Same ISSN"),
    "title": _("Same title, author and year"),
    # Why a number shared with another record does not make a duplicate.
    "other_title": _("Entered, though another title has this number"),
    "other_volume": _("Entered, as another volume has this number"),
    "other_medium": _("Entered, as another kind of document has this number"),
    "other_edition": _("Entered, as another edition"),
    "other_number": _("Entered, as its numbers differ"),
    "foreign_record": _("The description belongs to another library and was left as it is"),
    # Why a copy did not enter the register.
    "barcode_taken": _("The barcode is on another document"),
    "accession_number_taken": _("The accession number is on another document"),
    "bad_barcode": _("The barcode has marks or is too long"),
    "bad_accession_number": _("The accession number is too long"),
}


def material(code: str) -> str:
    """Return the word for a material type."""
    return str(MATERIALS.get(code, MATERIALS["other"]))


def language(code: str) -> str:
    """Return the name of a language by its MARC or ISO 639-3 code; the code if unknown."""
    return str(LANGUAGES.get(code, code))


def reason(code: str) -> str:
    """Return the words for a note of an import; the code itself if nobody worded it."""
    return str(REASONS.get(code, code))
