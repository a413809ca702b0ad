"""`tangthu serve`: everything one library needs, in one command."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tangthu.core.queues import LONG
from tangthu.libraries.models import Library
from tangthu.site.supervisor import AlreadyRunning, Program, Supervisor, only_one

TANGTHU = (sys.executable, "-m", "tangthu.site.cli")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104


class Command(BaseCommand):
    help = "Migrate, then run web, workers, indexer and schedule until stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0: reachable by others too")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--demo", action="store_true", help="fill an empty database")

    def handle(self, *, host: str, port: int, demo: bool, **_options: object) -> None:
        try:
            with only_one(Path(settings.DATA) / "serve.lock"):
                require_free(host, port)
                call_command("migrate", interactive=False, verbosity=0)
                self.welcome(demo=demo)
                self.tell_addresses(host, port)
                Supervisor(programs(host, port), environment=environment(host)).run()
        except AlreadyRunning as error:
            raise CommandError(
                f"Tàng Thư already runs on the data folder {settings.DATA} (process {error.pid}). "
                "Stop it first, or set TANGTHU_DATA to another folder."
            ) from error

    def welcome(self, *, demo: bool) -> None:
        """Fill an empty database when asked to, else say what fills it."""
        if Library.objects.exists():
            return
        if demo:
            # In a process of its own, which takes its memory with it.
            if subprocess.run([*TANGTHU, "demo"], check=False).returncode:  # noqa: S603
                raise CommandError("The demo network could not be loaded; the reason is above.")
        else:
            self.stdout.write("There is no library yet. Make one with: tangthu setup")

    def tell_addresses(self, host: str, port: int) -> None:
        hosts = ["127.0.0.1", *own_addresses()] if host in EVERYWHERE else [host]
        for name in hosts:
            shown = f"[{name}]" if ":" in name else name
            self.stdout.write(f"Tàng Thư: http://{shown}:{port}")
        self.stdout.write("Ctrl+C stops it.")
        self.stdout.flush()


def programs(host: str, port: int) -> list[Program]:
    """Return what runs, in the order in which it stops: who takes in work stops first."""
    return [
        Program("web", (sys.executable, "-m", "tangthu.site.web", host, str(port)), grace=12),
        Program("schedule", (*TANGTHU, "scheduler")),
        Program("worker", (*TANGTHU, "worker"), grace=20),
        Program("long-worker", (*TANGTHU, "worker", "--queue-name", LONG), grace=20),
        Program("ocr", (*TANGTHU, "ocr")),
        Program("indexer", (*TANGTHU, "indexer"), grace=15),
    ]


def environment(host: str) -> dict[str, str]:
    """Let a server for the whole house answer to its own names, unless told which ones."""
    given = "TANGTHU_ALLOWED_HOSTS" in os.environ or "TANGTHU_ALLOWED_HOSTS_FILE" in os.environ
    if given:
        return {}
    name = socket.gethostname()
    reachable = [*own_addresses(), name, f"{name}.local"] if host in EVERYWHERE else [host]
    return {"TANGTHU_ALLOWED_HOSTS": ",".join([*settings.ALLOWED_HOSTS, *reachable])}


def own_addresses() -> list[str]:
    """Return the address by which others on the network reach this machine, where it has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # No packet is sent: it only makes the kernel choose a way out.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return []
        address = str(probe.getsockname()[0])
        return [] if address.startswith("127.") else [address]


def require_free(host: str, port: int) -> None:
    """Refuse an address that we could not serve at, in words that say what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(why_not(error, host, port)) from error
        except OverflowError as error:
            raise CommandError(f"{port} is not a port: take one from 1 to 65535") from error


def why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Take another: --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"Port {port} is for the system's administrator. Take one above 1023: --port 8000"
    return f"Cannot serve at {host}, port {port}: {error.strerror}"
