from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class CataloguePermission(Permission):
    EDIT_RECORDS = "catalogue.edit_records", _("Describe documents and correct descriptions")
    EDIT_ITEMS = "catalogue.edit_items", _("Add copies and change their data")
    SUPPRESS_RECORDS = "catalogue.suppress", _("Hide records from the public catalogue")
    IMPORT_RECORDS = "catalogue.import", _("Import and export MARC files")
