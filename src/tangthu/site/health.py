"""The checks behind `/healthz` and `tangthu doctor`: what was seen, and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tangthu.core import changes
from tangthu.core.models import AuditEntry
from tangthu.discovery.pages.content import PAGES
from tangthu.discovery.records import RECORDS
from tangthu.discovery.state import IndexState, Readiness, state, state_of_pages
from tangthu.notices import setup
from tangthu.notices.kinds import CHANNEL_LABELS, Channel
from tangthu.notices.models import ChannelState, Notice
from tangthu.site.checks import Check, State
from tangthu.site.digital_health import lcp, masters, names, recognition, virus_scanner
from tangthu.site.schedule import Memory
from tangthu.site.supervisor import AlreadyRunning, only_one

GIB = 1024**3
LOW_DISK = 2 * GIB
FULL_DISK = GIB // 4
BEAT_IS_FRESH = timedelta(minutes=5)
INDEX_IS_LATE = timedelta(minutes=5)
NOTICES_ARE_LATE = timedelta(hours=2)
CLOCKS_AGREE = timedelta(minutes=2)
ASSETS = ("ui/ui.css", "ui/desk.js", "ui/opac.js")
FONTS = ("ui/fonts/noto-sans-400.woff2", "ui/fonts/noto-serif-600.woff2")


TITLES: dict[str, Promise] = {
    "database": gettext_lazy("Database"),
    "migrations": gettext_lazy("Tables of the database"),
    "index": gettext_lazy("Search index"),
    "indexing": gettext_lazy("News for the search index"),
    "storage": gettext_lazy("Store of files"),
    "masters": gettext_lazy("Kept masters of the digital library"),
    "disk": gettext_lazy("Free disk space"),
    "assets": gettext_lazy("Styles and scripts"),
    "fonts": gettext_lazy("Fonts"),
    "programs": gettext_lazy("Other programs"),
    "names": gettext_lazy("Registries of names (DOI, Handle)"),
    "lcp": gettext_lazy("LCP licence server"),
    "virus_scanner": gettext_lazy("Virus scanner"),
    "recognition": gettext_lazy("Text recognition"),
    "schedule": gettext_lazy("Schedule"),
    "notices": gettext_lazy("Channels of notices"),
    "secret_key": gettext_lazy("Secret key"),
    "clock": gettext_lazy("Clock"),
    "debug": gettext_lazy("Debug mode"),
}


def vital() -> Iterator[Check]:
    """Yield what must answer for the site to be of use."""
    yield database()
    yield index()
    yield storage()


def every() -> Iterator[Check]:
    """Yield everything that `tangthu doctor` looks at; of a broken database, what still can be."""
    well = True
    for check in (database, migrations, *ON_DATABASE):
        if well:
            outcome = check()
            well = outcome.ok
            yield outcome
    yield from (check() for check in ON_MACHINE)


def database() -> Check:
    """Ask the database a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            version = ".".join(map(str, connection.get_database_version()))
    except DatabaseError as error:
        advice = _("Check DATABASE_URL, and that the database server runs.")
        return Check("database", State.BROKEN, str(error).strip(), advice)
    return Check("database", State.WELL, f"{connection.display_name} {version}")


