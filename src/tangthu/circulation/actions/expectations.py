"""What a library expects of its rules: sentences that are tried before a change is saved."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.circulation.models import Expectation
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library


@transaction.atomic
def keep_expectation(library: Library, sentence: str, *, by: Actor) -> Expectation:
    """Keep a sentence that must stay true of the library's rules; the same sentence is one.

    Whether it is understood is for whoever asks: a word may get its meaning later.
    """
    by.require(CirculationPermission.MANAGE_RULES, at=library.pk)
    kept, new = Expectation.objects.get_or_create(
        library=library,
        sentence=" ".join(sentence.split()),
        defaults={"kept_at": timezone.now(), "kept_by": by.name},
    )
    if new:
        _write_down("expectation.keep", kept, by=by)
    return kept


@transaction.atomic
def drop_expectation(kept: Expectation, *, by: Actor) -> None:
    """Expect it no longer."""
    by.require(CirculationPermission.MANAGE_RULES, at=kept.library_id)
    _write_down("expectation.drop", kept, by=by)
    kept.delete()


def _write_down(action: str, kept: Expectation, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="expectation",
        key=kept.pk,
        library=kept.library_id,
        after={"sentence": kept.sentence},
    )
