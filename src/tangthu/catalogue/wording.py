"""What a person reads for the refusals of the catalogue, and for what happens in an import."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDING = {
    "barcode_taken": _(
        "The barcode %(barcode)s is already on a copy of “%(title)s” (%(library)s, "
        "accession number %(accession_number)s). Check the label, or leave the field empty to get "
        "a new one."
    ),
    "accession_number_taken": _(
        "The accession number %(accession_number)s of %(library)s already belongs to a copy of "
        "“%(title)s”. Leave the field empty to get the next free number."
    ),
    "bad_barcode": _(
        "A barcode has 1 to 60 letters, digits or signs without marks, such as DLK.000123."
    ),
    "bad_accession_number": _(
        "An accession number has 1 to 40 characters. For several copies it must hold digits to "
        "count on from, such as VV.00098."
    ),
    "location_elsewhere": _(
        "This stack belongs to another library. Choose one of the copy's own library."
    ),
    "too_many_copies": _("At most %(maximum)s copies at once."),
    "item_not_free": _(
        "The copy %(barcode)s is not free: it is on loan, on its way, kept for a reader or not in "
        "use."
    ),
    "item_lent_as_scan": _(
        "A reader has the scan of the copy %(barcode)s on loan. Its state changes when that ends."
    ),
    "item_withdrawn": _(
        "The copy %(barcode)s was withdrawn. Take it back into the stock before changing it."
    ),
    "item_not_withdrawn": _("The copy %(barcode)s is in the stock; it was not withdrawn."),
    "no_title": _("The document needs a title."),
    "no_such_version": _("The description has no version %(version)s."),
    "import_running": _(
        "This file is being imported at this moment. Wait until it is done, or cancel it there."
    ),
    "import_lost": _("The import was cancelled, or another process goes on with it."),
    "disk_full": _(
        "The disk is full. Make room and start the import again: it goes on where it stopped, "
        "and nothing is doubled."
    ),
    "import_interrupted": _(
        "The import was interrupted. Start it again: it goes on where it stopped, and nothing "
        "is doubled."
    ),
    "not_importable": _("The file cannot be imported."),
    "file_missing": _("The file was not found, or may not be read."),
    "file_empty": _("The file is empty."),
    "file_not_marc": _(
        "This is not a MARC file. Export it again as ISO 2709 (.mrc), MARCXML or MARC-in-JSON."
    ),
    "file_of_isis": _(
        "This file was exported from CDS/ISIS and is not MARC. Export it as MARC 21 first."
    ),
    "file_too_large": _("The file is larger than %(maximum_mb)s MB. Divide it into smaller ones."),
    "import_file_gone": _("The uploaded file was removed. Upload it again; nothing is doubled."),
}

AUDIT = {
    "audit.record.add": _("described the document"),
    "audit.record.save": _("corrected the description"),
    "audit.record.suppress": _("hid the record from the public"),
    "audit.record.unsuppress": _("showed the record to the public"),
    "audit.item.add": _("added the copy"),
    "audit.item.change": _("corrected the copy's data"),
    "audit.item.withdraw": _("withdrew the copy"),
    "audit.item.digitising": _("took the copy to be digitised"),
    "audit.item.digitised": _("brought the copy back from digitisation"),
    "audit.item.lent_as_scan": _("kept the copy in while its scan is on loan"),
    "audit.item.scan_back": _("put the copy to use again after its scan came back"),
    "audit.item.reinstate": _("took the copy back into the stock"),
    "audit.import.open": _("began to import the file"),
    "audit.import.finish": _("imported the file"),
    "audit.import.cancel": _("stopped the import"),
}
