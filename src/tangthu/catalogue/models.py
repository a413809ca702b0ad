from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue import barcodes
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library, Location


class RecordQuerySet(models.QuerySet["Record"]):
    def public(self) -> Self:
        return self.filter(suppressed=False)

    def visible_to(self, actor: Actor) -> Self:
        """Return what these eyes may see: staff see suppressed records, the public does not."""
        return self if actor.is_staff else self.public()

    def without_marc(self) -> Self:
        """Leave the MARC text in the database: lists draw their columns without it."""
        return self.defer("marc")


class Record(models.Model):
    """A bibliographic record. `marc` is the truth; the columns are drawn from it for lists."""

    marc = models.TextField()
    version = models.PositiveIntegerField(default=1)
    library = models.ForeignKey(Library, models.PROTECT, related_name="records")
    suppressed = models.BooleanField(_("hidden from the public"), default=False)
    control_number = models.CharField(max_length=60, blank=True)
    control_agency = models.CharField(max_length=60, blank=True)
    title = models.TextField(blank=True)
    title_key = models.BinaryField(max_length=255)
    responsibility = models.TextField(blank=True)
    author = models.TextField(blank=True)
    author_key = models.BinaryField(max_length=255)
    publisher = models.TextField(blank=True)
    year = models.SmallIntegerField(null=True)
    language = models.CharField(max_length=8, blank=True)
    material_type = models.CharField(max_length=20, blank=True)
    isbn = models.CharField(max_length=20, blank=True)
    issn = models.CharField(max_length=20, blank=True)
    call_number = models.CharField(max_length=100, blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("bibliographic record")
        indexes = [
            models.Index(fields=["title_key", "id"], name="record_by_title"),
            models.Index(fields=["updated_at", "id"], name="record_by_change"),
            models.Index(fields=["library", "title_key", "id"], name="record_by_library"),
            models.Index(fields=["library", "updated_at", "id"], name="record_library_change"),
        ]

    def __str__(self) -> str:
        return self.title


class RecordVersion(models.Model):
    """A record as it was before a change."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    marc = models.TextField()
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="one_row_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} v{self.number}"


class ColumnToDraw(models.Model):
    """A column that came with an update, and how far the records stored before it have got it.

    `position` is the key of the last record looked at, `last` that of the last one to look at;
    the row goes when all is done.
    """

    column = models.CharField(max_length=60, unique=True)
    position = models.BigIntegerField(default=0)
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.column} {self.position}/{self.last}"


class MatchKey(models.Model):
    """A key under which a record is found again: 003|001, ISBN, ISSN, title+author+year."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="match_keys")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "kind", "record"], name="match_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class ItemType(models.Model):
    """What a copy is, for the lending rules: book, newspaper, disc, map and so on."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=100)
    loanable = models.BooleanField(_("may be lent"), default=True)

    class Meta:
        verbose_name = _("item type")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ItemStatus(models.TextChoices):
    """The copy's own state. That it is on loan is known from the open loan, not from here."""

    AVAILABLE = "available", _("Available")
    IN_PROCESSING = "in_processing", _("Being processed")
    ON_SITE_ONLY = "on_site_only", _("Read on site only")
    DAMAGED = "damaged", _("Damaged")
    LOST = "lost", _("Lost")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LENT_AS_SCAN = "lent_as_scan", _("Lent as a scan")
    IN_DIGITISATION = "in_digitisation", _("Being digitised")


class ItemQuerySet(models.QuerySet["Item"]):
    def in_stock(self) -> Self:
        return self.exclude(status=ItemStatus.WITHDRAWN)

    def public(self) -> Self:
        return self.in_stock().filter(record__suppressed=False)

    def by_barcode(self, text: str) -> Self:
        """Return the copy with this barcode, typed or scanned in any case and spacing."""
        return self.filter(barcode=barcodes.normal(text))

    def for_list(self) -> Self:
        return self.select_related("library", "location", "item_type").order_by(
            "library__path", "accession_number", "id"
        )


class Item(models.Model):
    """A physical copy. Its barcode is stored in capitals without spaces."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="items")
    library = models.ForeignKey(Library, models.PROTECT, related_name="items")
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="items")
    accession_number = models.CharField(_("accession number"), max_length=40)
    barcode = models.CharField(_("barcode"), max_length=60, unique=True)
    item_type = models.ForeignKey(ItemType, models.PROTECT, related_name="items")
    status = models.CharField(
        max_length=20, choices=ItemStatus.choices, default=ItemStatus.AVAILABLE
    )
    call_number = models.CharField(_("call number"), max_length=100, blank=True)
    price = models.PositiveBigIntegerField(_("price"), null=True, blank=True)  # whole đồng
    materials = models.CharField(_("loose parts"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    accessioned_on = models.DateField(_("entered in the register on"))
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        constraints = [
            models.UniqueConstraint(
                fields=["library", "accession_number"], name="accession_number_in_library"
            ),
            models.CheckConstraint(condition=~Q(barcode=""), name="item_has_a_barcode"),
        ]
        indexes = [models.Index(fields=["accession_number"], name="item_by_accession")]

    def __str__(self) -> str:
        return self.barcode


class AccessionSeries(models.Model):
    """The last accession number given under a prefix of a library. Numbers are never reused."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="accession_series")
    prefix = models.CharField(max_length=30, blank=True)
    last = models.PositiveBigIntegerField(default=0)
    width = models.PositiveSmallIntegerField(default=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["library", "prefix"], name="one_series_per_prefix"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"


class ImportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Stopped half way; can go on")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class OnDuplicate(models.TextChoices):
    SKIP = "skip", _("Skip: keep what is there")
    REPLACE = "replace", _("Replace the description")
    MERGE = "merge", _("Merge: fill what is missing")
    ADD = "add", _("Add as a further record")


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the jobs of the libraries into which the actor may import."""
        if actor.everywhere:
            return self
        return self.filter(library__in=actor.libraries(CataloguePermission.IMPORT_RECORDS))

    def open(self) -> Self:
        """Return the jobs that run, wait, or may go on."""
        return self.filter(state__in=OPEN_STATES)


OPEN_STATES = (ImportState.WAITING, ImportState.RUNNING, ImportState.PAUSED)


class ImportJob(models.Model):
    """The import of one file: how far it has come, and what became of its records.

    `position` is the byte after the last record dealt with, so that a job cut off goes on there.
    A running job is held by one process, which shows by `beat_at` that it lives.
    """

    library = models.ForeignKey(Library, models.PROTECT, related_name="import_jobs")
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64)
    file_size = models.PositiveBigIntegerField()
    stored_file = models.CharField(max_length=300, blank=True)
    on_duplicate = models.CharField(max_length=10, choices=OnDuplicate.choices)
    item_profile = models.CharField(max_length=30, blank=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.WAITING
    )
    position = models.PositiveBigIntegerField(default=0)
    resumed_from = models.PositiveBigIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    items_added = models.PositiveIntegerField(default=0)
    items_skipped = models.PositiveIntegerField(default=0)
    repaired = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)
    user_id = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    held_by = models.CharField(max_length=100, blank=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["library", "file_digest"],
                condition=Q(state__in=["waiting", "running", "paused"], dry_run=False),
                name="one_open_import_per_file",
            ),
            models.CheckConstraint(
                condition=Q(read=F("imported") + F("merged") + F("skipped") + F("rejected")),
                name="import_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_stored(self) -> bool:
        """Whether the job has a row; a trial run at the command line has none."""
        return not self._state.adding


class NoteKind(models.TextChoices):
    REJECTED = "rejected", _("Rejected")
    REPAIRED = "repaired", _("Repaired")
    SKIPPED = "skipped", _("Already there")
    DOUBTFUL = "doubtful", _("Doubtful")
    ITEM = "item", _("Copy not added")


class ImportNote(models.Model):
    """What was rejected, repaired or found doubtful in a file, with its position.

    A rejected record's bytes are kept, so that it can be mended and imported again.
    """

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="notes")
    index = models.PositiveIntegerField()
    offset = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=NoteKind.choices)
    reason = models.CharField(max_length=60)
    detail = models.CharField(max_length=300, blank=True)
    raw = models.BinaryField(null=True)
    record = models.ForeignKey(Record, models.SET_NULL, null=True)

    class Meta:
        ordering = ["index", "id"]

    def __str__(self) -> str:
        return f"{self.index}: {self.reason}"
