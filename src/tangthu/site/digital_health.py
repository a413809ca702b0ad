"""The checks of `tangthu doctor` for the digital library: what it keeps, and whom it calls for."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from tangthu.core import wording
from tangthu.digitisation import engine
from tangthu.digitisation.models import TextJob
from tangthu.digitisation.policy.recognition import second_opinion
from tangthu.protocols.errors import RegistryDown, RegistryRefused
from tangthu.protocols.models import OutsideName
from tangthu.protocols.registering.known import registrars
from tangthu.protocols.registering.registrar import client as registry_client
from tangthu.reading.lcp_server import LcpServer
from tangthu.reading.models import LcpLoan, Licence
from tangthu.reading.refusals import LcpDown, LcpRefused
from tangthu.repository import scanning
from tangthu.repository.lost import lost_files
from tangthu.repository.models import DigitalFile
from tangthu.site.checks import Check, State

KEPT_IS_LATE = timedelta(hours=6)
FIXITY_IS_LATE = timedelta(days=120)


def masters() -> Check:
    """Look whether kept files were found damaged, wait to be kept, or were long not read again."""
    damaged = DigitalFile.objects.damaged().count()
    if damaged:
        seen = _("%(count)s files are damaged") % {"count": damaged}
        advice = _("Bring them back from a backup; the list of digital objects tells which.")
        return Check("masters", State.BROKEN, seen, advice)
    try:
        lost = lost_files()
    except OSError as error:
        advice = _("See that the store of files answers, then look again.")
        return Check("masters", State.BROKEN, str(error), advice)
    if lost.masters:
        seen = _("%(count)s masters are not where they were kept") % {"count": lost.masters}
        advice = _("Bring `files/masters` back from a backup, then read the kept files again.")
        return Check("masters", State.BROKEN, seen, advice)
    if lost.copies:
        seen = _("%(count)s reading copies are lost; their masters are here") % {
            "count": lost.copies
        }
        advice = _("Run: tangthu restore-objects")
        return Check("masters", State.WARNING, seen, advice)
    late = timezone.now() - KEPT_IS_LATE
    if DigitalFile.objects.to_preserve().filter(created_at__lt=late).exists():
        advice = _("Start `tangthu serve`, or look in the log for lines of the process “worker”.")
        return Check("masters", State.WARNING, _("files wait to be kept"), advice)
    unread = DigitalFile.objects.longest_unchecked(before=timezone.now() - FIXITY_IS_LATE)
    if unread.exists():
        advice = _("Leave Tàng Thư running at night: then it reads the kept files again.")
        return Check("masters", State.WARNING, _("some were not read again for long"), advice)
    count = DigitalFile.objects.preserved().count()
    return Check("masters", State.WELL, _("%(count)s files, all whole") % {"count": count})


def virus_scanner() -> Check:
    """Ask the daemon of ClamAV whether it is there, where its program is installed."""
    answers = scanning.daemon_answers()
    if answers is None:
        return Check("virus_scanner", State.WELL, _("none installed"))
    if answers:
        return Check("virus_scanner", State.WELL, "clamd")
    advice = _("Start it: systemctl start clamav-daemon")
    seen = _("files are taken in without being looked through")
    return Check("virus_scanner", State.WARNING, seen, advice)


def recognition() -> Check:
    """Look whether pages that wait to be read can be: the engine, and its Vietnamese."""
    models = engine.models()
    if "vie" in models:
        seen = ", ".join(sorted(models - {"osd"}))
        if not second_opinion(("vie",), installed=models):
            better = _("%(models)s; tesseract-ocr-script-viet would read typed pages better")
            seen = better % {"models": seen}
        return Check("recognition", State.WELL, seen)
    if not TextJob.objects.open().exists():
        return Check("recognition", State.WELL, _("nothing waits to be read"))
    advice = _("Install it: apt-get install tesseract-ocr tesseract-ocr-vie")
    return Check("recognition", State.WARNING, _("Tesseract with Vietnamese is missing"), advice)


def lcp() -> Check:
    """Ask the licence server whether it is there, knows us, and has heard what it should."""
    if not settings.LCP_URL:
        if not Licence.objects.in_force(timezone.now()).filter(protection="lcp").exists():
            return Check("lcp", State.WELL, _("none set up"))
        advice = _("Name the licence server: TANGTHU_LCP_URL, _USER and _PASSWORD.")
        seen = _("books are lent with LCP, and no server is set up")
        return Check("lcp", State.BROKEN, seen, advice)
    try:
        with LcpServer.of_settings() as server:
            server.health()
    except (LcpDown, LcpRefused) as error:
        seen = _("no good answer: %(seen)s") % {"seen": error.data.get("seen", "")}
        advice = _("See that it runs, and that TANGTHU_LCP_URL, _USER and _PASSWORD are right.")
        return Check("lcp", State.BROKEN, seen, advice)
    if LcpLoan.objects.exclude(wanted="").exclude(failure="").filter(attempts__gte=5).exists():
        advice = _("Look in the log for “licence server not told”.")
        return Check("lcp", State.WARNING, _("it refuses to hear of some loans"), advice)
    return Check("lcp", State.WELL, settings.LCP_URL)


def names() -> Check:
    """Ask each registry of names whether it knows us, and whether any name waits for long."""
    with registry_client() as http:
        known = registrars(http)
        if not known:
            return Check("names", State.WELL, _("none set up"))
        if not settings.SITE_ADDRESS:
            advice = _("Set TANGTHU_SITE_ADDRESS: lasting names must lead to it.")
            return Check("names", State.BROKEN, _("the site has no address"), advice)
        try:
            for registrar in known:
                registrar.try_out()
        except (RegistryDown, RegistryRefused) as error:
            advice = _("See that its address, account and password are right.")
            return Check("names", State.BROKEN, wording.sentence(error.code), advice)
    if OutsideName.objects.filter(attempts__gte=5).exists():
        advice = _("Look in the log, and at what the documents lack.")
        return Check("names", State.WARNING, _("some names are refused"), advice)
    return Check("names", State.WELL, ", ".join(registrar.code for registrar in known))
