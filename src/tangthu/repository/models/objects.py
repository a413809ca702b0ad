from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from django.db import models
from django.db.models import Count, Prefetch, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.models.collections import Collection
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.access import LISTED, Terms
from tangthu.repository.policy.identifiers import LENGTH, new_identifier
from tangthu.repository.policy.kinds import (
    PRESERVED,
    Access,
    ObjectKind,
    Restriction,
    State,
)

KIND_LABELS: Mapping[str, Promise] = {
    ObjectKind.PAGE_IMAGES: _("Page images"),
    ObjectKind.PDF: _("PDF document"),
    ObjectKind.EPUB: _("E-book (EPUB)"),
    ObjectKind.DOCX: _("Word document"),
    ObjectKind.AUDIO: _("Recording"),
    ObjectKind.VIDEO: _("Video"),
    ObjectKind.DATA: _("Data"),
}
STATE_LABELS: Mapping[str, Promise] = {
    State.DRAFT: _("Draft"),
    State.PUBLISHED: _("Published to readers"),
    State.WITHDRAWN: _("Withdrawn from readers"),
}
ACCESS_LABELS: Mapping[str, Promise] = {
    Access.PUBLIC: _("Open to everybody"),
    Access.CARDHOLDERS: _("For readers with a valid card"),
    Access.ON_SITE: _("In the library only"),
    Access.STAFF: _("For staff only"),
    Access.ON_REQUEST: _("On request"),
    Access.LENT: _("To whoever has borrowed it"),
}
RESTRICTION_LABELS: Mapping[str, Promise] = {
    Restriction.NONE: _("None"),
    Restriction.COMMUNITY: _("Kept within the community it comes from"),
}


class DigitalObjectQuerySet(models.QuerySet["DigitalObject"]):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def unfinished(self) -> Self:
        """Return those with a page to draw, a recording to encode, or a file to archive."""
        unseen = Q(pages__delivery=None, pages__fault="", pages__master__isnull=False)
        unheard = Q(recordings__delivery=None, recordings__fault="")
        staged = Q(
            files__preserved_version=None,
            files__role__in=sorted(PRESERVED),
            files__replaced_at=None,
        )
        found = self.model.objects.filter(unseen | unheard | staged).values("pk")
        return self.filter(pk__in=found, state__in=[State.DRAFT, State.PUBLISHED])

    def visible_to(self, actor: Actor) -> Self:
        """Return what these eyes may find: its keepers everything, others what is published.

        To find an object is not to open it: that, `reading.may_see` says. What is for staff alone
        is found by staff alone.
        """
        if actor.everywhere:
            return self
        levels = (*LISTED, Access.STAFF) if actor.is_staff else LISTED
        published = Q(state=State.PUBLISHED, access__in=levels)
        kept = actor.libraries(RepositoryPermission.EDIT_OBJECTS)
        return self.filter(published | Q(library__in=kept) if kept else published)

    def kept_by(self, actor: Actor) -> Self:
        """Return the objects that the actor may edit."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(RepositoryPermission.EDIT_OBJECTS))

    def of_records(self, record_ids: Iterable[int]) -> Self:
        """Return the objects of these records, each once."""
        return self.filter(links__record__in=list(record_ids)).distinct()

    def in_collection(self, collection: Collection) -> Self:
        """Return the objects of the collection and of those below it, each once."""
        return self.filter(collections__path__startswith=collection.path).distinct()

    def for_list(self) -> Self:
        return (
            self.select_related("library")
            .prefetch_related(Prefetch("links", ObjectRecord.objects.order_by("position", "id")))
            .annotate(page_count=Count("pages", distinct=True))
        )


class DigitalObject(models.Model):
    """One digital document: what it is, whose it is, who may open it, and in which state it is."""

    identifier = models.CharField(
        max_length=LENGTH, unique=True, default=new_identifier, editable=False
    )
    title = models.CharField(_("title"), max_length=500)
    title_key = models.BinaryField(max_length=255, editable=False)
    folded_title = models.TextField(default="", editable=False)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=list(KIND_LABELS.items()))
    languages = models.CharField(_("languages"), max_length=60, blank=True)
    library = models.ForeignKey(Library, models.PROTECT, related_name="digital_objects")
    collections = models.ManyToManyField(Collection, related_name="digital_objects", blank=True)
    records = models.ManyToManyField(
        Record, through="repository.ObjectRecord", related_name="digital_objects"
    )
    rights = models.CharField(_("rights"), max_length=16, blank=True)
    rights_note = models.CharField(_("rights note"), max_length=500, blank=True)
    access = models.CharField(
        _("access"), max_length=12, choices=list(ACCESS_LABELS.items()), default=Access.STAFF
    )
    embargo_until = models.DateField(_("closed until"), null=True, blank=True)
    restriction = models.CharField(
        _("restriction"),
        max_length=12,
        choices=list(RESTRICTION_LABELS.items()),
        default=Restriction.NONE,
    )
    watermark = models.BooleanField(_("readers' names across the pages"), default=False)
    consent_note = models.TextField(_("consent"), blank=True)
    provenance = models.TextField(_("provenance"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=list(STATE_LABELS.items()), default=State.DRAFT
    )
    printed_pages = models.PositiveIntegerField(_("pages in print"), null=True, blank=True)
    preserved_version = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150, blank=True)
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = DigitalObjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("digital object")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | ~Q(rights=""),
                name="published_object_states_rights",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(STATE_LABELS)), name="object_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(access__in=list(ACCESS_LABELS)), name="object_access_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "title_key", "id"], name="object_by_title"),
            models.Index(fields=["library", "-id"], name="object_newest"),
            models.Index(fields=["updated_at", "id"], name="object_by_change"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> Terms:
        """What the object says of who may open it."""
        return Terms(
            state=self.state,
            access=self.access,
            restriction=self.restriction,
            embargo_until=self.embargo_until,
        )

    @property
    def language_codes(self) -> tuple[str, ...]:
        return tuple(self.languages.split())

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED


class ObjectRecord(models.Model):
    """That an object shows what a record describes; the first record is the one it is named by."""

    object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="links")
    record = models.ForeignKey(Record, models.PROTECT, related_name="digital_links")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["object", "record"], name="object_linked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} → {self.record_id}"
