from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tangthu.site"
    label = "tangthu_site"

    def ready(self) -> None:
        from tangthu.core.wording import register
        from tangthu.reading.views import data, documents, recordings
        from tangthu.site import readers, receipts, stacks

        register(readers.WORDING)
        data.register_readers()
        documents.register_readers()
        recordings.register_readers()
        readers.start()
        receipts.start()
        stacks.start()
