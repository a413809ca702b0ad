from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tangthu.site"
    label = "tangthu_site"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.site import readers, receipts

        register(readers.WORDING)
        readers.start()
        receipts.start()
