"""What every correction does in the end: the text is kept, and what stood before is written down.

Whoever corrects locks the object's row first, then the text's: so two who correct one page at once
come one after the other, and the second sees what the first did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.digitisation.actions.correction.overtaken import follow_text
from tangthu.digitisation.errors import PictureChanged
from tangthu.digitisation.models import Correction, How, WordTask
from tangthu.digitisation.policy.changes import Change, changes_between
from tangthu.formats.alto import Layout
from tangthu.repository.actions.objects import lock
from tangthu.repository.actions.texts import keep_text
from tangthu.repository.models import DigitalObject, Page, PageText
from tangthu.repository.policy.texts import TextOrigin

BY_HAND = "manual"


@dataclass(frozen=True, slots=True)
class Held:
    """A page whose object and text are locked until the transaction ends."""

    obj: DigitalObject
    page: Page
    text: PageText | None
    layout: Layout

    @property
    def revision(self) -> int:
        """Return the revision of the text; 0 while there is none."""
        return self.text.revision if self.text else 0


def hold(page: Page) -> Held:
    """Lock the page's object and text. Raises ObjectWithdrawn, PictureChanged."""
    obj = lock(page.object)
    row = Page.objects.select_related("object__library").get(pk=page.pk)
    text = PageText.objects.select_for_update(of=("self",)).filter(page=row).first()
    if text is not None and not text.fits(row):
        raise PictureChanged(page=row.identifier)
    layout = text.layout() if text else Layout(row.width or 0, row.height or 0)
    if not layout.width or not layout.height:
        layout = Layout(row.width or 1, row.height or 1, layout.blocks)
    return Held(obj, row, text, layout)


def keep(
    held: Held, after: Layout, *, how: How, by: Actor, task: WordTask | None = None
) -> PageText | None:
    """Keep the page's text and the history of it. Where nothing changed, nothing is written."""
    changes = changes_between(held.layout, after)
    if not changes:
        return held.text
    kept = keep_text(
        held.page,
        after,
        origin=TextOrigin.CORRECTED,
        engine=held.text.engine if held.text else BY_HAND,
        revision=held.revision,
        # The right to correct is asked for by the deed; the text itself is the repository's.
        by=Actor.machine(by.name, face=by.face, library_id=by.library_id),
    )
    _write_down(kept, changes, how=how, by=by, task=task)
    follow_text(kept, but=task)
    audit.record(
        "text.corrected",
        by=by,
        kind="object",
        key=held.obj.pk,
        library=held.obj.library_id,
        after={"page": held.page.shown_label, "how": str(how), "changes": len(changes)},
    )
    return kept


def _write_down(
    text: PageText, changes: Sequence[Change], *, how: How, by: Actor, task: WordTask | None
) -> None:
    now = timezone.now()
    Correction.objects.bulk_create(
        Correction(
            object_id=text.object_id,
            text=text,
            revision=text.revision,
            how=how,
            before=" ".join(word.text for word in change.before)[:1000],
            after=" ".join(word.text for word in change.after)[:1000],
            words=Correction.kept(change),
            task=task,
            user_id=by.user_id,
            by=by.name[:150],
            at=now,
        )
        for change in changes
    )
