"""The words of codes that people read: rights, languages, faults of files, blocks of publishing."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.repository.policy.publishing import PublishingBlock
from tangthu.repository.policy.rights import Rights

RIGHTS: Mapping[str, Promise] = {
    Rights.PDM: _("Public domain: the copyright has ended"),
    Rights.CC0: _("CC0: the author gave it to everybody"),
    Rights.CC_BY: _("CC BY: name the author"),
    Rights.CC_BY_SA: _("CC BY-SA: name the author, share alike"),
    Rights.CC_BY_ND: _("CC BY-ND: name the author, no changes"),
    Rights.CC_BY_NC: _("CC BY-NC: name the author, not for profit"),
    Rights.CC_BY_NC_SA: _("CC BY-NC-SA: name the author, not for profit, share alike"),
    Rights.CC_BY_NC_ND: _("CC BY-NC-ND: name the author, not for profit, no changes"),
    Rights.INC: _("In copyright"),
    Rights.INC_EDU: _("In copyright; may be used for teaching"),
    Rights.INC_NC: _("In copyright; may be used, not for profit"),
    Rights.INC_RUU: _("In copyright; the owner is not found"),
    Rights.NOC_CR: _("No copyright; bound by a contract"),
    Rights.NOC_NC: _("No copyright; not for profit"),
    Rights.NOC_OKLR: _("No copyright; bound by another law"),
    Rights.CNE: _("Copyright not looked into"),
    Rights.UND: _("Copyright could not be found out"),
    Rights.NKC: _("No copyright known of"),
}

LANGUAGES: Mapping[str, Promise] = {
    "vie": _("Vietnamese"),
    "rad": _("Ê Đê (Rade)"),
    "jra": _("Gia Rai (Jarai)"),
    "bdq": _("Ba Na (Bahnar)"),
    "cmo": _("M'Nông (Mnong)"),
    "chi": _("Chinese and Hán-Nôm"),
    "eng": _("English"),
    "fre": _("French"),
}

FAULTS: Mapping[str, Promise] = {
    "empty": _("The file is empty."),
    "unknown_type": _("Files of this kind are not taken in here."),
    "too_large": _("The file is too large."),
    "longer_than_announced": _("More came than was announced."),
    "damaged_image": _("The image is damaged or was cut off."),
    "damaged_pdf": _("The PDF is damaged."),
    "damaged_archive": _("The ZIP file is damaged."),
    "encrypted": _("The file is protected by a password. Take the protection away first."),
    "no_pages": _("There is no page in the file."),
    "several_pages": _("The file has several pages; one is wanted."),
    "too_many_pages": _("The file has too many pages."),
    "too_many_pixels": _("The image is larger than any page can be."),
    "too_much_memory": _("The file needs too much memory."),
    "took_too_long": _("The file takes too long to open."),
    "decoder_failed": _("The file made the program that opens it fail."),
    "archive_bomb": _("The ZIP file unpacks to far more than it holds."),
    "too_many_entries": _("There are too many files in the ZIP file."),
    "path_leads_out": _("The ZIP file names places outside of itself."),
    "nothing_inside": _("There is nothing in the ZIP file."),
    "macros": _("The document brings macros, which are programs. Save it without them."),
    "xml_entities": _("The document holds XML entities, by which harm is done."),
    "damaged_recording": _("The recording is damaged or was cut off."),
    "no_sound_or_picture": _("There is neither sound nor picture in the file."),
    "no_duration": _("The recording is empty or far too long."),
    "not_utf8": _("The captions are not written in UTF-8. Save them anew as UTF-8."),
    "bad_time": _("Line %(line)s holds no times such as 00:01:02.000 --> 00:01:05.000."),
    "ends_before_begins": _("Line %(line)s: the caption ends before it begins."),
    "too_many": _("There are too many captions."),
    "no_cues": _("There are no captions in the file. WebVTT and SubRip are taken in."),
    "virus": _("A virus was found in the file."),
    "disk_full": _("There is not enough room for the file. Tell whoever looks after the server."),
    "not_a_bag": _("This is no bag (BagIt)."),
    "bag_to_be_fetched": _(
        "The bag wants files fetched from elsewhere: ask for them to be packed."
    ),
    "bag_without_manifest": _("The bag has no manifest of a kind that is known here."),
    "bag_manifest_unreadable": _("What the bag says of its files cannot be read."),
    "bag_file_missing": _("A file that the bag names is not in it."),
    "bag_file_not_listed": _("There is a file in the bag that its manifest does not name."),
    "bag_file_changed": _("A file in the bag is not what its manifest says: it was damaged."),
    "bag_names_twice": _("The bag names a file twice."),
    "bag_differs": _("This object is here already, with other files. It was not changed."),
    "several_records": _("Several records have this number."),
    "no_record": _("No record or copy has this number."),
}

SENDERS: Mapping[str, Promise] = {
    "watched-folder": _("The watched folder"),
    "import-bags": _("The command import-bags"),
    "ingest-objects": _("The command ingest-objects"),
}
"""Of batches that no person sent."""

MATCHED_BY: Mapping[str, Promise] = {
    "accession": _("by its accession number"),
    "control": _("by the number in 001"),
    "isbn": _("by its ISBN"),
    "hand": _("by hand"),
    "bag": _("by its bag (BagIt)"),
}

BLOCKS: Mapping[str, Promise] = {
    PublishingBlock.NO_RIGHTS: _("Say what its rights are."),
    PublishingBlock.PERMISSION_NOT_NAMED: _(
        "It may be in copyright: write in the rights note who permitted opening it to everybody, "
        "or choose a narrower access."
    ),
    PublishingBlock.NOTHING_INSIDE: _("There is nothing in it yet."),
    PublishingBlock.PAGES_NOT_READY: _("Some pages are not drawn yet, or cannot be."),
    PublishingBlock.FILE_DAMAGED: _("A kept file is damaged."),
    PublishingBlock.WITHDRAWN: _("It was withdrawn."),
}


def sender(name: str) -> str:
    """Return who sent a batch, in words where it was no person."""
    return str(SENDERS.get(name, name))


def fault(code: str) -> str:
    """Return the words for a fault; those of the refusal of that code where there are none."""
    from tangthu.core.wording import sentence

    return str(FAULTS[code]) if code in FAULTS else sentence(code)
