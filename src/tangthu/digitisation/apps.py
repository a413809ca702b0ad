from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DigitisationConfig(AppConfig):
    name = "tangthu.digitisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.catalogue import doors
        from tangthu.core import wording
        from tangthu.digitisation import doubtful, offers, progress
        from tangthu.digitisation.actions import copies, sheets
        from tangthu.digitisation.models.projects import STAFF
        from tangthu.digitisation.permissions import DigitisationPermission
        from tangthu.digitisation.wording import AUDIT, WORDING
        from tangthu.repository import beside, describing
        from tangthu.ui import navigation

        wording.register(WORDING)
        wording.register(AUDIT)
        doors.register(offers.door_of)
        describing.register("digitisation", sheets.told_of, sheets.keep_told)
        describing.register("copies", copies.told_of, copies.ask_as_told)
        beside.register(offers.pages_of)
        beside.register(offers.camera_of)
        beside.register(offers.sheet_of)
        beside.register(progress.beside)
        beside.register(doubtful.beside)
        navigation.register(
            navigation.Entry(
                url="/desk/digitisation/",
                label=_("Digitisation"),
                icon="printer",
                group=navigation.Group.DIGITAL,
                order=43,
                permissions=STAFF,
            ),
            navigation.Entry(
                url="/desk/digitisation/text/",
                label=_("Text recognition"),
                icon="body-text",
                group=navigation.Group.DIGITAL,
                order=44,
                permissions=(DigitisationPermission.RECOGNISE,),
            ),
            navigation.Entry(
                url="/desk/digitisation/correct/",
                label=_("Correct texts"),
                icon="spellcheck",
                group=navigation.Group.DIGITAL,
                order=45,
                permissions=(DigitisationPermission.CORRECT,),
                beside=("/desk/digitisation/volunteers/",),
            ),
        )
