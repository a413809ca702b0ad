from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from tangthu.site.demo import load
from tangthu.site.demo.reader import READER


class Command(BaseCommand):
    help = "Load the invented demo network, marked [DEMO]. Run again it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        loaded = load.load(self._say)
        self.stdout.write("" if loaded else "The demo network is there already; nothing changed.")
        for name, count in load.counts().items():
            self.stdout.write(f"{name:>12}  {count}")
        self.stdout.write("\nStaff of the demo network (user name, password):")
        for username, _name, _role, _at, _home, password in load.STAFF:
            self.stdout.write(f"  {username:<12} {password}")
        self.stdout.write("\nA reader of the demo network (card, password):")
        self.stdout.write("  {:<12} {}".format(*READER))

    def _say(self, part: str) -> None:
        self.stderr.write(f"loading {part} …")
