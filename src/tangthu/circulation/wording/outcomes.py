"""What the desk hears after a deed: one sentence, its reasons, a sound, and what may come next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tangthu.catalogue.models import Item
from tangthu.circulation.actions import CheckinResult
from tangthu.circulation.desk import Mode
from tangthu.circulation.models import Hold, Loan
from tangthu.circulation.permissions import CirculationPermission, to_waive
from tangthu.circulation.policy import Blocked, Verdict
from tangthu.circulation.wording.lending import notes, reasons, remarks
from tangthu.core.actor import Actor
from tangthu.patrons.models import Patron
from tangthu.ui.templatetags.ui import dong, gio, ngay


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The last message of the desk. `waivable` are the blocks that this person may override.

    `slip` is the address of the paper that goes with the copy.
    """

    kind: str
    title: str
    text: str = ""
    items: list[str] = field(default_factory=list)
    sound: str = ""
    waivable: str = ""
    retry: str = ""
    loan_url: str = ""
    slip: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the desk's input asks for next, and the word on its button."""

    placeholder: str
    label: str


def prompt_for(mode: Mode, patron: Patron | None) -> Prompt:
    """Return the words of the input: what a scan does now."""
    if mode is Mode.RETURN:
        return Prompt(_("Scan a book that comes back"), _("Take back"))
    if mode is Mode.RENEW:
        return Prompt(_("Scan a book to renew"), _("Renew"))
    if mode is Mode.ON_SITE:
        return _prompt_on_site(patron)
    if patron is not None:
        return Prompt(_("Scan a book to lend"), _("Lend"))
    return Prompt(_("Scan a card, or type a name"), _("Find"))


def _prompt_on_site(patron: Patron | None) -> Prompt:
    if patron is not None:
        return Prompt(_("Scan a book to read here"), _("Give out"))
    return Prompt(_("Scan a card, or a book left on a table"), _("Count"))


def lent(loan: Loan) -> Outcome:
    return Outcome(
        kind="success",
        title=_("Lent: due %(day)s") % {"day": due(loan)},
        text=loan.item.record.title,
        items=remarks(loan.remarks),
        sound="done",
    )


def given_on_site(loan: Loan) -> Outcome:
    return Outcome(
        kind="success",
        title=_("Given out to read here, until %(time)s") % {"time": gio(loan.due_at)},
        text=loan.item.record.title,
        sound="done",
    )


def used(item: Item) -> Outcome:
    title = _("Counted: used in the room")
    return Outcome(kind="success", title=title, text=item.record.title, sound="done")


def renewed(loan: Loan) -> Outcome:
    return Outcome(
        kind="success",
        title=_("Renewed: due %(day)s") % {"day": due(loan)},
        text=loan.item.record.title,
        items=remarks(loan.remarks),
        sound="done",
    )


def renewed_all(done: int, refused: list[str]) -> Outcome:
    title = ngettext("%(count)s loan renewed", "%(count)s loans renewed", done) % {"count": done}
    kind = "warn" if refused else "success"
    return Outcome(kind=kind, title=title, items=refused, sound="stopped" if refused else "done")


def returned(result: CheckinResult, item: Item, patron: Patron | None) -> Outcome:
    """Say that the copy is back, from whom, and where it goes now."""
    said = notes(result.notices)
    if result.loan is None:
        title, kind = _("It was not on loan"), "info"
    else:
        title, kind = _("Returned"), "success"
        if patron is not None:
            said.insert(0, _("Reader: %(name)s") % {"name": patron.name})
    said.extend(_consequences(result))
    known = result.loan is not None and result.loan.patron_id is not None
    loan_url = reverse("circulation:loan", args=[result.loan.pk]) if result.loan and known else ""
    whole = Outcome(
        kind=kind,
        title=title,
        text=item.record.title,
        items=said,
        sound="done",
        loan_url=loan_url,
    )
    return _on_its_way(result, whole)


def _consequences(result: CheckinResult) -> list[str]:
    """Say what lateness cost, and that a loss was undone."""
    said = []
    if result.lateness.fee.amount:
        said.append(_("Charged for lateness: %(sum)s.") % {"sum": dong(result.lateness.fee)})
    if result.lateness.suspension is not None:
        until = {"day": ngay(result.lateness.suspension.until)}
        said.append(_("Late: nothing is lent to the reader until %(day)s.") % until)
    if result.found is not None:
        said.append(_("What was charged for its loss was settled by the rules."))
    return said


def _on_its_way(result: CheckinResult, back: Outcome) -> Outcome:
    """Say first, and aloud, that the copy must not go to the shelf, and where it goes instead."""
    said = [*([back.title] if result.loan is not None else []), *back.items]
    if result.transfer is not None:
        library = result.transfer.destination.name
        title = _("Send it to %(library)s") % {"library": library}
        slip = reverse("circulation:transfer_slip", args=[result.transfer.pk])
    elif result.hold is not None:
        title = _("Keep it for %(name)s") % {"name": _reader_of(result.hold)}
        slip = reverse("circulation:hold_slip", args=[result.hold.pk])
        if result.hold.shelf_until:
            until = {"day": ngay(result.hold.shelf_until)}
            said.insert(0, _("On the hold shelf until %(day)s.") % until)
    else:
        return back
    return replace(back, kind="warn", title=title, items=said, sound="stopped", slip=slip)


def _reader_of(hold: Hold) -> str:
    return f"{hold.patron.name} ({hold.patron.card})" if hold.patron else ""


def refused(verdict: Verdict, *, title: str, barcode: str, by: Actor) -> Outcome:
    """Say every reason; offer the override where all of them may be waived by this person."""
    waivable = all(may_waive(block, by) for block in verdict.blocks)
    return Outcome(
        kind="stop",
        title=title,
        items=reasons(verdict.blocks),
        sound="stopped",
        waivable=",".join(verdict.codes) if waivable else "",
        retry=barcode,
    )


def stopped(title: str, text: str = "") -> Outcome:
    return Outcome(kind="stop", title=title, text=text, sound="stopped")


def due(loan: Loan) -> str:
    """Return the due day, with the hour where it is not the end of the day."""
    whole = gio(loan.due_at)
    return ngay(loan.due_at) if whole.startswith("23:59") else whole


def may_waive(block: Blocked, by: Actor) -> bool:
    """Tell whether this person may go on in spite of the block."""
    permission = to_waive(block.permission)
    return permission is not None and by.may(permission, at=by.library_id)


def may_override(by: Actor) -> bool:
    return by.may(CirculationPermission.OVERRIDE, at=by.library_id)
