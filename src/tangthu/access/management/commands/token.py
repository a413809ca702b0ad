from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tangthu.access import actions, policy
from tangthu.access.models import User
from tangthu.core.actor import Actor


class Command(BaseCommand):
    help = "Print a new API token for a staff user, alone on standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the user name")
        parser.add_argument("--name", default="tangthu token", help="what the token is for")

    def handle(self, *, user: str, name: str, **options: object) -> None:
        found = User.objects.filter(username=policy.login_name(user), is_active=True).first()
        if found is None:
            raise CommandError(f"there is no staff user {user!r} who may log in")
        _, plain = actions.issue_token(found, name, by=Actor.machine("tangthu token"))
        self.stdout.write(plain)
