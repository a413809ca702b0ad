from __future__ import annotations

from tangthu.core.errors import Conflict, Invalid, NotFound, TangthuError


class BarcodeTaken(Conflict):
    """The barcode is on another copy; the data name which."""

    code = "barcode_taken"


class AccessionNumberTaken(Conflict):
    """The library's register already holds the number; the data name the copy."""

    code = "accession_number_taken"


class ItemNotFree(Conflict):
    """The copy is out, kept for somebody, or not fit for use."""

    code = "item_not_free"


class BadBarcode(Invalid):
    """A barcode is 1 to 60 printable ASCII characters."""

    code = "bad_barcode"


class BadAccessionNumber(Invalid):
    """An accession number is 1 to 40 printable ASCII characters, and ends in digits to count on."""

    code = "bad_accession_number"


class LocationElsewhere(Invalid):
    """The location belongs to another library than the copy."""

    code = "location_elsewhere"


class TooManyCopies(Invalid):
    """More copies at once than anybody means."""

    code = "too_many_copies"


class ItemWithdrawn(Conflict):
    """The copy left the stock; it has to be taken back before it is changed."""

    code = "item_withdrawn"


class ItemLentAsScan(Conflict):
    """The copy stands in for its scan, which a reader has on loan: its state is not for hands."""

    code = "item_lent_as_scan"


class ItemNotWithdrawn(Conflict):
    """Only a copy that left the stock can be taken back into it."""

    code = "item_not_withdrawn"


class NoTitle(Invalid):
    """A record needs a title."""

    code = "no_title"


class NoSuchVersion(NotFound):
    """The record has no version of that number."""

    code = "no_such_version"


class ImportRunning(Conflict):
    """The same file is being imported into the library at this moment."""

    code = "import_running"


class ImportLost(Conflict):
    """The job was cancelled, or another process took it over."""

    code = "import_lost"


class NotImportable(TangthuError):
    """The file as a whole cannot be imported."""

    code = "not_importable"
    status = 422


class FileMissing(NotImportable):
    """There is no such file, or it may not be read."""

    code = "file_missing"


class FileEmpty(NotImportable):
    """The file holds nothing."""

    code = "file_empty"


class FileNotMarc(NotImportable):
    """The file is neither ISO 2709 nor MARCXML nor MARC-in-JSON."""

    code = "file_not_marc"


class FileOfIsis(NotImportable):
    """The file was exported from CDS/ISIS: ISO 2709, but not MARC."""

    code = "file_of_isis"


class FileTooLarge(Invalid):
    """The upload passes the limit."""

    code = "file_too_large"


class ImportFileGone(Conflict):
    """The uploaded file was removed, so the job cannot go on."""

    code = "import_file_gone"
