"""What a file is, told from its first bytes: never from its name or from what a browser says."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tangthu.repository.policy.kinds import ObjectKind

HEAD = 4096
"""Bytes that are enough to tell."""

JPEG, PNG, TIFF, WEBP = "image/jpeg", "image/png", "image/tiff", "image/webp"
PDF, ZIP = "application/pdf", "application/zip"
EPUB = "application/epub+zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, PLAIN, JSON = "text/csv", "text/plain", "application/json"

PAGE_TYPES = frozenset({JPEG, PNG, TIFF, WEBP, PDF})
"""Of which pages are made."""

ARCHIVE_TYPES = frozenset({ZIP, EPUB, DOCX, XLSX})

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"PK\x03\x04", ZIP),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_SUFFIXES: Mapping[str, str] = {
    JPEG: ".jpg",
    PNG: ".png",
    TIFF: ".tif",
    WEBP: ".webp",
    PDF: ".pdf",
    EPUB: ".epub",
    DOCX: ".docx",
    XLSX: ".xlsx",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/flac": ".flac",
    "audio/wav": ".wav",
    "audio/mp4": ".m4a",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    PLAIN: ".txt",
}
_KINDS: Mapping[str, ObjectKind] = {
    PDF: ObjectKind.PDF,
    EPUB: ObjectKind.EPUB,
    DOCX: ObjectKind.DOCX,
    PLAIN: ObjectKind.DATA,
}


def media_type_of(head: bytes, names: Collection[str] = ()) -> str | None:
    """Return the type of what begins so; None for what the library does not keep.

    `names` are the entries of an archive: programs write those of an Office file in any order.
    Text is taken for plain text whatever it says: HTML, SVG and scripts are never served as such.
    """
    for start, found in _STARTS:
        if head.startswith(start):
            return _of_zip(head, names) if found == ZIP else found
    # Junk before a PDF is allowed by its readers within the first kilobyte (ISO 32000, annex H).
    if b"%PDF-" in head[:1024]:
        return PDF
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:11] == b"M4A" else "video/mp4"
    return PLAIN if _is_text(head) else None


def kind_of(media_type: str) -> ObjectKind:
    """Return the kind of object that a file of this type makes."""
    if media_type in _KINDS:
        return _KINDS[media_type]
    group = media_type.partition("/")[0]
    match group:
        case "image":
            return ObjectKind.PAGE_IMAGES
        case "audio":
            return ObjectKind.AUDIO
        case "video":
            return ObjectKind.VIDEO
        case _:
            return ObjectKind.DATA


def suffix_of(media_type: str) -> str:
    """Return the ending of names that fits the type; empty where there is no usual one."""
    return _SUFFIXES.get(media_type, "")


def is_with_macros(names: Collection[str]) -> bool:
    """Tell whether an Office file of these entries brings programs along."""
    return any(name.lower().endswith("/vbaproject.bin") for name in names)


def _of_zip(head: bytes, names: Collection[str]) -> str:
    # An EPUB's first entry is `mimetype`, stored: OCF 3.3, §4.3.
    if head[30:38] == b"mimetype" and EPUB.encode() in head[38:80]:
        return EPUB
    if "[Content_Types].xml" not in names:
        return ZIP
    if "xl/workbook.xml" in names:
        return XLSX
    return DOCX if any(name.startswith("word/") for name in names) else ZIP


def _is_text(head: bytes) -> bool:
    if not head or b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The piece may end within a letter.
        return error.start >= len(head) - 3
    return True
