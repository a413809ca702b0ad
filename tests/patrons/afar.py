"""Applications as people send them, for the tests."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from PIL import Image

from tangthu.core.actor import NOBODY
from tangthu.libraries.models import Library
from tangthu.patrons.actions import applying
from tangthu.patrons.actions.applying import AboutYou, HowToReach
from tangthu.patrons.models import Application, PatronCategory
from tangthu.patrons.policy.applying import Purpose

NUMBER = "066301001234"


def picture(width: int = 600, height: int = 800, kind: str = "JPEG", **options: object) -> bytes:
    """Return a picture with a face's colours on the left and a wall's on the right."""
    image = Image.new("RGB", (width, height), (200, 180, 160))
    image.paste((120, 80, 60), (0, 0, width // 2, height))
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def begun(**about: object) -> tuple[Application, str]:
    told = {"name": "Nguyễn Thị Mẫu", "birth_on": date(2001, 9, 5), "address": "12 Lê Duẩn"}
    told |= {"citizen_number": NUMBER} | about
    return applying.begin_application(AboutYou(**told), address="203.0.113.7", language="vi")


def reach(library: Library, category: PatronCategory, **others: object) -> HowToReach:
    told = {"phone": "0905 123 456", "email": "mau@example.org"} | others
    return HowToReach(library=library, category=category, **told)


def sent(library: Library, category: PatronCategory, **about: object) -> Application:
    """Return an application that waits for the staff."""
    application, _code = begun(**about)
    applying.save_reach(application, reach(library, category))
    applying.save_consents(application, [Purpose.CARD, Purpose.REMINDERS], language="vi")
    return applying.send_application(application, by=NOBODY)
