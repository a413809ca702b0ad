"""Why a backup is not written, or not put back."""

from __future__ import annotations


class BackupRefused(Exception):
    """Nothing was written or changed; the sentence says why, and what to do."""
