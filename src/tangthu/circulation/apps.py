from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CirculationConfig(AppConfig):
    name = "tangthu.circulation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.catalogue.guards import register_against_withdrawal
        from tangthu.circulation import wording
        from tangthu.circulation.guards import (
            refuse_while_kept_for_a_hold,
            refuse_while_on_loan,
            refuse_while_set_aside,
        )
        from tangthu.circulation.permissions import CirculationPermission
        from tangthu.circulation.reader_holds import HOLDER
        from tangthu.circulation.reminding import REMINDERS, outdated, slips_outdated
        from tangthu.core.wording import register
        from tangthu.notices import checks
        from tangthu.notices.kinds import NoticeKind
        from tangthu.patrons import holders
        from tangthu.ui import navigation

        register(wording.WORDING)
        register(wording.AUDIT)
        checks.register(REMINDERS, outdated)
        checks.register([NoticeKind.LOAN_SLIP], slips_outdated)
        holders.register(HOLDER)
        register_against_withdrawal(refuse_while_on_loan)
        register_against_withdrawal(refuse_while_set_aside)
        register_against_withdrawal(refuse_while_kept_for_a_hold)
        navigation.register(
            navigation.Entry(
                url="/desk/",
                label=_("Circulation desk"),
                icon="arrow-left-right",
                group=navigation.Group.CIRCULATION,
                pinned=True,
                order=10,
                permissions=(CirculationPermission.LEND,),
            ),
            navigation.Entry(
                url="/desk/holds/",
                label=_("Holds"),
                icon="bookmark",
                group=navigation.Group.CIRCULATION,
                order=12,
                permissions=(CirculationPermission.LEND,),
            ),
            navigation.Entry(
                url="/desk/transfers/",
                label=_("Transports"),
                icon="truck",
                group=navigation.Group.CIRCULATION,
                order=14,
                permissions=(CirculationPermission.LEND,),
            ),
            navigation.Entry(
                url="/desk/harms/",
                label=_("Lost and damaged"),
                icon="bandaid",
                group=navigation.Group.CIRCULATION,
                order=16,
                permissions=(CirculationPermission.LEND,),
            ),
            navigation.Entry(
                url="/desk/rules/",
                label=_("Lending rules"),
                icon="journal-check",
                group=navigation.Group.ADMINISTRATION,
                order=70,
                permissions=(CirculationPermission.MANAGE_RULES,),
            ),
            navigation.Entry(
                url="/desk/stations/",
                label=_("Self-service stations"),
                icon="display",
                group=navigation.Group.CIRCULATION,
                order=75,
                permissions=(CirculationPermission.OPEN_STATIONS,),
            ),
        )
