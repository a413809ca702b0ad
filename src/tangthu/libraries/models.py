from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LibraryKind(models.TextChoices):
    NETWORK = "network", _("Library network")
    PROVINCE = "province", _("Provincial library")
    DISTRICT = "district", _("District library (former)")
    WARD = "ward", _("Commune or ward library")
    SCHOOL = "school", _("School library")
    BOOK_ROOM = "book_room", _("Community book room")
    POST_OFFICE = "post_office", _("Post-office culture point")
    PRISON = "prison", _("Prison library")
    MOBILE = "mobile", _("Mobile library")


def chain_of(path: str) -> tuple[int, ...]:
    """Return the ids on a path such as `/1/5/12/`, from the library up to the root."""
    return tuple(int(part) for part in reversed(path.strip("/").split("/")) if part)


class LibraryQuerySet(models.QuerySet["Library"]):
    def living(self, on: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
        )

    def under(self, library: Library) -> Self:
        """Return the library and all that stand below it in the tree."""
        return self.filter(path__startswith=library.path)

    def in_tree_order(self) -> Self:
        return self.order_by("path")


class Library(models.Model):
    """A node of the tree. `path` holds the ids from the root down to itself: `/1/5/12/`."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=LibraryKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=255, db_index=True, editable=False)
    ward_code = models.CharField(_("ward code"), max_length=10, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("library")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="library_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(valid_to=None),
                name="library_successor_needs_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> tuple[int, ...]:
        """The ids from this library up to the root: the order in which it inherits."""
        return chain_of(self.path)

    @property
    def depth(self) -> int:
        return len(self.chain) - 1

    def is_living(self, on: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or self.valid_to >= on)


class StackAccess(models.TextChoices):
    OPEN = "open", _("Open stack")
    CLOSED = "closed", _("Closed stack")


class Location(models.Model):
    """A stack (kho) of a library."""

    library = models.ForeignKey(Library, models.PROTECT, related_name="locations")
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=120)
    access = models.CharField(
        _("access"), max_length=10, choices=StackAccess.choices, default=StackAccess.OPEN
    )
    on_site_only = models.BooleanField(_("read on site only"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("location")
        ordering = ["library__path", "code"]
        constraints = [
            models.UniqueConstraint(fields=["library", "code"], name="location_code_in_library"),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarKind(models.TextChoices):
    WEEKLY = "weekly", _("Every week")
    YEARLY = "yearly", _("Every year")
    SINGLE = "single", _("One day")
    REOPENED = "reopened", _("Open after all")


class CalendarEntry(models.Model):
    """A rule of closing, or a day that opens in spite of one. Libraries below inherit it."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="calendar_entries")
    kind = models.CharField(_("kind"), max_length=10, choices=CalendarKind.choices)
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True)  # Monday is 0
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(_("day"), null=True, blank=True)
    on = models.DateField(_("date"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("calendar entry")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind="weekly", weekday__range=(0, 6), month=None, day=None, on=None)
                    | Q(
                        kind="yearly",
                        weekday=None,
                        month__range=(1, 12),
                        day__range=(1, 31),
                        on=None,
                    )
                    | Q(
                        kind__in=["single", "reopened"],
                        weekday=None,
                        month=None,
                        day=None,
                        on__isnull=False,
                    )
                ),
                name="calendar_entry_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.kind} {self.note}"


class PreferenceValue(models.Model):
    """A preference that a library sets for itself and those below it."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="preference_values")
    name = models.CharField(max_length=60)
    value = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "name"], name="one_value_per_preference"),
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
