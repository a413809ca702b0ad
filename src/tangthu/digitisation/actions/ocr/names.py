"""The library's own list of highland names, beside the one that comes with the program."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.digitisation.models.ocr import HighlandName
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.highland import is_special, read_names

MOST_AT_ONCE = 5_000


@transaction.atomic
def add_names(text: str, *, by: Actor) -> int:
    """Add names, one a line; say how many are new.

    Raises Invalid for a list that has a name without any letter that the engine does not know:
    it would never be put back.
    """
    by.require(DigitisationPermission.RECOGNISE)
    names = list(dict.fromkeys(read_names(text)))
    if not names or len(names) > MOST_AT_ONCE:
        raise Invalid("names")
    plain = next((name for name in names if not is_special(name)), None)
    if plain is not None:
        raise Invalid("names", name=plain)
    known = set(HighlandName.objects.filter(text__in=names).values_list("text", flat=True))
    now = timezone.now()
    rows = [
        HighlandName(text=name, added_by=by.name[:150], added_at=now)
        for name in names
        if name not in known
    ]
    HighlandName.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        after = {"names": [row.text for row in rows][:50]}
        audit.record("highland_names.added", by=by, kind="highland_names", key="", after=after)
    return len(rows)


@transaction.atomic
def remove_name(name: HighlandName, *, by: Actor) -> None:
    """Take a name off the library's list. Text that it repaired stays as it is."""
    by.require(DigitisationPermission.RECOGNISE)
    audit.record(
        "highland_names.removed",
        by=by,
        kind="highland_names",
        key="",
        before={"names": [name.text]},
    )
    name.delete()
