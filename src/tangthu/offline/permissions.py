from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class OfflinePermission(Permission):
    USE = "offline.use", _("Work at a desk without a line, and settle what it could not do")
    MANAGE = "offline.manage", _("See the offline devices of a library, and shut them out")
