from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tangthu.site"
    label = "tangthu_site"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.reading.views import documents, recordings
        from tangthu.site import readers, receipts, stacks

        register(readers.WORDING)
        documents.register_readers()
        recordings.register_readers()
        readers.start()
        receipts.start()
        stacks.start()
