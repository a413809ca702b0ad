"""Having pages looked at by the machine, and saying what its findings are worth."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.digitisation.models import Finding, FindingState, PageMeasure
from tangthu.digitisation.policy.pagechecks import Measured, Seen, flaws
from tangthu.repository import storage
from tangthu.repository.errors import FileRefused
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.renderer import LimitedProgram

MEASURING = "tangthu.digitisation.measuring"


def look_at_pages(obj: DigitalObject) -> int:
    """Measure the pages that were drawn since, and note their flaws; return how many were measured.

    May be begun again at any time. What a person said of a flaw stays as long as the page does.
    """
    count = 0
    with LimitedProgram(MEASURING) as program:
        for page in obj.pages.ready().select_related("delivery", "measure").order_by("position"):
            count += _measure(page, program)
    note_flaws(obj)
    return count


@transaction.atomic
def note_flaws(obj: DigitalObject) -> list[Finding]:
    """Compare the measures of an object's pages, and keep what is to be shown to a checker.

    Flaws that are gone are forgotten; one on a page that was drawn anew is open again.
    """
    DigitalObject.objects.select_for_update(no_key=True).get(pk=obj.pk)
    pages = list(obj.pages.select_related("measure").order_by("position"))
    seen = flaws([_measured(page) for page in pages])
    kept = {(row.page_id, row.kind): row for row in Finding.objects.of_object(obj)}
    found = [
        _note(pages[each.at], each, kept.pop((pages[each.at].pk, each.flaw), None)) for each in seen
    ]
    Finding.objects.filter(pk__in=[row.pk for row in kept.values()]).delete()
    return found


@transaction.atomic
def judge_flaw(finding: Finding, state: FindingState, *, by: Actor) -> Finding:
    """Say that a flaw is to be mended, or that the page is all right as it is."""
    by.require(RepositoryPermission.EDIT_OBJECTS, at=finding.page.object.library_id)
    row = Finding.objects.select_for_update(of=("self",), no_key=True).get(pk=finding.pk)
    before = {"state": row.state}
    row.state, row.decided_at, row.decided_by = state, timezone.now(), by.name
    row.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record(
        "digitisation.flaw_judged",
        by=by,
        kind="object",
        key=finding.page.object_id,
        library=finding.page.object.library_id,
        before=before | {"page": finding.page.position, "flaw": row.kind},
        after={"state": row.state, "page": finding.page.position, "flaw": row.kind},
    )
    return row


def judge_flaws(findings: Iterable[Finding], state: FindingState, *, by: Actor) -> list[Finding]:
    """Say the same of several flaws."""
    with transaction.atomic():
        return [judge_flaw(each, state, by=by) for each in findings]


def _measure(page: Page, program: LimitedProgram) -> int:
    kept = getattr(page, "measure", None)
    if page.delivery is None or (kept is not None and kept.delivery == page.delivery_id):
        return 0
    try:
        told = program.ask({"deed": "measure", "path": str(storage.path_of(page.delivery))})
    except FileRefused:
        # It was drawn by us: what cannot be read of it is told by the check of kept files.
        return 0
    _keep(page, page.delivery, told)
    return 1


def _keep(page: Page, delivery: DigitalFile, told: dict[str, object]) -> None:
    if not Page.objects.filter(pk=page.pk, delivery=delivery).exists():
        return
    values = {name: told[name] for name in _MEASURES} | {
        "delivery": delivery.pk,
        "width": page.width or 0,
        "height": page.height or 0,
        "measured_at": timezone.now(),
    }
    PageMeasure.objects.update_or_create(page=page, defaults=values)


_MEASURES = ("ink", "sharpness", "skew", "brightness", "dark_edge", "cut", "look")


def _measured(page: Page) -> Measured | None:
    row = getattr(page, "measure", None)
    if row is None or row.delivery != page.delivery_id:
        return None
    return Measured(
        ink=row.ink,
        sharpness=row.sharpness,
        skew=row.skew,
        brightness=row.brightness,
        dark_edge=row.dark_edge,
        cut=row.cut,
        look=int(row.look, 16),
        width=row.width,
        height=row.height,
        label=page.label,
    )


def _note(page: Page, seen: Seen, kept: Finding | None) -> Finding:
    if kept is None:
        kept = Finding(page=page, kind=seen.flaw, found_at=timezone.now())
    elif kept.delivery != page.delivery_id or kept.detail != seen.detail:
        kept.state, kept.decided_at, kept.decided_by = FindingState.OPEN, None, ""
        kept.found_at = timezone.now()
    kept.delivery = page.delivery_id or 0
    kept.measure, kept.threshold, kept.detail = seen.measure, seen.limit, seen.detail
    kept.save()
    return kept
