from tangthu.repository.models.batches import (
    BagReceipt,
    BatchState,
    EntryState,
    IngestBatch,
    IngestEntry,
    IngestFault,
)
from tangthu.repository.models.collections import Collection
from tangthu.repository.models.exports import CollectionExport
from tangthu.repository.models.files import DigitalFile, PreservationEvent
from tangthu.repository.models.media import Captions, CaptionsKind, Chapter, Recording
from tangthu.repository.models.objects import (
    ACCESS_LABELS,
    KIND_LABELS,
    STATE_LABELS,
    DigitalObject,
    DigitalObjectQuerySet,
    ObjectRecord,
)
from tangthu.repository.models.pages import Page, Section
from tangthu.repository.models.texts import ORIGIN_LABELS, PageText, PageTextQuerySet
from tangthu.repository.models.uploads import Upload, UploadPurpose

__all__ = [
    "ACCESS_LABELS",
    "KIND_LABELS",
    "ORIGIN_LABELS",
    "STATE_LABELS",
    "BagReceipt",
    "BatchState",
    "Captions",
    "CaptionsKind",
    "Chapter",
    "Collection",
    "CollectionExport",
    "DigitalFile",
    "DigitalObject",
    "DigitalObjectQuerySet",
    "EntryState",
    "IngestBatch",
    "IngestEntry",
    "IngestFault",
    "ObjectRecord",
    "Page",
    "PageText",
    "PageTextQuerySet",
    "PreservationEvent",
    "Recording",
    "Section",
    "Upload",
    "UploadPurpose",
]
