"""Bank files: what came in is entered where the reference leaves no doubt.

All else waits for a person. The same file, and the same line in another, pay nothing twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.fees import policy
from tangthu.fees.actions.paying import take
from tangthu.fees.actions.sessions import Till
from tangthu.fees.actions.transfers import enter
from tangthu.fees.bankfiles import read_rows
from tangthu.fees.errors import (
    BankFileUnreadable,
    BankLineDecided,
    ReasonMissing,
    SameBankFile,
    TransferNotOpen,
)
from tangthu.fees.models import (
    BankFile,
    BankLine,
    BankLineState,
    BankTransfer,
    Means,
    Receipt,
    TransferState,
)
from tangthu.fees.permissions import FeesPermission
from tangthu.fees.policy import Asked, Doubt, Incoming, WrongRow
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


def bring_in(raw: bytes, *, name: str, library: Library, by: Actor) -> BankFile:
    """Bring in a bank's list of transactions and enter the payments that were asked for.

    Raises SameBankFile for a file that came before, BankFileUnreadable for one without a table
    or beyond the limits; nothing is kept then. A line that cannot be read, or that leaves a
    doubt, is kept with its reason, and the rest goes on.
    """
    by.require(FeesPermission.READ_BANK, at=library.pk)
    try:
        found = list(policy.transfers(read_rows(raw, name=name)))
    except policy.NoTable:
        raise BankFileUnreadable("file", fault="no_table") from None
    return _enter(found, hashlib.sha256(raw).hexdigest(), name=name, library=library, by=by)


@transaction.atomic
def _enter(
    found: Sequence[Incoming | WrongRow], digest: str, *, name: str, library: Library, by: Actor
) -> BankFile:
    Library.objects.select_for_update(no_key=True).get(pk=library.pk)
    earlier = BankFile.objects.filter(library=library, digest=digest).first()
    if earlier is not None:
        raise SameBankFile(file=earlier.pk)
    file = BankFile.objects.create(
        library=library,
        name=name[:200],
        digest=digest,
        brought_at=timezone.now(),
        brought_by=by.name,
    )
    lines = _new_lines(found, file)
    asked = _asked_for([line.text for line in lines], library)
    for line in lines:
        _settle(line, asked, by=by)
    audit.record(
        "fees.bank_file",
        by=by,
        kind="bank_file",
        key=file.pk,
        library=library.pk,
        after={"name": file.name, "lines": len(lines), "repeated": file.repeated},
    )
    return file


@transaction.atomic
def match_line(line: BankLine, transfer: BankTransfer, *, by: Actor) -> Receipt:
    """Enter a waiting line as the transfer that a person has found it to be."""
    by.require(FeesPermission.READ_BANK, at=line.library_id)
    line = _locked(line)
    receipt = enter(transfer, amount=line.amount, by=by)
    line.transfer = transfer
    _pay(line, receipt, by=by)
    return receipt


@transaction.atomic
def credit_line(line: BankLine, patron: Patron, *, by: Actor) -> Receipt:
    """Enter a waiting line as money of a reader: their oldest fees first, the rest as credit."""
    by.require(FeesPermission.READ_BANK, at=line.library_id)
    line = _locked(line)
    receipt = take(
        patron,
        amount=line.amount,
        through=Till(library=line.library, means=Means.BANK),
        by=by,
        note=line.number,
        keep_rest=True,
    )
    _pay(line, receipt, by=by)
    return receipt


@transaction.atomic
def set_line_aside(line: BankLine, *, reason: str, by: Actor) -> BankLine:
    """Note that the money of a line is no reader's payment. Its words are forgotten."""
    by.require(FeesPermission.READ_BANK, at=line.library_id)
    if not reason.strip():
        raise ReasonMissing("reason")
    line = _locked(line)
    line.state, line.reason, line.decided_by = BankLineState.ASIDE, reason.strip()[:40], by.name
    line.text = ""
    line.save(update_fields=["state", "reason", "decided_by", "text"])
    _note("fees.bank_line_aside", line, by)
    return line


