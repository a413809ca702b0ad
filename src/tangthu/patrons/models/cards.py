from __future__ import annotations

from django.db import models

from tangthu.patrons.models.patron import Patron


class FormerCard(models.Model):
    """A card number that a patron had before. It is never given again."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="former_cards")
    card = models.CharField(max_length=40, unique=True)
    was_lost = models.BooleanField(default=True)
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.card


class CardSeries(models.Model):
    """How far the running numbers of cards with one beginning have come."""

    prefix = models.CharField(max_length=20, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix} {self.last}"
