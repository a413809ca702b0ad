"""The records that a file could not give, with their place and reason, so that they are mended."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from tangthu.catalogue.importing.planning import Plan
from tangthu.catalogue.models import ImportJob, ImportNote, NoteKind

_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One stretch of a file that gave no record."""

    file: str
    index: int
    offset: int
    reason: str
    detail: str
    raw: bytes

    def as_line(self) -> bytes:
        """Return one line of JSON: position from 1, byte, reason, a readable piece, all bytes."""
        return orjson.dumps(
            {
                "file": self.file,
                "position": self.index + 1,
                "offset": self.offset,
                "reason": self.reason,
                "detail": self.detail,
                "text": self.raw[:_SHOWN].decode("utf-8", "replace"),
                "raw_base64": base64.b64encode(self.raw).decode(),
            },
            option=orjson.OPT_APPEND_NEWLINE,
        )


def of_job(job: ImportJob) -> Iterator[Reject]:
    """Yield the rejects that the job noted, in the order of the file."""
    rows = ImportNote.objects.filter(job=job, kind=NoteKind.REJECTED).order_by("index", "id")
    for row in rows.iterator(chunk_size=200):
        yield Reject(
            file=job.file_name,
            index=row.index,
            offset=row.offset,
            reason=row.reason,
            detail=row.detail,
            raw=bytes(row.raw or b""),
        )


def of_plan(job: ImportJob, plan: Plan) -> Iterator[Reject]:
    """Yield the rejects of a batch that was only tried."""
    for draft, note, _ in plan.notes:
        if note.kind == NoteKind.REJECTED:
            yield Reject(
                file=job.file_name,
                index=draft.index,
                offset=draft.offset,
                reason=note.reason,
                detail=note.detail,
                raw=note.raw or b"",
            )


def lines(rejects: Iterable[Reject]) -> Iterator[bytes]:
    """Yield the rejects as lines of JSON."""
    return (reject.as_line() for reject in rejects)
