from __future__ import annotations

from django.apps import AppConfig


class CirculationConfig(AppConfig):
    name = "tangthu.circulation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.circulation.menu import ENTRIES
        from tangthu.ui import navigation

        _speak()
        _guard_the_stock()
        _answer_for_readers()
        navigation.register(*ENTRIES)


def _speak() -> None:
    """Give the house the sentences of circulation."""
    from tangthu.circulation import wording
    from tangthu.core.wording import register

    register(wording.WORDING)
    register(wording.AUDIT)


def _guard_the_stock() -> None:
    """Let no copy leave the register while a reader has it or is promised it."""
    from tangthu.catalogue import scans
    from tangthu.catalogue.guards import register_against_withdrawal
    from tangthu.circulation.guards import (
        refuse_while_kept_for_a_hold,
        refuse_while_on_loan,
        refuse_while_set_aside,
        without_what_is_out,
    )

    register_against_withdrawal(refuse_while_on_loan)
    register_against_withdrawal(refuse_while_set_aside)
    register_against_withdrawal(refuse_while_kept_for_a_hold)
    scans.register_sieve(without_what_is_out)


def _answer_for_readers() -> None:
    """Say what is kept on a reader, and which notices have lost their reason."""
    from tangthu.circulation.reader_holds import HOLDER
    from tangthu.circulation.reminding import REMINDERS, outdated, slips_outdated
    from tangthu.notices import checks
    from tangthu.notices.kinds import NoticeKind
    from tangthu.patrons import holders

    checks.register(REMINDERS, outdated)
    checks.register([NoticeKind.LOAN_SLIP], slips_outdated)
    holders.register(HOLDER)
