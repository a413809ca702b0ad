"""A batch before it is taken in: its folders, the record that each names, what it shall be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.repository import storage
from tangthu.repository.actions.bag_batches import holds_bags
from tangthu.repository.actions.batches import BatchData, groups_in, note_state, run_batch
from tangthu.repository.actions.matching import Match, match_of
from tangthu.repository.errors import BatchIsRunning, BatchSourceGone, FileRefused
from tangthu.repository.models import BatchState, EntryState, IngestBatch, IngestEntry, Upload
from tangthu.repository.models.batches import OPEN_ENTRIES
from tangthu.repository.permissions import RepositoryPermission

BY_HAND = "hand"
WAITING_SUFFIX = ".batch"
"""Of a ZIP file that was sent and waits, among what is on its way."""

_BUSY = frozenset({BatchState.ACCEPTED, BatchState.RUNNING})


@dataclass(frozen=True, slots=True)
class Choices:
    """What was said of single folders, by the number of their entries.

    `by_hand` holds what was written for an entry: an accession number, a barcode, a number in 001
    or an ISBN. Of those `shown`, the ones in `left_out` are not to be taken in, all others are.
    """

    by_hand: Mapping[int, str] = field(default_factory=dict)
    shown: Iterable[int] = ()
    left_out: Iterable[int] = ()


def keep_sent(upload: Upload) -> Path:
    """Put a ZIP file that came whole where it may wait until somebody has checked it."""
    kept = storage.file_path(f"{storage.STAGING}/{upload.identifier}{WAITING_SUFFIX}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    sent = storage.upload_path(upload.identifier)
    if sent.exists():
        sent.replace(kept)
    return kept


def look_through(batch: IngestBatch, *, by: Actor) -> IngestBatch:
    """Note the folders of a batch and the record that each names; nothing is taken in yet.

    Bags tell of themselves what they are, and are taken in at once. The batch fails where it cannot
    be opened. May be begun again.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=batch.library_id)
    path = Path(batch.stored_path)
    try:
        if holds_bags(path):
            return run_batch(batch, by=by)
        groups = groups_in(path)
    except FileRefused as refusal:
        return note_state(batch, BatchState.FAILED, fault=refusal.fault)
    if not groups:
        return note_state(batch, BatchState.FAILED, fault="nothing_inside")
    for folder, files in groups.items():
        _look_at(batch, folder[:300], files)
    return note_state(batch, BatchState.LOOKED)


@transaction.atomic
def settle_batch(
    batch: IngestBatch, data: BatchData, choices: Choices, *, by: Actor
) -> IngestBatch:
    """Say what the objects of a batch shall be, and of single folders what becomes of them.

    Raises BatchIsRunning, and FileRefused with the name of the first that is not known.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=batch.library_id)
    row = _open(batch)
    row.rights, row.access, row.embargo_until = data.rights, data.access, data.embargo_until
    row.save(update_fields=["rights", "access", "embargo_until"])
    row.collections.set(data.collections)
    entries = row.entries.filter(state__in=OPEN_ENTRIES)
    matched = entries.in_bulk(list(choices.by_hand))
    for pk, entry in matched.items():
        found = match_of(choices.by_hand[pk].strip(), library=batch.library)
        _match(entry, Match(found.record, BY_HAND))
    entries.filter(pk__in=choices.shown, state=EntryState.LEFT_OUT).update(state=EntryState.WAITING)
    entries.filter(pk__in=choices.left_out).update(state=EntryState.LEFT_OUT)
    return row


@transaction.atomic
def accept_batch(batch: IngestBatch, *, by: Actor) -> IngestBatch:
    """Let a batch be taken in by `go_on_with_batch`, with the rights of whoever accepts it.

    What was refused before is tried again. Raises Invalid without a statement of rights,
    BatchIsRunning, BatchSourceGone.
    """
    by.require(RepositoryPermission.EDIT_OBJECTS, at=batch.library_id)
    row = _open(batch)
    if not row.rights:
        raise Invalid("rights")
    if not Path(row.stored_path).exists():
        raise BatchSourceGone(batch=row.pk)
    row.user_id = by.user_id
    row.save(update_fields=["user_id"])
    row.entries.filter(state=EntryState.REFUSED).update(state=EntryState.WAITING)
    return note_state(row, BatchState.ACCEPTED)


def forget_sent(batch: IngestBatch) -> None:
    """Remove a ZIP file that was sent once everything of it is taken in."""
    path = Path(batch.stored_path)
    left = batch.entries.filter(state__in=[EntryState.WAITING, EntryState.REFUSED])
    if path.suffix == WAITING_SUFFIX and batch.state == BatchState.DONE and not left.exists():
        path.unlink(missing_ok=True)


def _open(batch: IngestBatch) -> IngestBatch:
    row = IngestBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if row.state in _BUSY:
        raise BatchIsRunning(batch=row.pk)
    return row


def _look_at(batch: IngestBatch, folder: str, files: int) -> None:
    entry, is_new = IngestEntry.objects.get_or_create(
        batch=batch, folder=folder, defaults={"files": files}
    )
    if not is_new:
        return
    try:
        _match(entry, match_of(folder, library=batch.library))
    except FileRefused as refusal:
        IngestEntry.objects.filter(pk=entry.pk).update(fault=refusal.fault)


def _match(entry: IngestEntry, match: Match) -> None:
    entry.record, entry.matched_by, entry.fault = match.record, match.by, ""
    entry.save(update_fields=["record", "matched_by", "fault"])
