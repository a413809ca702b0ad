"""`tangthu doctor`: check that everything works, and say what to do where it does not."""

from __future__ import annotations

import os

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from tangthu.site import health
from tangthu.site.checks import Check, State

MARKS = {State.WELL: "✓", State.WARNING: "!", State.BROKEN: "✗"}


class Command(BaseCommand):
    help = "Check that everything works, and say what to do where it does not."
    requires_system_checks = ()

    def handle(self, **_options: object) -> None:
        with translation.override(language()):
            broken = sum(not self.tell(check) for check in health.every())
            self.stdout.write(_("%(count)s broken") % {"count": broken} if broken else _("Well."))
        if broken:
            raise SystemExit(1)

    def tell(self, check: Check) -> bool:
        """Write how a thing is, and what to do about it; return whether it is not broken."""
        self.stdout.write(f"{MARKS[check.state]} {health.TITLES[check.name]}: {check.seen}")
        if check.state is not State.WELL and check.advice:
            self.stdout.write(f"    → {check.advice}")
        return check.ok


def language() -> str:
    """Return Vietnamese where the terminal speaks it, else English."""
    spoken = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "vi" if spoken.lower().startswith("vi") else "en"
