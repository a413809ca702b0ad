"""Marked copies of borrowed files: made once a loan by the limited program, gone with the loan."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from tangthu.libraries.reading import network
from tangthu.reading.models import DigitalLoan
from tangthu.reading.policy.protection import hidden_mark, loan_in, visible_mark
from tangthu.reading.refusals import CopyNotMade
from tangthu.reading.stamping import MARKED, SECONDS, Order
from tangthu.repository import storage
from tangthu.repository.models import DigitalFile

FOLDER = "lent"
VERSION = 1
"""Of the way copies are marked: another one marks them anew."""

NAMES = "copy_mark_names"
"""The preference that says whom a mark names."""


def words_for(loan: DigitalLoan) -> str:
    """Return what is written on every page of the copies of this loan."""
    moment = f"{timezone.localtime(loan.borrowed_at):%d/%m/%Y %H:%M}"
    patron = loan.patron
    if patron is None:
        return moment
    names = str(network().preference(patron.library.chain, NAMES))
    return visible_mark(names, name=patron.name, card=patron.card, moment=moment)


def words_of_loan(loan_id: int) -> str:
    """Return the words for the copies of the loan of this number; empty for no loan."""
    loan = DigitalLoan.objects.filter(pk=loan_id).select_related("patron__library").first()
    return words_for(loan) if loan else ""


def is_marked(file: DigitalFile) -> bool:
    """Tell whether files of this form can be marked."""
    return file.media_type in MARKED


def marked_copy(file: DigitalFile, loan_id: int) -> Path:
    """Return the path of the loan's own copy of the file, made now where it was not yet.

    Raises CopyNotMade where none can be made, and where the loan has ended: its copies are still
    there until they are tidied up.
    """
    loans = DigitalLoan.objects.live(timezone.now()).select_related("patron__library")
    loan = loans.filter(pk=loan_id).first()
    if loan is None:
        raise CopyNotMade(file=file.identifier)
    kept = _folder() / str(loan_id) / f"{file.sha256}.{VERSION}"
    if kept.exists():
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=kept.parent) as beside:
        made = Path(beside) / "copy"
        _make(file, loan, made)
        made.replace(kept)
    return kept


def _make(file: DigitalFile, loan: DigitalLoan, made: Path) -> None:
    order: Order = {
        "source": str(storage.path_of(file)),
        "target": str(made),
        "media_type": file.media_type,
        "words": words_for(loan),
        "mark": hidden_mark(loan.pk, secret=_secret()),
    }
    if _run(order) is None or not made.exists():
        raise CopyNotMade(file=file.identifier)


def _run(order: Order) -> bytes | None:
    """Let the limited program do it; return what it wrote, nothing where it could not."""
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "tangthu.reading.stamping"],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return ended.stdout if ended.returncode == 0 else None


def loan_of_copy(path: Path) -> int | None:
    """Return the number of the loan that a copy found somewhere was made for; None if of none."""
    order: Order = {"source": str(path), "target": "", "media_type": "", "words": "", "mark": ""}
    marks = _run(order)
    if marks is None:
        return None
    told = (loan_in(marks, secret=secret) for secret in _secrets())
    return next((loan for loan in told if loan is not None), None)


def forget_copies(*, now: datetime) -> int:
    """Remove the copies of loans that have ended; return of how many."""
    if not _folder().exists():
        return 0
    folders = {int(each.name): each for each in _folder().iterdir() if each.name.isdecimal()}
    live = DigitalLoan.objects.live(now).filter(pk__in=list(folders))
    ended = folders.keys() - set(live.values_list("pk", flat=True))
    for key in ended:
        shutil.rmtree(folders[key], ignore_errors=True)
    return len(ended)


def _folder() -> Path:
    return storage.file_path(f"{storage.DELIVERY}/{FOLDER}")


def _secret() -> bytes:
    return str(settings.SECRET_KEY).encode()


def _secrets() -> list[bytes]:
    return [str(each).encode() for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
