"""E-readers for tests: Thorium's parser, asked in one process of Node.js for several feeds."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.test import Client

from tangthu.patrons.models import Patron, ReaderAccount

READER = Path(__file__).with_name("opds-reader.mjs")
PASSWORD = "sach-cua-toi-2026"


def read(folder: Path, *feeds: tuple[str, bytes]) -> list[dict[str, object]]:
    """Return what Thorium's parser reads of each feed, and our schema says of JSON."""
    lines = [json.dumps({"kind": kind, "body": body.decode()}) for kind, body in feeds]
    path = folder / "feeds.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(["node", READER, path], capture_output=True, check=True, text=True)
    found: list[dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return found


def with_password(patron: Patron) -> Patron:
    ReaderAccount.objects.create(patron=patron, password=make_password(PASSWORD))
    return patron


def basic(card: str, password: str = PASSWORD) -> str:
    return "Basic " + base64.b64encode(f"{card}:{password}".encode()).decode()


def program_of(patron: Patron) -> Client:
    """Return an e-reader that sends the reader's card and password with every request."""
    return Client(HTTP_AUTHORIZATION=basic(patron.card))
