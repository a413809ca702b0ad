from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class NoticesPermission(Permission):
    SEE_NOTICES = "notices.see", _("See the outbox, send again, print letters")
    EDIT_TEMPLATES = "notices.templates", _("Write the texts of notices")
    MANAGE_CHANNELS = "notices.channels", _("See and try the channels of notices")
