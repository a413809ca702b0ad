from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class DeliveryPermission(Permission):
    APPROVE = "delivery.approve", _("Approve home deliveries and keep the list of carriers")
    HANDLE = "delivery.handle", _("Pick, pack, hand over and take back home deliveries")
