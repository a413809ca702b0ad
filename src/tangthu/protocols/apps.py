from __future__ import annotations

from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "tangthu.protocols"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from tangthu.core import wording as sentences
        from tangthu.protocols import wording
        from tangthu.protocols.permissions import ProtocolPermission
        from tangthu.protocols.registering.known import names_elsewhere
        from tangthu.reading import citing, finding, inside
        from tangthu.ui import navigation

        sentences.register(wording.WORDING)
        sentences.register(wording.AUDIT)
        navigation.register(
            navigation.Entry(
                url="/desk/harvest/",
                label=_("Harvest"),
                icon="box-seam",
                group=navigation.Group.COLLECTION,
                order=37,
                permissions=(ProtocolPermission.HARVEST,),
            )
        )

        citing.register(names_elsewhere)
        inside.register(
            lambda obj: (
                reverse("iiif:search", args=[obj.identifier]) if finding.has_text(obj) else ""
            )
        )
