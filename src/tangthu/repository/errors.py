from __future__ import annotations

from tangthu.core.errors import Busy, Conflict, Invalid, NotFound, TangthuError


class ObjectClosed(TangthuError):
    """The object does not open for this visitor. `reason` names why; `until` an embargo's end."""

    code = "object_closed"
    status = 403


class PublishingRefused(Conflict):
    """Something stands between the object and its readers. `blocks` names everything."""

    code = "publishing_refused"


class FileRefused(Invalid):
    """A file that is not taken in. `fault` names why; `name` is the file's."""

    code = "file_refused"

    def __init__(self, fault: str, *, name: str = "") -> None:
        super().__init__("file", fault=fault, name=name)
        self.fault = fault


class FileTooLarge(FileRefused):
    code = "object_file_too_large"
    status = 413


class StoreFull(FileRefused):
    """The disk has no room. Nothing is wrong with the file: the work is taken up again later."""

    code = "object_store_full"
    status = 507

    def __init__(self, *, name: str = "") -> None:
        super().__init__("disk_full", name=name)


class CaptionsRefused(Invalid):
    """What was sent holds no captions. `fault` names why, `line` where, from 1."""

    code = "captions_refused"

    def __init__(self, fault: str, *, line: int = 0) -> None:
        super().__init__("captions", fault=fault, line=line)
        self.fault = fault
        self.line = line


class TooManyPages(Conflict):
    code = "too_many_pages"


class ObjectWithdrawn(Conflict):
    """A withdrawn object is not changed any more."""

    code = "object_is_withdrawn"


class BadOrder(Invalid):
    """The new order does not name each page once."""

    code = "bad_order"


class CollectionCodeTaken(Conflict):
    code = "collection_code_taken"


class CollectionInItself(Invalid):
    code = "collection_in_itself"


class UploadGone(NotFound):
    """The upload expired or was given up."""

    code = "upload_gone"
    status = 410


class UploadBusy(Busy):
    """Another request writes to this upload now."""

    code = "upload_busy"
    status = 423


class BatchIsRunning(Conflict):
    """The batch is being taken in: what its objects shall be is settled."""

    code = "batch_is_running"


class BatchSourceGone(Conflict):
    """The files of the batch are not where they were."""

    code = "batch_source_gone"


class WrongOffset(Conflict):
    """The piece does not begin where the last one ended. `offset` tells where that is."""

    code = "wrong_offset"


class WrongChecksum(Conflict):
    """The piece did not arrive as it was sent."""

    code = "wrong_checksum"
    status = 460


class TooManyUploads(Conflict):
    code = "too_many_uploads"


class ArchiveBroken(Conflict):
    """What lies in the archive is not what its inventory says. Nothing was written."""

    code = "archive_broken"


class FileDamaged(Conflict):
    """The bytes are not those that were taken in."""

    code = "file_damaged"


class TextIsCorrected(Conflict):
    """People corrected this text: no machine writes over it."""

    code = "text_is_corrected"
