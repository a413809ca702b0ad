"""Asking for the text of objects, and changing one's mind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Invalid
from tangthu.digitisation.errors import NothingToRecognise
from tangthu.digitisation.models.ocr import TextJob
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.recognition import OPEN, JobState, Priority
from tangthu.repository.actions.objects import lock
from tangthu.repository.models import DigitalFile, DigitalObject, Page, PageText
from tangthu.repository.policy.kinds import FileRole, ObjectKind, State
from tangthu.repository.policy.texts import TextOrigin

_BOOKS = frozenset({ObjectKind.EPUB, ObjectKind.DOCX})
_AT_ONCE = 1_000
NEW_OBJECTS_AT_ONCE = 50

Place = tuple[Page | None, DigitalFile | None, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the text is wanted. `again` reads anew what was read already, but for corrected text."""

    languages: str = ""
    priority: Priority = Priority.NORMAL
    again: bool = False


@transaction.atomic
def ask_for_text(obj: DigitalObject, wish: Wish, *, by: Actor) -> int:
    """Queue the pages of the object that have no text of the picture they show; say how many.

    Pages that wait already take the new languages and priority. Raises NothingToRecognise for an
    object without readable pages or files, ObjectWithdrawn, Invalid for unknown languages.
    """
    by.require(DigitisationPermission.RECOGNISE, at=obj.library_id)
    locked = lock(obj)
    languages = " ".join(wish.languages.split())[:60] or locked.languages
    if not all(code.isascii() and code.isalpha() for code in languages.split()):
        raise Invalid("languages")
    places = list(_places(locked))
    if not places:
        raise NothingToRecognise(object=locked.identifier)
    wanted = places if wish.again else list(_without_text(locked, places))
    count = _queue(locked, wanted, languages, wish.priority, by=by)
    if count:
        _told("text.asked_for", locked, by=by, after={"pages": count, "languages": languages})
    return count


@transaction.atomic
def put_first(obj: DigitalObject, priority: Priority, *, by: Actor) -> int:
    """Give the object's waiting pages another priority; say how many there were."""
    by.require(DigitisationPermission.RECOGNISE, at=obj.library_id)
    waiting = TextJob.objects.of_object(obj).filter(state=JobState.WAITING)
    return waiting.update(priority=priority)


@transaction.atomic
def cancel(obj: DigitalObject, *, by: Actor) -> int:
    """Take the object's pages out of the queue; what is being read now is thrown away."""
    by.require(DigitisationPermission.RECOGNISE, at=obj.library_id)
    count = (
        TextJob.objects.of_object(obj)
        .open()
        .update(state=JobState.CANCELLED, finished_at=timezone.now(), lease_until=None)
    )
    if count:
        _told("text.cancelled", obj, by=by, after={"pages": count})
    return count


@transaction.atomic
def retry_failed(obj: DigitalObject, *, by: Actor) -> int:
    """Queue again the pages of the object that failed; say how many."""
    by.require(DigitisationPermission.RECOGNISE, at=obj.library_id)
    failed = TextJob.objects.of_object(obj).filter(state=JobState.FAILED)
    count = failed.update(
        state=JobState.WAITING, attempts=0, fault="", next_try_at=timezone.now(), finished_at=None
    )
    if count:
        _told("text.asked_for", obj, by=by, after={"pages": count})
    return count


def queue_new_pages(*, now: datetime, by: Actor) -> int:
    """Queue, for when nothing else waits, drawn pages and new files that nobody asked about.

    Say how many pages. Each object is its own transaction, the newest first.
    """
    jobs = TextJob.objects.filter(page=OuterRef("pk"))
    texts = PageText.objects.filter(page=OuterRef("pk"))
    pages = Page.objects.ready().filter(~Exists(jobs), ~Exists(texts))
    files = DigitalFile.objects.current().filter(
        ~Exists(TextJob.objects.filter(file=OuterRef("pk"))),
        ~Exists(PageText.objects.filter(object=OuterRef("object"), page=None)),
        role=FileRole.ORIGINAL,
        object__kind__in=sorted(_BOOKS | {ObjectKind.PDF}),
    )
    fresh = Q(pk__in=pages.values("object")) | Q(pk__in=files.values("object"))
    objects = DigitalObject.objects.filter(fresh).exclude(state=State.WITHDRAWN)
    newest = list(objects.order_by("-id")[:NEW_OBJECTS_AT_ONCE])
    return sum(ask_for_text(obj, Wish(priority=Priority.IDLE), by=by) for obj in newest)


def _places(obj: DigitalObject) -> Iterator[Place]:
    """Yield all that has text of its own: drawn pages; of other objects the pages of files."""
    for page in obj.pages.ready().select_related("master").order_by("position"):
        yield page, None, 0
    if obj.kind not in _BOOKS | {ObjectKind.PDF}:
        return
    for file in DigitalFile.objects.current().filter(object=obj, role=FileRole.ORIGINAL):
        if obj.kind in _BOOKS:
            yield None, file, 0
        else:
            yield from ((None, file, number) for number in range(1, file.frames + 1))


def _without_text(obj: DigitalObject, places: Iterable[Place]) -> Iterator[Place]:
    texts = list(PageText.objects.of_object(obj).numbers())
    by_page = {text.page_id: text for text in texts if text.page_id is not None}
    numbers = {text.number for text in texts if text.page_id is None}
    for page, file, number in places:
        if page is not None:
            text = by_page.get(page.pk)
            if text is None or not text.fits(page):
                yield page, file, number
        elif not numbers or (number and number not in numbers):
            yield page, file, number


def _queue(
    obj: DigitalObject, places: list[Place], languages: str, priority: Priority, *, by: Actor
) -> int:
    now = timezone.now()
    jobs = list(TextJob.objects.select_for_update().of_object(obj))
    known = {(job.page_id, job.file_id, job.number): job for job in jobs}
    kept = _corrected(obj)
    fresh: list[TextJob] = []
    changed: list[TextJob] = []
    for page, file, number in places:
        if page is not None and page.pk in kept:
            continue
        key = (page.pk if page else None, file.pk if file else None, number)
        job = known.get(key) or TextJob(object=obj, page=page, file=file, number=number)
        job.languages, job.priority = languages, priority
        (changed if job.pk else fresh).append(job)
        if job.pk and job.state in OPEN:
            continue
        job.state, job.attempts, job.fault = JobState.WAITING, 0, ""
        job.next_try_at, job.asked_at, job.asked_by = now, now, by.name[:150]
        job.finished_at = None
    TextJob.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    names = [
        "languages", "priority", "state", "attempts", "fault",
        "next_try_at", "asked_at", "asked_by", "finished_at",
    ]  # fmt: skip
    TextJob.objects.bulk_update(changed, names, batch_size=200)
    return len(fresh) + len(changed)


def _corrected(obj: DigitalObject) -> frozenset[int | None]:
    """Return the pages whose text people corrected, and that show what these saw."""
    texts = PageText.objects.of_object(obj).filter(origin=TextOrigin.CORRECTED).numbers()
    return frozenset(
        text.page_id
        for text in texts.select_related("page")
        if text.page is not None and text.fits(text.page)
    )


def _told(action: str, obj: DigitalObject, *, by: Actor, after: dict[str, object]) -> None:
    audit.record(action, by=by, kind="object", key=obj.pk, library=obj.library_id, after=after)
