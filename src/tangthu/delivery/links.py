"""The carrier's secret link: the run and its nonce, signed; the database alone cannot make one."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from tangthu.delivery.errors import RunClosed
from tangthu.delivery.models import Run

_SIGNER = Signer(salt="delivery.run")


def key_of(run: Run) -> str:
    """Return the key of the carrier's link to this run."""
    return _SIGNER.sign(f"{run.pk}.{run.nonce}")


def run_of(key: str) -> Run:
    """Return the run that the key opens. Raises RunClosed for a wrong, former or ended one."""
    try:
        pk, _dot, nonce = _SIGNER.unsign(key).partition(".")
    except BadSignature:
        raise RunClosed from None
    runs = Run.objects.under_way(timezone.now()).select_related("carrier", "library")
    run = runs.filter(pk=int(pk), nonce=nonce).first()
    if run is None:
        raise RunClosed
    return run
