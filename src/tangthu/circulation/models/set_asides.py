from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item
from tangthu.patrons.models import Patron


class SetAsidePurpose(models.TextChoices):
    DELIVERY = "delivery", _("Home delivery")


class SetAside(models.Model):
    """A copy kept back for one reader on its way to them: nobody else is lent it meanwhile.

    The row stands only as long as that is so. There can be one per copy.
    """

    item = models.OneToOneField(Item, models.PROTECT, related_name="set_aside")
    patron = models.ForeignKey(Patron, models.PROTECT, related_name="set_asides")
    purpose = models.CharField(max_length=20, choices=SetAsidePurpose.choices)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("copy set aside")

    def __str__(self) -> str:
        return f"{self.item_id} for {self.patron_id}"