def forget_words(*, before: date) -> int:
    """Forget what banks wrote about transfers of before that day that are entered; count them."""
    old = BankLine.objects.filter(state=BankLineState.PAID, on__lt=before).exclude(text="")
    return old.update(text="")


def _new_lines(found: Sequence[Incoming | WrongRow], file: BankFile) -> list[BankLine]:
    """Keep the lines that no earlier file had; count those that one had."""
    seen: Counter[str] = Counter()
    wanted = [_line(each, file, seen) for each in found]
    known = set(
        BankLine.objects.filter(library=file.library)
        .exclude(state=BankLineState.WRONG)
        .filter(fingerprint__in=[line.fingerprint for line in wanted])
        .values_list("fingerprint", flat=True)
    )
    new = [line for line in wanted if line.fingerprint not in known]
    file.repeated = len(wanted) - len(new)
    file.save(update_fields=["repeated"])
    return BankLine.objects.bulk_create(new)


def _line(each: Incoming | WrongRow, file: BankFile, seen: Counter[str]) -> BankLine:
    line = BankLine(file=file, library=file.library, row=each.row)
    if isinstance(each, WrongRow):
        line.state, line.reason, line.text = BankLineState.WRONG, str(each.fault), each.value
        line.fingerprint = f"wrong-{file.pk}-{each.row}"
        return line
    line.state = BankLineState.WAITING
    line.on, line.amount, line.text, line.number = each.on, each.amount, each.text, each.number
    said = f"{each.on}|{each.amount}|{each.number}|{''.join(each.text.split())}"
    seen[said] += 1
    # Two lines may say the same of two transfers: the first of a file is the first of another.
    line.fingerprint = hashlib.sha256(f"{said}|{seen[said]}".encode()).hexdigest()
    return line


def _asked_for(texts: Sequence[str], library: Library) -> dict[str, Asked]:
    named = {reference for text in texts for reference in policy.references_in(text)}
    here = BankTransfer.objects.filter(library__in=Library.objects.under(library))
    return {
        each.reference: Asked(
            key=each.pk,
            reference=each.reference,
            amount=each.amount,
            is_open=each.state == TransferState.OPEN,
            is_paid=each.state == TransferState.PAID,
        )
        for each in here.filter(reference__in=named)
    }


def _settle(line: BankLine, asked: dict[str, Asked], *, by: Actor) -> None:
    """Enter the line if it is sure what it pays; else write down the doubt."""
    if line.state != BankLineState.WAITING:
        return
    match = policy.match(line.text, line.amount, asked)
    line.transfer_id, line.reason = match.asked, str(match.doubt or "")
    if match.is_sure and match.asked is not None:
        transfer = BankTransfer.objects.select_related("patron", "library").get(pk=match.asked)
        try:
            with transaction.atomic():
                receipt = enter(transfer, amount=line.amount, by=by)
        except TransferNotOpen:
            line.reason = Doubt.ALREADY_PAID
        except TangthuError as refused:
            line.reason = refused.code[:40]
        else:
            _pay(line, receipt, by=by)
            return
    line.save(update_fields=["transfer", "reason"])


def _pay(line: BankLine, receipt: Receipt, *, by: Actor) -> None:
    line.state, line.entry, line.reason = BankLineState.PAID, receipt.entry, ""
    line.decided_by = by.name
    line.save(update_fields=["state", "entry", "reason", "decided_by", "transfer"])
    _note("fees.bank_line_paid", line, by)


def _locked(line: BankLine) -> BankLine:
    rows = BankLine.objects.select_for_update(of=("self",)).select_related("library")
    line = rows.get(pk=line.pk)
    if line.state != BankLineState.WAITING:
        raise BankLineDecided(line=line.pk)
    return line


def _note(action: str, line: BankLine, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="bank_line",
        key=line.pk,
        library=line.library_id,
        after={"amount": line.amount, "entry": line.entry_id},
    )
