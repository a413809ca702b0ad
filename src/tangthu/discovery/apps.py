from __future__ import annotations

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "tangthu.discovery"

    def ready(self) -> None:
        from tangthu.core import wording
        from tangthu.discovery.wording import WORDING

        wording.register(WORDING)
