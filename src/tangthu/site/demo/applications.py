"""People of the demo who applied for a card from home and wait for the library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from tangthu.core.actor import NOBODY
from tangthu.libraries.models import Library
from tangthu.patrons.actions import applying
from tangthu.patrons.actions.applying import AboutYou, HowToReach
from tangthu.patrons.models import Application, PatronCategory
from tangthu.patrons.policy.applying import Purpose
from tangthu.site.demo.words import MARK

WAITING = (
    ("Nguyễn Thị Xuân Demo", date(1998, 4, 12), "12 đường Mẫu, phường Tân Lập", "adult", ""),
    ("Y Thih Demo Niê", date(2008, 9, 2), "Buôn Mẫu, xã Ea Kao", "student", ""),
    ("Trần Bảo Nhi Demo", date(2017, 6, 1), "Thôn Mẫu, xã Hòa Phú", "child", "Trần Văn Cha Demo"),
)
"""Name, date of birth, address, kind of card, guardian. All invented."""


@transaction.atomic
def applications(tree: Mapping[str, Library]) -> None:
    """Send the applications, unless there are some already."""
    if Application.objects.exists():
        return
    categories = {category.code: category for category in PatronCategory.objects.all()}
    for number, (name, born, address, category, guardian) in enumerate(WAITING):
        about = AboutYou(name=name, birth_on=born, address=f"{MARK} {address}")
        application, _code = applying.begin_application(about, address=None, language="vi")
        reach = HowToReach(
            library=tree["DLK"],
            category=categories[category],
            phone=f"09000012{number:02}",
            guardian_name=guardian,
            guardian_phone="0900001299" if guardian else "",
        )
        applying.save_reach(application, reach)
        agreed = [Purpose.CARD, Purpose.REMINDERS]
        applying.save_consents(application, agreed, language="vi")
        applying.send_application(application, by=NOBODY)
