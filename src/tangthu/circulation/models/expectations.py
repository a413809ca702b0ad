"""What a library expects of its lending rules."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tangthu.libraries.models import Library


class Expectation(models.Model):
    """A sentence that must stay true of a library's rules, whoever changes them."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="lending_expectations")
    sentence = models.CharField(_("sentence"), max_length=300)
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("expectation")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["library", "sentence"], name="expectation_once"),
        ]

    def __str__(self) -> str:
        return self.sentence
