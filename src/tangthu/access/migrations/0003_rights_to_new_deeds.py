"""Roles made before readers' accounts, deliveries and fees get the rights to those deeds.

Who may lend does what a desk does since; who sets the rules does what whoever is in charge does.
Roles that a library makes later come with these rights of themselves. The codes stand here as
they were at this step: a migration does not change with the code.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

NEW_RIGHTS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (
        frozenset({"circulation.lend"}),
        frozenset(
            {
                "circulation.station",
                "delivery.approve",
                "delivery.handle",
                "fees.cash_desk",
                "fees.take",
                "notices.see",
                "offline.use",
            }
        ),
    ),
    (
        frozenset({"circulation.lend", "libraries.calendar"}),
        frozenset({"fees.reverse", "fees.waive", "offline.manage"}),
    ),
    (
        frozenset({"circulation.rules"}),
        frozenset(
            {
                "circulation.override_debt",
                "fees.bank",
                "fees.reverse",
                "fees.rules",
                "fees.waive",
                "notices.channels",
                "notices.templates",
                "offline.manage",
            }
        ),
    ),
    (frozenset({"patrons.citizen_number"}), frozenset({"patrons.data_requests"})),
)
"""Who holds all of the first gets the second as well."""


def give_new_rights(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the new rights to each role that holds the older ones; done twice, it does nothing."""
    for role in apps.get_model("access", "Role").objects.filter(everything=False):
        held = frozenset(role.permissions)
        fresh = frozenset[str]().union(*(new for old, new in NEW_RIGHTS if old <= held))
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
    dependencies = [("access", "0002_stamped"), ("core", "0002_stamp")]

    operations = [migrations.RunPython(give_new_rights, migrations.RunPython.noop)]
