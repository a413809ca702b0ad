"""An update gives the roles of the first release the rights to what is new."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from tangthu.access.default_roles import DEFAULT_ROLES
from tangthu.access.models import Role
from tangthu.core.models import AuditEntry

FIRST = {
    "access.audit",
    "access.users",
    "catalogue.edit_items",
    "catalogue.edit_records",
    "catalogue.import",
    "catalogue.suppress",
    "circulation.lend",
    "circulation.override",
    "circulation.rules",
    "libraries.calendar",
    "libraries.manage",
    "libraries.preferences",
    "patrons.citizen_number",
    "patrons.edit",
    "patrons.see",
}
NEW = {
    "circulation.override_debt",
    "circulation.station",
    "delivery.approve",
    "delivery.handle",
    "fees.bank",
    "fees.cash_desk",
    "fees.reverse",
    "fees.rules",
    "fees.take",
    "fees.waive",
    "notices.channels",
    "notices.see",
    "notices.templates",
    "offline.manage",
    "offline.use",
    "patrons.data_requests",
}


def update():
    migration = import_module("tangthu.access.migrations.0003_rights_to_new_deeds")
    migration.give_new_rights(apps, None)


@pytest.mark.parametrize(
    "default", [each for each in DEFAULT_ROLES if not each.everything], ids=lambda each: each.code
)
def test_a_role_of_the_first_release_becomes_what_it_would_be_now(default, network):
    role = Role.objects.create(
        code=default.code, name=default.name, permissions=sorted(default.permissions & FIRST)
    )

    update()

    role.refresh_from_db()
    assert role.permissions == sorted(default.permissions & (FIRST | NEW))


def test_the_audit_log_tells_of_the_new_rights(network):
    role = Role.objects.create(
        code="rules", name="Quy định", permissions=["circulation.rules", "patrons.see"]
    )

    update()

    entry = AuditEntry.objects.about("role", role.pk).get()
    role.refresh_from_db()
    assert (entry.action, entry.actor) == ("role.changed", "update")
    assert entry.changes == {
        "permissions": [["circulation.rules", "patrons.see"], role.permissions]
    }


def test_the_update_may_be_done_twice(network):
    role = Role.objects.create(code="desk", name="Quầy", permissions=["circulation.lend"])
    update()
    role.refresh_from_db()
    once = role.permissions

    update()

    role.refresh_from_db()
    assert role.permissions == once
    assert AuditEntry.objects.about("role", role.pk).count() == 1


def test_other_roles_stay_as_they_are(network):
    Role.objects.create(code="all", name="Tất cả", permissions=[], everything=True)
    Role.objects.create(code="books", name="Biên mục", permissions=["catalogue.edit_items"])

    update()

    assert dict(Role.objects.values_list("code", "permissions")) == {
        "all": [],
        "books": ["catalogue.edit_items"],
    }
    assert not AuditEntry.objects.filter(action="role.changed").exists()
