"""What every deed about a patron leaves behind: an audit entry, and a line in the feed."""

from __future__ import annotations

from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.core.errors import StaleVersion
from tangthu.patrons.models import Patron

PATRON_CHANGED = "patron"
"""The kind of the feed's rows about patrons; the key is the patron's id."""

_HIDE = frozenset({"citizen_number_digest"})
_COMPUTED = frozenset({"sort_key", "folded_name", "version", "citizen_number_sealed"})


def snapshot(patron: Patron) -> dict[str, object]:
    """Return what the audit log keeps of a patron: never the citizen number."""
    values = audit.snapshot(patron, hide=_HIDE)
    return {name: value for name, value in values.items() if name not in _COMPUTED}


def announce(
    action: str,
    patron: Patron,
    *,
    by: Actor,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Write down the deed and append it to the feed."""
    audit.record(
        action,
        by=by,
        kind="patron",
        key=patron.pk,
        library=patron.library_id,
        before=before,
        after=after,
    )
    changes.append(PATRON_CHANGED, [patron.pk], library=patron.library_id)


def locked(patron: Patron, version: int | None = None) -> Patron:
    """Return the patron's row, locked. Raises StaleVersion if it is not the version expected."""
    rows = Patron.objects.select_related("category", "library", "guardian")
    row = rows.select_for_update(of=("self",)).get(pk=patron.pk)
    if version is not None and row.version != version:
        raise StaleVersion(patron=row.pk, version=row.version)
    return row
