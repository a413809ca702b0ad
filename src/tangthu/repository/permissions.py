from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class RepositoryPermission(Permission):
    EDIT_OBJECTS = "repository.edit", _("Make digital objects and bring files in")
    PUBLISH = "repository.publish", _("Publish and withdraw digital objects")
    MANAGE_COLLECTIONS = "repository.collections", _("Order the digital collections")
    PRESERVE = "repository.preserve", _("Check kept files and hand out whole objects")
