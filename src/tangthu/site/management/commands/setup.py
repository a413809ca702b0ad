from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tangthu.access import actions as access
from tangthu.access.actions import SetupData
from tangthu.access.models import User
from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.core.errors import TangthuError
from tangthu.libraries.policy import ROOT_KINDS, LibraryKind
from tangthu.patrons import actions as patrons

KINDS = sorted(str(kind) for kind in ROOT_KINDS - {LibraryKind.NETWORK})


class Command(BaseCommand):
    help = "Make the first library, the roles, the patron categories and an administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--code", required=True, help="the library's code, such as DLK")
        parser.add_argument("--name", required=True, help="the library's name")
        parser.add_argument("--admin", required=True, help="the administrator's user name")
        parser.add_argument("--kind", default="province", choices=KINDS)

    def handle(self, *, code: str, name: str, admin: str, kind: str, **options: object) -> None:
        call_command("migrate", verbosity=0)
        data = SetupData(code=code, name=name, kind=LibraryKind(kind), username=admin)
        try:
            user, first = self._set_up(data)
        except TangthuError as refused:
            raise CommandError(wording.explain(refused)) from refused
        self.stdout.write(f"user: {user.username}\npassword: {first}")

    @transaction.atomic
    def _set_up(self, data: SetupData) -> tuple[User, str]:
        by = Actor.machine("tangthu setup")
        made = access.set_up(data, by=by)
        patrons.create_default_categories(by=by)
        return made
