"""What readers keep for themselves in the catalogue: lists of records, and searches."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron


class ReadingListQuerySet(models.QuerySet["ReadingList"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return one's own lists: what somebody wants to read is not for the staff to see."""
        if actor.everywhere:
            return self
        return self.filter(patron=actor.patron_id) if actor.patron_id else self.none()

    def for_account(self) -> Self:
        return self.annotate(size=Count("entries")).order_by("name", "pk")


class ReadingList(models.Model):
    """A reader's named list of records; with a `secret`, open to whoever has its link."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="reading_lists")
    name = models.CharField(_("name"), max_length=100)
    secret = models.CharField(max_length=43, null=True, blank=True, unique=True)
    created_at = models.DateTimeField()

    objects = ReadingListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patron", "name"], name="one_list_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ListEntry(models.Model):
    """A record on a list."""

    reading_list = models.ForeignKey(ReadingList, models.CASCADE, related_name="entries")
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading_list", "record"], name="once_on_a_list"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} on {self.reading_list_id}"


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return one's own searches, which nobody else may see."""
        if actor.everywhere:
            return self
        return self.filter(patron=actor.patron_id) if actor.patron_id else self.none()


class SavedSearch(models.Model):
    """A search that a reader keeps, and perhaps wants news of.

    `address` is the query string of the results' page, without page and order. `seen_up_to` is
    the highest id of a record that was told, or stood there when the search was saved.
    """

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(max_length=2000)
    is_alerting = models.BooleanField(default=False)
    seen_up_to = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patron", "address"], name="a_search_once"),
        ]
        indexes = [
            models.Index(
                fields=["looked_at"],
                condition=models.Q(is_alerting=True),
                name="searches_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name
