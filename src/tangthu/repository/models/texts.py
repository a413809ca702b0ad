from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.formats.alto import Layout, unpack
from tangthu.repository.models.objects import DigitalObject
from tangthu.repository.models.pages import Page
from tangthu.repository.policy.texts import TextOrigin

ORIGIN_LABELS: Mapping[str, Promise] = {
    TextOrigin.MACHINE: _("Recognised by machine"),
    TextOrigin.CORRECTED: _("Corrected by people"),
    TextOrigin.BORN_DIGITAL: _("From the file itself"),
}


class PageTextQuerySet(models.QuerySet["PageText"]):
    def of_object(self, obj: DigitalObject) -> Self:
        """Return the texts of an object in the order of its pages, then of its units."""
        return self.filter(object=obj).order_by("page__position", "number")

    def of_units(self, obj: DigitalObject) -> Self:
        """Return the texts of a document without page images that hold a word."""
        return self.filter(object=obj, page=None, words__gt=0)

    def with_pages(self) -> Self:
        return self.select_related("page", "object")

    def without_layout(self) -> Self:
        """Leave the boxes in the database, for those who want the words or the numbers alone."""
        return self.defer("alto")

    def numbers(self) -> Self:
        """Leave the text there too."""
        return self.defer("alto", "plain")

    def to_archive(self) -> Self:
        """Return the texts that the archive does not hold as they are now."""
        return self.filter(is_archived=False)


class PageText(models.Model):
    """The text of a page of images, or of a numbered unit of another document.

    A unit is a PDF's page, a chapter of an EPUB or DOCX, a caption: `number` orders units,
    `locator` says where it is within its file. `alto` holds the layout packed (`layout()`), `plain`
    the same words in NFC. `read_master`, `read_rotation` and `read_outline` are the picture that
    was read: once the page shows another one, the boxes do not fit (`fits`).
    """

    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="texts")
    page = models.OneToOneField(Page, models.CASCADE, null=True, related_name="text")
    number = models.PositiveIntegerField(null=True)
    locator = models.CharField(max_length=300, blank=True)
    alto = models.BinaryField()
    plain = models.TextField(blank=True)
    languages = models.CharField(max_length=60, blank=True)
    words = models.PositiveIntegerField(default=0)
    doubtful = models.PositiveIntegerField(default=0)
    confidence = models.FloatField(null=True)
    origin = models.CharField(max_length=12, choices=list(ORIGIN_LABELS.items()))
    engine = models.CharField(max_length=100, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150, blank=True)
    read_master = models.BigIntegerField(null=True)
    read_rotation = models.PositiveSmallIntegerField(default=0)
    read_outline = models.JSONField(null=True)
    is_archived = models.BooleanField(default=False)

    objects = PageTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a page")
        constraints = [
            models.CheckConstraint(
                condition=Q(page__isnull=False, number=None) | Q(page=None, number__isnull=False),
                name="text_of_a_page_or_a_unit",
            ),
            models.UniqueConstraint(
                fields=["object", "number"],
                condition=Q(page=None),
                name="one_text_per_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["object", "changed_at"], name="text_by_change"),
            models.Index(
                fields=["changed_at"], condition=Q(is_archived=False), name="text_to_archive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_id}/{self.page_id or self.number}"

    def layout(self) -> Layout:
        """Return the words with their boxes."""
        return unpack(bytes(self.alto))

    def fits(self, page: Page) -> bool:
        """Tell whether the boxes are those of the picture that the page shows now."""
        read = (self.read_master, self.read_rotation, self.read_outline)
        return read == (page.master_id, page.rotation, page.outline)
