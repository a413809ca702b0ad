"""Having files made of an object's text, and keeping them until the text is another."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.digitisation.copies.reading import book_of, text_of
from tangthu.digitisation.copies.searchable import write_pdf
from tangthu.digitisation.copies.source import Source, source_of
from tangthu.digitisation.models import CopyState, Form, TextCopy
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.repository import storage
from tangthu.repository.actions.rows import Measured, add_row
from tangthu.repository.models import DigitalFile, DigitalObject, PageText
from tangthu.repository.news import tell
from tangthu.repository.policy.content import EPUB, PDF
from tangthu.repository.policy.kinds import FileRole, State
from tangthu.repository.policy.names import safe_name

PLAIN = "text/plain"
MAKER = "tangthu"
SUFFIXES = {Form.PDF: ".pdf", Form.EPUB: ".epub", Form.TEXT: ".txt"}
TYPES = {Form.PDF: PDF, Form.EPUB: EPUB, Form.TEXT: PLAIN}
# Who corrects goes on correcting: copies are made anew once nobody has for so long.
SETTLED_AFTER = timedelta(minutes=15)


class CopyFailed(Exception):
    """A copy cannot be made; `fault` names why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@transaction.atomic
def ask_for_copies(
    obj: DigitalObject, forms: Sequence[Form] = tuple(Form), *, by: Actor
) -> list[TextCopy]:
    """Note that these files are wanted of an object; the worker makes them. May be asked again."""
    by.require(DigitisationPermission.CORRECT, at=obj.library_id)
    told = {"state": CopyState.WAITING, "asked_at": timezone.now(), "fault": ""}
    rows = [
        TextCopy.objects.update_or_create(object=obj, form=form, defaults=told)[0] for form in forms
    ]
    audit.record(
        "text.copies_asked",
        by=by,
        kind="object",
        key=obj.pk,
        library=obj.library_id,
        after={"forms": [str(form) for form in forms]},
    )
    return rows


def told_of(obj: DigitalObject) -> dict[str, object]:
    """Return which files are wanted of the object's text, for the description in the archive."""
    forms = TextCopy.objects.filter(object=obj).order_by("form").values_list("form", flat=True)
    return {"forms": list(forms)} if forms else {}


def ask_as_told(obj: DigitalObject, told: object, by: Actor) -> None:
    """Want the files again that an archive or a bag tells of; they are made of the text."""
    forms = told.get("forms") if isinstance(told, Mapping) else None
    known = [form for form in Form if isinstance(forms, list) and form in forms]
    if known and by.may(DigitisationPermission.CORRECT, at=obj.library_id):
        ask_for_copies(obj, known, by=by)


def make_copies(obj: DigitalObject) -> int:
    """Make the object's files that are wanted and not there as they should be; say how many.

    Holds the object against another worker. May be begun again at any time; readers are given
    what there was until the new file is whole.
    """
    made = 0
    with storage.held(f"copies-{obj.identifier}"):
        source = source_of(obj)
        for copy in TextCopy.objects.filter(object=obj).order_by("form"):
            if copy.made_of != source.mark or copy.file_id is None:
                made += _make(copy, source)
            elif copy.state != CopyState.READY:
                TextCopy.objects.filter(pk=copy.pk).update(state=CopyState.READY, fault="")
    return made


def remake_stale(*, now: datetime) -> int:
    """Make anew what was made of a text that has since been changed and has come to rest."""
    changed = PageText.objects.filter(object__text_copies__isnull=False)
    busy = changed.filter(changed_at__gte=now - SETTLED_AFTER).values("object")
    rows = DigitalObject.objects.filter(text_copies__isnull=False).exclude(pk__in=busy)
    return sum(make_copies(obj) for obj in rows.exclude(state=State.WITHDRAWN).distinct())


def _make(copy: TextCopy, source: Source) -> int:
    stored = storage.new_delivery(source.obj.identifier, SUFFIXES[Form(copy.form)])
    target = storage.file_path(stored)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(Form(copy.form), source, target)
        _keep(copy, source, stored)
    except CopyFailed as failed:
        _fail(copy, failed.fault, stored)
        return 0
    except OSError as error:
        _fail(copy, "disk_full" if error.errno == errno.ENOSPC else "damaged", stored)
        return 0
    except BaseException:
        storage.forget(stored)
        raise
    return 1


def _write(form: Form, source: Source, target: Path) -> None:
    if not source.pages:
        raise CopyFailed("no_pages")
    if not source.texts:
        raise CopyFailed("no_text")
    if form == Form.PDF:
        _draw(source, target)
    else:
        target.write_bytes(book_of(source) if form == Form.EPUB else text_of(source))


def _draw(source: Source, target: Path) -> None:
    import pyvips

    try:
        write_pdf(source, target)
    except pyvips.Error as error:
        raise CopyFailed("damaged") from error


@transaction.atomic
def _keep(copy: TextCopy, source: Source, stored: str) -> None:
    """Let the file take the place of the one before, which the nightly sweep removes."""
    locked = TextCopy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    now, form = timezone.now(), Form(copy.form)
    written = Measured(
        stored=stored,
        name=safe_name(f"{source.obj.title[:80]}{SUFFIXES[form]}"),
        media_type=TYPES[form],
        digests=storage.settled(stored),
        frames=len(source.pages),
    )
    file = add_row(source.obj, written, role=FileRole.DELIVERY, by=MAKER)
    DigitalFile.objects.filter(pk=locked.file_id or 0).update(replaced_at=now)
    locked.file, locked.made_of, locked.made_at = file, source.mark, now
    locked.state, locked.fault = CopyState.READY, ""
    locked.save(update_fields=["file", "made_of", "made_at", "state", "fault"])
    tell(source.obj)


def _fail(copy: TextCopy, fault: str, stored: str) -> None:
    storage.forget(stored)
    TextCopy.objects.filter(pk=copy.pk).update(state=CopyState.FAILED, fault=fault)
