from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DigitisationConfig(AppConfig):
    name = "tangthu.digitisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tangthu.core import wording
        from tangthu.digitisation import doubtful, progress
        from tangthu.digitisation.permissions import DigitisationPermission
        from tangthu.digitisation.wording import AUDIT, WORDING
        from tangthu.repository import beside
        from tangthu.ui import navigation

        wording.register(WORDING)
        wording.register(AUDIT)
        beside.register(progress.beside)
        beside.register(doubtful.beside)
        navigation.register(
            navigation.Entry(
                url="/desk/digitisation/text/",
                label=_("Text recognition"),
                icon="body-text",
                group=navigation.Group.DIGITAL,
                order=50,
                permissions=(DigitisationPermission.RECOGNISE,),
            ),
            navigation.Entry(
                url="/desk/digitisation/correct/",
                label=_("Correct texts"),
                icon="spellcheck",
                group=navigation.Group.DIGITAL,
                order=51,
                permissions=(DigitisationPermission.CORRECT,),
            ),
        )