def migrations() -> Check:
    """Look whether every migration has been applied."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        seen = _("%(count)s changes are not applied") % {"count": len(missing)}
        return Check("migrations", State.BROKEN, seen, _("Run: tangthu migrate"))
    return Check("migrations", State.WELL, _("up to date"))


def index() -> Check:
    """Look whether search can answer: about records, and about the text of documents.

    While the index of pages alone is being built, the catalogue answers without it.
    """
    found = state()
    if not found.is_ready:
        return _not_ready(
            found, State.BROKEN, _("it is being built: %(done)s of %(total)s records")
        )
    pages = state_of_pages()
    if not pages.is_ready:
        words = _("that of the text of documents is being built: %(done)s of %(total)s pages")
        return _not_ready(pages, State.WARNING, words)
    return Check("index", State.WELL, _("it answers"))


def _not_ready(found: IndexState, while_building: State, words: str) -> Check:
    if found.readiness is Readiness.BUILDING and found.progress:
        seen = words % {"done": found.progress.done, "total": found.progress.total}
        return Check("index", while_building, seen, _("Wait until it is done."))
    advice = _("Start `tangthu serve`, which builds it, or run: tangthu rebuild-index")
    return Check("index", State.BROKEN, _("there is none that can be used"), advice)


def indexing() -> Check:
    """Look whether the indexes keep up with the catalogue and the digital library."""
    waiting = [
        change
        for content in (RECORDS, PAGES)
        for change in changes.read(changes.position(content.consumer), kinds=content.kinds, limit=1)
    ]
    oldest = min((change.at for change in waiting), default=None)
    if oldest is not None and timezone.now() - oldest > INDEX_IS_LATE:
        since = f"{timezone.localtime(oldest):%d/%m/%Y %H:%M}"
        seen = _("changes have been waiting since %(moment)s") % {"moment": since}
        advice = _("Start `tangthu serve`, or look in the log for lines of the process “indexer”.")
        return Check("indexing", State.WARNING, seen, advice)
    return Check("indexing", State.WELL, _("up to date"))


def storage() -> Check:
    """Write a file into the store, read it back and remove it."""
    content = b"probe"
    try:
        name = default_storage.save("health/probe", ContentFile(content))
        try:
            with default_storage.open(name) as file:
                same = file.read() == content
        finally:
            default_storage.delete(name)
    except OSError as error:
        advice = _("See that the folder exists, belongs to the user of Tàng Thư, and has room.")
        return Check("storage", State.BROKEN, str(error), advice)
    if not same:
        return Check("storage", State.BROKEN, _("a file was not read as written"), _("Check it."))
    return Check("storage", State.WELL, _("can be written"))


def disk() -> Check:
    """Look how much room the data folder has."""
    free = shutil.disk_usage(settings.DATA).free
    seen = _("%(size)s GB free") % {"size": round(free / GIB, 1)}
    advice = _("Make room on the disk that holds %(folder)s.") % {"folder": settings.DATA}
    if free < FULL_DISK:
        return Check("disk", State.BROKEN, seen, advice)
    return Check("disk", State.WARNING if free < LOW_DISK else State.WELL, seen, advice)


def assets() -> Check:
    """Look whether styles and scripts were built."""
    return _built("assets", ASSETS)


def fonts() -> Check:
    """Look whether the fonts with our letters are there."""
    return _built("fonts", FONTS)


def notices() -> Check:
    """Look whether the channels that are set up work, and whether notices pile up."""
    channels = sorted(setup.configured() & frozenset(setup.CARRIED))
    failing = ChannelState.objects.filter(channel__in=channels, failing_since__isnull=False)
    names = [CHANNEL_LABELS[Channel(state.channel)] for state in failing.order_by("channel")]
    if names:
        seen = _("out of order: %(channels)s") % {"channels": ", ".join(map(str, names))}
        advice = _("Look at the page Notices › Channels, which tells why.")
        return Check("notices", State.WARNING, seen, advice)
    late = timezone.now() - NOTICES_ARE_LATE
    if Notice.objects.waiting().filter(channel__in=channels, next_at__lt=late).exists():
        advice = _("Start `tangthu serve`; see whether a limit per day is set too low.")
        return Check("notices", State.WARNING, _("notices have been waiting for hours"), advice)
    return Check("notices", State.WELL, ", ".join(channels) or _("none set up"))


def programs() -> Check:
    """Look for the programs of others that this installation calls for."""
    if connection.vendor != "postgresql":
        return Check("programs", State.WELL, _("none needed"))
    if shutil.which("pg_dump"):
        return Check("programs", State.WELL, "pg_dump")
    advice = _("For backups, install it: apt-get install postgresql-client")
    return Check("programs", State.WARNING, _("pg_dump is missing"), advice)


def schedule() -> Check:
    """Look whether the schedule runs, and whether its jobs succeed."""
    memory = Memory.load(Path(settings.DATA) / "schedule.json")
    fresh = memory.beat is not None and timezone.now() - memory.beat < BEAT_IS_FRESH
    if not _served():
        advice = _("Start it: tangthu serve")
        return Check("schedule", State.WARNING, _("Tàng Thư is not running here"), advice)
    if not fresh:
        advice = _("Look in the log for lines of the process “schedule”.")
        return Check("schedule", State.BROKEN, _("it does not run"), advice)
    if memory.failed:
        seen = _("failed: %(jobs)s") % {"jobs": ", ".join(sorted(memory.failed))}
        return Check("schedule", State.WARNING, seen, _("Look in the log for “job failed”."))
    return Check("schedule", State.WELL, _("it runs"))


def secret_key() -> Check:
    """Look whether others on this machine can read the secret key."""
    path = Path(settings.DATA) / "secret-key"
    if not path.exists():
        return Check("secret_key", State.WELL, _("from the environment"))
    if path.stat().st_mode & 0o077:
        seen = _("other users of this machine can read it")
        return Check("secret_key", State.BROKEN, seen, _("Run: %s") % f"chmod 600 {path}")
    return Check("secret_key", State.WELL, _("only we can read it"))


def clock() -> Check:
    """Compare our clock with the newest entry of the audit log, which cannot be of tomorrow."""
    newest = AuditEntry.objects.aggregate(at=Max("at"))["at"]
    if newest is not None and newest - timezone.now() > CLOCKS_AGREE:
        advice = _("Set the date and time of this machine; due dates depend on them.")
        return Check("clock", State.BROKEN, _("it is behind what was already recorded"), advice)
    return Check("clock", State.WELL, f"{timezone.localtime():%d/%m/%Y %H:%M}")


def debug() -> Check:
    """Look whether error pages show the insides to everybody."""
    if settings.DEBUG:
        seen = _("on: error pages show the insides to everybody")
        return Check("debug", State.WARNING, seen, _("Remove TANGTHU_DEBUG."))
    return Check("debug", State.WELL, _("off"))


ON_DATABASE: tuple[Callable[[], Check], ...] = (
    indexing,
    clock,
    notices,
    masters,
    programs,
    names,
    lcp,
    virus_scanner,
    recognition,
)
ON_MACHINE: tuple[Callable[[], Check], ...] = (
    index,
    storage,
    disk,
    assets,
    fonts,
    schedule,
    secret_key,
    debug,
)


def _built(name: str, files: tuple[str, ...]) -> Check:
    missing = [file for file in files if finders.find(file) is None]
    if missing:
        return Check(name, State.BROKEN, ", ".join(missing), _("Build them: make setup"))
    return Check(name, State.WELL, _("complete"))


def _served() -> bool:
    """Say whether `tangthu serve` holds this data folder."""
    try:
        with only_one(Path(settings.DATA) / "serve.lock"):
            return False
    except AlreadyRunning:
        return True
