"""What a day changes without anybody's deed, told to the feed."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from tangthu.repository.models import DigitalObject
from tangthu.repository.news import tell

LOOKED_BACK = timedelta(days=7)
"""A machine may have been off for some days; to be told twice does no harm."""


@transaction.atomic
def tell_opened(*, today: date) -> int:
    """Tell of the objects whose embargo ended lately, so that they count as readable online.

    Returns how many. To be found by their text they need nothing: that is judged by the day.
    """
    ended = DigitalObject.objects.published().filter(
        embargo_until__lt=today, embargo_until__gte=today - LOOKED_BACK
    )
    objects = list(ended.order_by("pk"))
    for obj in objects:
        tell(obj)
    return len(objects)
