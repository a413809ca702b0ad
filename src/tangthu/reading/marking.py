"""Who opened a restricted document, in the words that are drawn over its pages."""

from __future__ import annotations

from functools import lru_cache

from django.utils import timezone

from tangthu.libraries.reading import network
from tangthu.reading.copies import NAMES
from tangthu.reading.models import DigitalLoan, RestrictedView
from tangthu.reading.policy.licences import Protection
from tangthu.reading.policy.protection import visible_mark
from tangthu.repository.policy.kinds import Access

_SEPARATOR = " · "


@lru_cache(maxsize=512)
def words_of(view_id: int) -> str:
    """Return the reader's name, the end of the card number and the moment of the opening.

    The library may choose to show the card alone. Where nobody has a name, the library's stands
    there: what is read in its rooms. Empty where there is no such view.
    """
    view = _view(view_id)
    if view is None:
        return ""
    moment = f"{timezone.localtime(view.opened_at):%d/%m/%Y %H:%M}"
    if view.patron is None:
        return _SEPARATOR.join((view.object.library.name, moment))
    names = str(network().preference(view.patron.library.chain, NAMES))
    return visible_mark(names, name=view.patron.name, card=view.patron.card, moment=moment)


@lru_cache(maxsize=512)
def is_lent_with_mark(view_id: int) -> bool:
    """Tell whether what was opened is lent to its reader on a licence that wants a mark."""
    view = _view(view_id)
    if view is None or view.access != Access.LENT or view.patron is None:
        return False
    loans = DigitalLoan.objects.filter(object=view.object, patron=view.patron, returned_at=None)
    return loans.filter(licence__protection=Protection.WATERMARK).exists()


def _view(view_id: int) -> RestrictedView | None:
    found = RestrictedView.objects.select_related("patron__library", "object__library")
    return found.filter(pk=view_id).first()
