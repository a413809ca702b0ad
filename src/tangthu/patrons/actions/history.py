"""Whether a reader keeps their past loans: only if they chose to, and until they choose not to."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.patrons.actions.passwords import account_of
from tangthu.patrons.models import Patron, ReaderAccount


@transaction.atomic
def keep_history(patron: Patron, *, text: str, by: Actor) -> ReaderAccount:
    """Keep the reader's past loans from now on; `text` names the words they agreed to.

    By the reader alone (Law 91/2025/QH15: consent is given by the person, for one purpose).
    """
    account = _own(patron, by)
    if account.keeps_history_since is None:
        account.keeps_history_since, account.history_text = timezone.now(), text[:20]
        account.save(update_fields=["keeps_history_since", "history_text"])
        _note("patron.history_kept", patron, by=by, text=account.history_text)
    return account


def stop_keeping_history(patron: Patron, *, by: Actor) -> None:
    """Store that the past loans are kept no more. Part of forgetting them (circulation)."""
    account = _own(patron, by)
    if account.keeps_history_since is not None:
        account.keeps_history_since = None
        account.save(update_fields=["keeps_history_since"])
        _note("patron.history_ended", patron, by=by, text=account.history_text)


def _own(patron: Patron, by: Actor) -> ReaderAccount:
    if by.patron_id != patron.pk:
        raise NotPermitted(patron=patron.pk)
    return account_of(patron)


def _note(action: str, patron: Patron, *, by: Actor, text: str) -> None:
    audit.record(
        action,
        by=by,
        kind="patron",
        key=patron.pk,
        library=patron.library_id,
        after={"text": text},
    )
