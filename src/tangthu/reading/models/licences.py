"""What the library may lend of its digital objects, to how many, until when; and by which rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.policy.licences import LicenceFacts, LicenceState, Protection
from tangthu.repository.models import DigitalObject

STATE_LABELS: Mapping[str, Promise] = {
    LicenceState.ACTIVE: _("Lent"),
    LicenceState.STOPPED: _("Stopped"),
}
PROTECTION_LABELS: Mapping[str, Promise] = {
    Protection.NONE: _("None"),
    Protection.WATERMARK: _("A visible mark with the reader's name"),
    Protection.LCP: _("LCP, by an external licence server"),
}


class LicenceQuerySet(models.QuerySet["Licence"]):
    def of_objects(self, object_ids: Iterable[int]) -> Self:
        return self.filter(object__in=list(object_ids))

    def in_force(self, now: datetime) -> Self:
        """Return the licences that may be lent at that moment, whoever asks."""
        begun = Q(begins_at=None) | Q(begins_at__lte=now)
        lasting = Q(expires_at=None) | Q(expires_at__gt=now)
        left = Q(loans_left=None) | Q(loans_left__gt=0)
        return self.filter(begun, lasting, left, state=LicenceState.ACTIVE)

    def visible_to(self, actor: Actor) -> Self:
        """Return the licences of the libraries at which the actor deals with them."""
        if actor.everywhere:
            return self
        allowed = actor.libraries(ReadingPermission.LICENCES) | actor.libraries(
            ReadingPermission.USAGE
        )
        return self.filter(library__in=allowed)

    def for_list(self) -> Self:
        return (
            self.select_related("object", "library")
            .annotate(loans_made=Count("loans"))
            .order_by("-id")
        )


class Licence(models.Model):
    """A right to lend an object: for so many at once, until a day, so many times, or for ever.

    `library` may lend it to its own readers and to those of the libraries below it. `by_copies` is
    a scan of the library's own, lent no more often than those libraries hold printed copies.
    """

    object = models.ForeignKey(DigitalObject, models.PROTECT, related_name="licences")
    library = models.ForeignKey(Library, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=list(STATE_LABELS.items()), default=LicenceState.ACTIVE
    )
    by_copies = models.BooleanField(_("within the number of printed copies"), default=False)
    at_once = models.PositiveSmallIntegerField(_("loans at once"), null=True, blank=True)
    begins_at = models.DateTimeField(_("in force from"), null=True, blank=True)
    expires_at = models.DateTimeField(_("in force until"), null=True, blank=True)
    loans_bought = models.PositiveIntegerField(_("loans in all"), null=True, blank=True)
    loans_left = models.PositiveIntegerField(null=True, blank=True)
    protection = models.CharField(
        max_length=10, choices=list(PROTECTION_LABELS.items()), default=Protection.NONE
    )
    downloads = models.BooleanField(_("the file may be downloaded"), default=False)
    content_id = models.CharField(_("name at the licence server"), max_length=100, blank=True)
    source = models.CharField(_("bought from"), max_length=200, blank=True)
    number = models.CharField(_("number of the contract"), max_length=100, blank=True)
    price = models.PositiveBigIntegerField(_("price"), null=True, blank=True)  # whole đồng
    bought_on = models.DateField(_("bought on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    loans_made: int
    """How many loans were made on it; there only where `for_list` asked."""

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at_once=None) | Q(at_once__gt=0), name="licence_lends_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(loans_left=None, loans_bought=None)
                | Q(loans_left__lte=F("loans_bought")),
                name="licence_has_no_more_left_than_bought",
            ),
            models.CheckConstraint(
                condition=Q(by_copies=False) | Q(at_once=None, loans_bought=None),
                name="copies_bound_their_scan_alone",
            ),
            models.UniqueConstraint(
                fields=["object"],
                condition=Q(by_copies=True, state="active"),
                name="copies_of_an_object_counted_once",
            ),
        ]
        indexes = [models.Index(fields=["object", "state"], name="licence_of_object")]

    def __str__(self) -> str:
        return f"{self.object_id} #{self.pk}"

    def facts(
        self, *, out: int, kept: int = 0, copies: int = 0, serves: bool = True
    ) -> LicenceFacts:
        """Return the licence as the rules see it: how many have it, and for how many it is kept.

        `copies` are those that are free in print.
        """
        return LicenceFacts(
            key=self.pk,
            state=self.state,
            begins_at=self.begins_at,
            expires_at=self.expires_at,
            left=None if self.loans_left is None else max(0, self.loans_left - kept),
            at_once=out + kept + copies if self.by_copies else self.at_once,
            out=out + kept,
            by_copies=self.by_copies,
            serves=serves,
        )


class DigitalRule(models.Model):
    """How many electronic loans and holds, for how long: by a library, for a category or for all.

    A value left open is the one of the library above, or the default; below zero is "no limit".
    """

    library = models.ForeignKey(Library, models.CASCADE, related_name="digital_rules")
    category = models.ForeignKey(PatronCategory, models.CASCADE, null=True, blank=True)
    loans = models.SmallIntegerField(_("loans at once"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("days of a loan"), null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(_("renewals"), null=True, blank=True)
    holds = models.SmallIntegerField(_("holds at once"), null=True, blank=True)
    ready_days = models.PositiveSmallIntegerField(
        _("days for which a copy is kept"), null=True, blank=True
    )
    max_debt = models.BigIntegerField(_("debt above which nothing is lent"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "category"], name="one_digital_rule_per_category"
            ),
            models.UniqueConstraint(
                fields=["library"], condition=Q(category=None), name="one_digital_rule_for_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.category_id or '*'}"


class StandIn(models.Model):
    """That a printed copy stays in, because its scan is lent or kept for a reader: one at a time.

    `state_before` is what the copy was until then, and will be again.
    """

    item = models.OneToOneField(Item, models.PROTECT, related_name="stands_in")
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="stand_ins")
    state_before = models.CharField(max_length=20)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item_id}"
