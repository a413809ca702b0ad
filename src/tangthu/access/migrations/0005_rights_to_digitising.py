"""Roles made before digitising, lending of e-books and exhibitions get the rights to them.

Who makes digital objects digitises, corrects and shows them; who lends sees who has borrowed them;
who sets the rules plans projects, buys licences and gathers from other libraries.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

NEW_RIGHTS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "repository.edit",
        frozenset(
            {
                "digitisation.work",
                "digitisation.recognise",
                "digitisation.correct",
                "reading.requests",
                "community.show",
            }
        ),
    ),
    ("circulation.lend", frozenset({"reading.loans"})),
    (
        "circulation.rules",
        frozenset(
            {
                "digitisation.plan",
                "reading.licences",
                "reading.loans",
                "reading.usage",
                "protocols.harvest",
            }
        ),
    ),
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
    dependencies = [("access", "0004_rights_to_digital_objects")]

    operations = [migrations.RunPython(give_new_rights, migrations.RunPython.noop)]
