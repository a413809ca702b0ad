"""Who opened a restricted document, in the words that are drawn over its pages."""

from __future__ import annotations

from functools import lru_cache

from django.utils import timezone

from tangthu.reading.models import RestrictedView

DIGITS_SHOWN = 4
_SEPARATOR = " · "


@lru_cache(maxsize=512)
def words_of(view_id: int) -> str:
    """Return the reader's name, the end of the card number and the moment of the opening.

    Where nobody has a name, the library's stands there: what is read in its rooms. Empty where
    there is no such view.
    """
    found = RestrictedView.objects.select_related("patron", "object__library")
    view = found.filter(pk=view_id).first()
    if view is None:
        return ""
    moment = f"{timezone.localtime(view.opened_at):%d/%m/%Y %H:%M}"
    if view.patron is None:
        return _SEPARATOR.join((view.object.library.name, moment))
    card = f"…{view.patron.card[-DIGITS_SHOWN:]}"
    return _SEPARATOR.join((view.patron.name, card, moment))
