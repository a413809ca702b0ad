from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tangthu.repository.models.objects import DigitalObject
from tangthu.repository.policy.identifiers import LENGTH, new_identifier
from tangthu.repository.policy.numbering import after_the_word
from tangthu.repository.policy.outlines import WHOLE, Outline, outline_of


class PageQuerySet(models.QuerySet["Page"]):
    def with_files(self) -> Self:
        """Return the pages in order, with the files they are shown and kept in: one query."""
        return self.select_related("delivery", "master").order_by("position")

    def ready(self) -> Self:
        return self.exclude(delivery=None)

    def undrawable(self) -> Self:
        """Return the pages that cannot be shown, in order, with the masters that are at fault."""
        return self.exclude(fault="").select_related("master").order_by("position")

    def waiting(self) -> Self:
        """Return the pages of which readers cannot be shown anything yet."""
        return self.filter(delivery=None, fault="")


class Page(models.Model):
    """One side of a document, in its place. `frame` is which picture or sheet of the master it is.

    Width and height are those of the delivery, which shows what lies within the `outline` of that
    picture (none: all of it), turned by `rotation` (clockwise).
    """

    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="pages")
    identifier = models.CharField(
        max_length=LENGTH, unique=True, default=new_identifier, editable=False
    )
    position = models.IntegerField()
    label = models.CharField(_("label"), max_length=40, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    rotation = models.PositiveSmallIntegerField(default=0)
    frame = models.PositiveIntegerField(default=0)
    outline = models.JSONField(null=True)
    master = models.ForeignKey(
        "repository.DigitalFile", models.PROTECT, null=True, related_name="pages_from"
    )
    delivery = models.OneToOneField(
        "repository.DigitalFile", models.PROTECT, null=True, related_name="page_shown"
    )
    fault = models.CharField(max_length=40, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["object", "position"], name="one_page_per_position"),
            models.CheckConstraint(
                condition=models.Q(rotation__in=[0, 90, 180, 270]), name="page_turned_by_quarters"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_label

    @property
    def corners(self) -> Outline:
        """The corners of what it shows of its master."""
        return outline_of(self.outline) if self.outline else WHOLE

    @property
    def shown_label(self) -> str:
        """The label printed on the page, or its number in the object."""
        return self.label or str(self.position)

    @property
    def said_label(self) -> str:
        """The same label after the word for page, which it may begin with itself."""
        return after_the_word(self.shown_label)

    @property
    def is_ready(self) -> bool:
        return self.delivery_id is not None


class Section(models.Model):
    """A line of the table of contents: where a part begins, and how deep it stands."""

    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="sections")
    title = models.CharField(_("title"), max_length=300)
    first_page = models.ForeignKey(Page, models.CASCADE, related_name="sections")
    level = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title
