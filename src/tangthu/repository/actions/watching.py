"""The watched folder: what a scanner puts there is taken in once the scanner has finished.

Below the folder each library has its own, named by its code. What lies in it, a folder, a ZIP file,
or all loose files together, is left alone until its names, sizes and times have stayed the same for
two minutes. Then it is moved aside and shown as a batch: which record each folder names. Once
somebody has checked it, it is brought in and moved on: to `xong` where all went well, to `loi`
with a file that says why not. Nothing is ever removed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from tangthu.core.actor import Actor, Face
from tangthu.libraries.models import Library
from tangthu.repository import storage
from tangthu.repository.actions.batch_previews import look_through
from tangthu.repository.actions.batches import BatchData, open_batch, run_batch
from tangthu.repository.labels import fault
from tangthu.repository.models import BatchState, EntryState, IngestBatch
from tangthu.repository.policy.identifiers import new_identifier

QUIET = timedelta(minutes=2)
STALE = timedelta(hours=6)
"""Work claimed so long ago is claimed again: the worker was ended in the middle of it."""

DONE, FAILED, CLAIMED, REASONS = "xong", "loi", ".dang-nhan", "ly-do.txt"
MEMORY = "watched"
_LOOSE = ""
_OWN = frozenset({DONE, FAILED})


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that was moved aside to be taken in: whose it is, and its folder's name."""

    library_id: int
    token: str


def watch(*, now: datetime) -> list[Claim]:
    """Look into every library's folder; move aside what is quiet, and return it to be taken in.

    Does nothing where no folder is watched. Work that was broken off is returned again.
    """
    root = _root()
    if root is None:
        return []
    claims: list[Claim] = []
    for library in Library.objects.filter(code__in=[each.name for each in _folders(root)]):
        with storage.held(f"watched-{library.code}", wait=False) as is_ours:
            if is_ours:
                claims += _look(library, root / library.code, now=now)
    return claims


def take_in_claim(claim: Claim) -> IngestBatch | None:
    """Bring in what was moved aside, or go on with it, and move it on. None where it is gone."""
    root = _root()
    library = Library.objects.filter(pk=claim.library_id).first()
    if root is None or library is None:
        return None
    with storage.held(f"claim-{claim.token}", wait=False) as is_ours:
        folder = root / library.code / CLAIMED / claim.token
        if not is_ours or not folder.is_dir():
            return None
        by = Actor.machine("watched-folder", face=Face.JOB, library_id=library.pk)
        batch = _go_on(_batch_of(folder, library, by=by), by=by)
        if batch.state in {BatchState.DONE, BatchState.FAILED}:
            _move_on(folder, batch)
    return batch


def claim_of(batch: IngestBatch) -> Claim | None:
    """Return the claim that a batch came by; None where it did not come by the watched folder."""
    root = _root()
    path = Path(batch.stored_path)
    if root is None or not path.is_relative_to(root):
        return None
    parts = path.relative_to(root).parts
    is_claim = len(parts) > 2 and parts[1] == CLAIMED
    return Claim(batch.library_id, parts[2]) if is_claim else None


def _go_on(batch: IngestBatch, *, by: Actor) -> IngestBatch:
    """Look through what is new; take in what somebody has checked; leave the rest to wait."""
    if batch.state == BatchState.WAITING:
        return look_through(batch, by=by)
    if batch.state in {BatchState.ACCEPTED, BatchState.RUNNING}:
        return run_batch(batch, by=by)
    return batch


def _root() -> Path | None:
    return Path(settings.WATCHED_FOLDER) if settings.WATCHED_FOLDER else None


def _folders(root: Path) -> list[Path]:
    return [each for each in root.iterdir() if each.is_dir()] if root.is_dir() else []


def _look(library: Library, folder: Path, *, now: datetime) -> Iterator[Claim]:
    seen, before = {}, _remembered(library.code)
    for name, paths in _units(folder).items():
        print_of = _fingerprint(paths)
        was, since = before.get(name, ("", 0.0))
        if was == print_of and now.timestamp() - since >= QUIET.total_seconds():
            yield _claim(library, folder, paths)
        else:
            seen[name] = (print_of, since if was == print_of else now.timestamp())
    _remember(library.code, seen)
    for claimed in _folders(folder / CLAIMED):
        if now.timestamp() - claimed.stat().st_mtime > STALE.total_seconds():
            os.utime(claimed, (now.timestamp(), now.timestamp()))
            yield Claim(library.pk, claimed.name)


def _units(folder: Path) -> dict[str, list[Path]]:
    """Return what belongs together: each folder, each ZIP file, and all loose files."""
    units: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _OWN or path.is_symlink():
            continue
        alone = path.is_dir() or path.suffix.lower() == ".zip"
        units.setdefault(path.name if alone else _LOOSE, []).append(path)
    return units


def _fingerprint(paths: Sequence[Path]) -> str:
    """Return what changes when anything is written to: names, sizes and times of all files."""
    files = [each for path in paths for each in ([path] if path.is_file() else path.rglob("*"))]
    told = []
    for file in sorted(files):
        try:
            found = file.lstat()
        except FileNotFoundError:
            # Renamed while we looked: it is being written.
            return new_identifier()
        told.append([str(file), found.st_size, found.st_mtime_ns])
    return json.dumps(told)


def _claim(library: Library, folder: Path, paths: Sequence[Path]) -> Claim:
    token = new_identifier()
    aside = folder / CLAIMED / token
    aside.mkdir(parents=True)
    for path in paths:
        path.rename(aside / path.name)
    return Claim(library.pk, token)


def _batch_of(folder: Path, library: Library, *, by: Actor) -> IngestBatch:
    inside = sorted(folder.iterdir())
    is_zip = len(inside) == 1 and inside[0].suffix.lower() == ".zip" and inside[0].is_file()
    path = inside[0] if is_zip else folder
    begun = IngestBatch.objects.filter(library=library, stored_path=str(path)).first()
    if begun is not None:
        return begun
    name = inside[0].name if len(inside) == 1 else f"{len(inside)} files"
    return open_batch(BatchData(name=name, path=path), library=library, by=by)


def _move_on(folder: Path, batch: IngestBatch) -> None:
    """Move what was taken in out of the way, with the reasons of what was not."""
    reasons = [
        f"{entry.folder}: {fault(entry.fault)}"
        for entry in batch.entries.exclude(state=EntryState.DONE)
    ]
    if batch.state == BatchState.FAILED:
        reasons.append(f"{batch.name}: {fault(batch.fault)}")
    if not batch.entries.exists() and not reasons:
        reasons.append(fault("nothing_inside"))
    stamp = f"{timezone.localtime():%Y-%m-%d %H.%M.%S} {folder.name}"
    target = folder.parent.parent / (FAILED if reasons else DONE) / stamp
    target.parent.mkdir(exist_ok=True)
    if reasons:
        (folder / REASONS).write_text("\n".join(reasons) + "\n", encoding="utf-8")
    folder.rename(target)


def _memory(code: str) -> Path:
    return storage.file_path(f"{MEMORY}/{code}.json")


def _remembered(code: str) -> Mapping[str, tuple[str, float]]:
    try:
        told = json.loads(_memory(code).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): (str(each[0]), float(each[1])) for name, each in told.items()}


def _remember(code: str, seen: Mapping[str, tuple[str, float]]) -> None:
    path = _memory(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(seen), encoding="utf-8")
    beside.replace(path)
