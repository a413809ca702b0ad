from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PatronCategory(models.Model):
    """A kind of reader (loại bạn đọc)."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=100)
    minimum_age = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    card_months = models.PositiveSmallIntegerField(_("months a card is valid"), default=12)
    needs_guardian = models.BooleanField(_("needs a guardian"), default=False)

    class Meta:
        verbose_name = _("patron category")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
