from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.notices.kinds import CHANNEL_LABELS, KIND_LABELS, TOPIC_LABELS
from tangthu.notices.permissions import NoticesPermission
from tangthu.notices.policy import Channel, Topic
from tangthu.patrons.models import Patron

CHANNELS = [(channel.value, label) for channel, label in CHANNEL_LABELS.items()]
KINDS = [(kind.value, label) for kind, label in KIND_LABELS.items()]
TOPICS = [(topic.value, label) for topic, label in TOPIC_LABELS.items()]


class NoticeState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Will be tried again")
    GIVEN_UP = "given_up", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


WAITING = (NoticeState.PENDING, NoticeState.FAILED)
"""The states of a notice that a worker may take."""


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> Self:
        """Return the notices of the libraries whose outbox the actor may see, and one's own."""
        if actor.everywhere:
            return self
        own = Q(patron=actor.patron_id) if actor.patron_id else Q(pk=None)
        return self.filter(Q(library__in=actor.libraries(NoticesPermission.SEE_NOTICES)) | own)

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)

    def due(self, channel: Channel, now: datetime) -> Self:
        """Return what may go by the channel now, in the order in which it became due."""
        ready = self.waiting().filter(channel=channel, next_at__lte=now)
        return ready.order_by("next_at", "id")

    def abandoned(self, now: datetime) -> Self:
        """Return what a worker took and never spoke of again."""
        return self.filter(state=NoticeState.SENDING, leased_until__lt=now)

    def letters(self) -> Self:
        """Return the letters that wait to be printed, as they are sorted for the post."""
        rows = self.waiting().filter(channel=Channel.LETTER)
        return rows.select_related("patron", "library").order_by("patron__address", "reader", "id")

    def for_outbox(self) -> Self:
        rows = self.select_related("patron", "library", "instead_of")
        return rows.prefetch_related("followed_by").order_by("-id")


class Notice(models.Model):
    """One line of the outbox: something to tell one reader by one channel.

    What another channel did not take is told by a row that stands `instead_of` the first. A
    `fleeting` one is for somebody who is forgotten: nothing of them is left once it is finished.

    What is finished has no `next_at`: the index of what is due then stays as small as that is.
    (SQLite does not use an index whose condition compares with a value that the query binds.)
    """

    kind = models.CharField(max_length=30, choices=KINDS)
    source = models.CharField(max_length=120)
    reader = models.CharField(max_length=80)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    patron = models.ForeignKey(Patron, models.CASCADE, null=True, related_name="notices")
    library = models.ForeignKey(Library, models.PROTECT, related_name="notices")
    language = models.CharField(max_length=10)
    to_name = models.CharField(max_length=150, blank=True)
    to_address = models.CharField(max_length=300, blank=True)
    values = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True, editable=False)
    urgent = models.BooleanField(default=False)
    digest = models.BooleanField(default=False)
    fleeting = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=NoticeState.choices, default=NoticeState.PENDING
    )
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_with = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="carries", db_index=False
    )
    receipt = models.CharField(max_length=200, blank=True)
    instead_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="followed_by", db_index=False
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "reader", "channel"], name="notice_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "urgent", "next_at", "id"],
                condition=Q(next_at__isnull=False),
                name="notice_next",
            ),
            models.Index(
                fields=["leased_until"],
                condition=Q(leased_until__isnull=False),
                name="notice_lease",
            ),
            models.Index(fields=["reader", "channel", "id"], name="notice_reader"),
            models.Index(fields=["library", "-id"], name="notice_library"),
            models.Index(
                fields=["instead_of"],
                condition=Q(instead_of__isnull=False),
                name="notice_instead",
            ),
            models.Index(fields=["created_at"], name="notice_created"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source} by {self.channel}"


class ChoiceMode(models.TextChoices):
    NOW = "now", _("At once")
    DIGEST = "digest", _("Once a day, together")


class ChoiceQuerySet(models.QuerySet["Choice"]):
    def in_force(self) -> Self:
        return self.filter(withdrawn_at=None)

    def for_topic(self, topic: Topic) -> Self:
        return self.in_force().filter(topic=topic)


class Choice(models.Model):
    """A reader's consent to a topic by a channel, with the words agreed to; or its withdrawal.

    Rows are never changed back: who agrees again gets a new one. A row that was refused from the
    beginning (`agreed_at` is null) says no to what would be sent without asking.
    """

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="notice_choices")
    topic = models.CharField(max_length=20, choices=TOPICS)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    mode = models.CharField(max_length=10, choices=ChoiceMode.choices, default=ChoiceMode.NOW)
    language = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_face = models.CharField(max_length=20, blank=True)
    agreed_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_face = models.CharField(max_length=20, blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of notices")
        constraints = [
            models.UniqueConstraint(
                fields=["patron", "topic", "channel"],
                condition=Q(withdrawn_at=None),
                name="one_choice_in_force",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=False) | Q(withdrawn_at__isnull=False),
                name="choice_in_force_was_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patron_id} {self.topic} by {self.channel}"


class Template(models.Model):
    """A library's own text for a kind, a channel and a language. Those below inherit it."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="notice_templates")
    kind = models.CharField(max_length=30, choices=KINDS)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"))
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)
    broken_at = models.DateTimeField(null=True)
    broken_why = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("notice text")
        constraints = [
            models.UniqueConstraint(
                fields=["library", "kind", "channel", "language"], name="one_text_per_library"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.kind} by {self.channel} in {self.language}"


class PushSubscription(models.Model):
    """A reader's browser that may be told (RFC 8030), and its keys (RFC 8291)."""

    patron = models.ForeignKey(Patron, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"browser of {self.patron_id}"


class ChannelState(models.Model):
    """How a channel fares: what it has sent in this minute and day, and until when it rests."""

    channel = models.CharField(max_length=10, choices=CHANNELS, unique=True)
    minute = models.DateTimeField(null=True)
    minute_used = models.PositiveIntegerField(default=0)
    day = models.DateField(null=True)
    day_used = models.PositiveIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)
    succeeded_at = models.DateTimeField(null=True)
    secret = models.BinaryField(null=True, editable=False)
    secret_until = models.DateTimeField(null=True)
    secret_leased_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.channel

    def is_resting(self, now: datetime) -> bool:
        return self.resting_until is not None and self.resting_until > now
