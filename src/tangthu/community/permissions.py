from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class CommunityPermission(Permission):
    SHOW = "community.show", _("Compose exhibitions and podcasts, and publish them")
