"""Roles made before the digital library get the rights to it.

Who describes documents makes and publishes digital ones; who sets the rules orders the collections
and looks after what is kept.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

NEW_RIGHTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("catalogue.edit_records", frozenset({"repository.edit", "repository.publish"})),
    ("circulation.rules", frozenset({"repository.collections", "repository.preserve"})),
)
"""Who holds the first gets the second as well."""


def give_new_rights(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the new rights to each role that holds the older ones; done twice, it does nothing."""
    for role in apps.get_model("access", "Role").objects.filter(everything=False):
        held = frozenset(role.permissions)
        fresh = frozenset[str]().union(*(new for old, new in NEW_RIGHTS if old in held))
        if fresh <= held:
            continue
        before, role.permissions = role.permissions, sorted(held | fresh)
        role.save(update_fields=["permissions"])
        apps.get_model("core", "AuditEntry").objects.create(
            at=timezone.now(),
            actor="update",
            face="command",
            action="role.changed",
            object_kind="role",
            object_key=str(role.pk),
            changes={"permissions": [before, role.permissions]},
        )


class Migration(migrations.Migration):
    dependencies = [("access", "0003_rights_to_new_deeds"), ("core", "0002_stamp")]

    operations = [migrations.RunPython(give_new_rights, migrations.RunPython.noop)]
