"""Removing what nobody needs: replaced reading copies, and what work left behind. No masters."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

from tangthu.repository import storage
from tangthu.repository.actions.handing_out import forget_exports
from tangthu.repository.actions.uploads import forget_expired
from tangthu.repository.models import DigitalFile
from tangthu.repository.policy.kinds import FileRole

LEFT_BEHIND = timedelta(days=2)
REPLACED = timedelta(hours=12)
NOT_CHECKED = timedelta(days=30).total_seconds()


def sweep(*, now: datetime) -> int:
    """Forget expired uploads and exports, replaced reading copies, and leavings in staging.

    Where a bucket keeps the files, copies of them here are kept within their bound.
    """
    kept_in = storage.bucket()
    if kept_in is not None:
        kept_in.trim()
    sent = forget_expired(now=now) + forget_exports(now=now)
    return sent + _forget_deliveries(now) + _forget_leavings(now)


def _forget_deliveries(now: datetime) -> int:
    """Forget them half a day later: a reader may still have the page open."""
    old = DigitalFile.objects.filter(role=FileRole.DELIVERY, replaced_at__lt=now - REPLACED)
    count = 0
    for file in old.filter(page_shown=None):
        file.delete()
        storage.forget(file.path)
        count += 1
    return count


def _forget_leavings(now: datetime) -> int:
    """Remove work that was broken off. Files that rows speak of wait for the archive."""
    folder = storage.file_path(storage.STAGING)
    if not folder.is_dir():
        return 0
    count = 0
    for each in folder.iterdir():
        broken_off = each.suffix in {".work", ".version"}
        if broken_off and now.timestamp() - each.stat().st_mtime > LEFT_BEHIND.total_seconds():
            shutil.rmtree(each, ignore_errors=True)
            count += 1
        elif each.suffix == ".batch" and now.timestamp() - each.stat().st_mtime > NOT_CHECKED:
            # Whoever sent it has the files: nobody has had it taken in for a month.
            each.unlink(missing_ok=True)
            count += 1
    return count
