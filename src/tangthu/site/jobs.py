"""The table of what happens by itself, and when."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from tangthu.access.actions.logins import prune_logins
from tangthu.catalogue.actions.redrawing import redraw_columns
from tangthu.catalogue.actions.uploads import forget_old_files
from tangthu.circulation.actions import (
    forget_hold_readers,
    forget_readers,
    keep_holds_in_time,
    renew_by_itself,
)
from tangthu.circulation.actions.reminders import remind
from tangthu.core import idempotency
from tangthu.core.actor import Actor, Face
from tangthu.delivery.actions import forget_addresses
from tangthu.digitisation.actions.copies import remake_stale
from tangthu.digitisation.actions.ocr import forget_finished, queue_new_pages
from tangthu.discovery import search
from tangthu.discovery.actions import tell_opened
from tangthu.fees.actions import forget_words
from tangthu.notices.actions.outbox import forget_notices
from tangthu.offline.actions import forget_events, replay_waiting
from tangthu.opac.actions import tell_news
from tangthu.patrons.actions import prune_reader_logins
from tangthu.patrons.actions.forgetting import forget_applications, forget_old_traces
from tangthu.protocols.actions.names import register_names
from tangthu.protocols.models import HarvestSource
from tangthu.protocols.places import Site
from tangthu.protocols.registering.known import registrars
from tangthu.protocols.registering.registrar import client as registry_client
from tangthu.protocols.tasks import harvest_source
from tangthu.reading.actions import forget_requests, forget_viewers
from tangthu.reading.actions.lending import (
    forget_digital_readers,
    look_at_licences,
    settle_all,
    tell_server,
)
from tangthu.reading.actions.usage import sum_up
from tangthu.reading.copies import forget_copies
from tangthu.repository.actions.fixity import check_longest_unchecked
from tangthu.repository.actions.preserving import preserve_descriptions
from tangthu.repository.actions.sweeping import sweep
from tangthu.repository.actions.texts import archive_settled
from tangthu.repository.actions.watching import watch
from tangthu.repository.tasks import take_in_watched, take_up_unfinished
from tangthu.site.schedule import Daily, Every, Job

HOURLY = timedelta(hours=1)
OFTEN = timedelta(minutes=5)
MINUTELY = timedelta(minutes=1)
OFFLINE_EVENTS_ARE_KEPT = timedelta(days=90)
HOLDS_ARE_KEPT = timedelta(days=90)
BANK_WORDS_ARE_KEPT = timedelta(days=365)
READINGS_ARE_KEPT = timedelta(days=365)
RECOGNITION_IS_KEPT = timedelta(days=30)


def jobs() -> list[Job]:
    """Return every job, with its time by the library's clock."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return [
        Job("forget expired sessions", Every(HOURLY), forget_sessions),
        Job("end electronic loans", Every(MINUTELY), end_electronic_loans),
        Job("tell the LCP server", Every(MINUTELY), tell_licence_server),
        Job("remove marked copies", Every(HOURLY), remove_marked_copies),
        Job("replay what offline desks did", Every(OFTEN), replay_waiting),
        Job("draw new columns of old records", Every(OFTEN), redraw_columns),
        Job("forget what offline desks did", Daily(time(2, 18), zone), forget_offline_events),
        Job("forget old tries to log in", Daily(time(2, 10), zone), prune_logins),
        Job("forget readers' old tries to log in", Daily(time(2, 12), zone), prune_reader_logins),
        Job("tell news of saved searches", Daily(time(7, 0), zone), tell_news_of_searches),
        Job("end and resume holds", Daily(time(0, 20), zone), keep_holds),
        Job("forget who borrowed what", Daily(time(2, 15), zone), forget_loans),
        Job("forget who borrowed on screen", Daily(time(2, 21), zone), forget_electronic_loans),
        Job("sum up the usage of documents", Daily(time(2, 45), zone), sum_up_usage),
        Job("forget who waited for what", Daily(time(2, 16), zone), forget_holds),
        Job("forget finished deliveries' readers", Daily(time(2, 17), zone), forget_deliveries),
        Job("forget who read what", Daily(time(2, 19), zone), forget_readings),
        Job("forget answers to repeated requests", Daily(time(2, 20), zone), forget_answers),
        Job("forget card applications", Daily(time(2, 22), zone), forget_applications),
        Job("forget old traces of readers", Daily(time(2, 24), zone), forget_old_traces),
        Job("remove abandoned uploads", Daily(time(2, 25), zone), remove_uploads),
        Job("sweep the digital library", Every(HOURLY), sweep_repository),
        Job("go on with unfinished documents", Every(HOURLY), take_up_unfinished),
        Job("tell of ended embargoes", Daily(time(0, 5), zone), tell_of_ended_embargoes),
        Job("harvest other repositories", Every(HOURLY), harvest_due),
        Job("tell registries of names", Every(OFTEN), tell_registries),
        Job("look into the watched folder", Every(MINUTELY), look_into_watched_folder),
        Job("queue new pages for recognition", Every(OFTEN), queue_pages),
        Job("put settled text into the archive", Every(HOURLY), archive_texts),
        Job("put changed descriptions into the archive", Daily(time(1, 30), zone), archive_news),
        Job("forget finished recognition", Daily(time(2, 40), zone), forget_recognition),
        Job("make files of corrected texts anew", Every(OFTEN), remake_copies),
        Job("read kept files again", Daily(time(3, 0), zone), read_kept_files),
        Job("forget finished background tasks", Daily(time(2, 30), zone), forget_tasks),
        Job("forget old notices", Daily(time(2, 35), zone), forget_old_notices),
        Job("forget what banks wrote", Daily(time(2, 40), zone), forget_bank_words),
        Job("renew what renews by itself", Daily(time(5, 30), zone), renew_loans),
        Job("remind readers", Daily(time(6, 0), zone), remind_readers),
    ]


def forget_sessions() -> int:
    expired = Session.objects.filter(expire_date__lt=timezone.now()).count()
    SessionStore.clear_expired()
    return expired


def end_electronic_loans() -> int:
    """Free what came back by itself, and tell the readers whose turn it is."""
    return settle_all(now=timezone.now())


def tell_licence_server() -> int:
    """Tell the LCP server what it has not heard yet, and see what was given back on devices."""
    if not settings.LCP_URL:
        return 0
    now = timezone.now()
    return tell_server(now=now) + look_at_licences(now=now)


def tell_registries() -> int:
    """Have DOIs and handles given to what was published, and led on where it moved."""
    if not settings.SITE_ADDRESS:
        return 0
    site, by = Site(settings.SITE_ADDRESS.rstrip("/")), Actor.machine("schedule", face=Face.JOB)
    with registry_client() as http:
        return register_names(registrars(http), site=site, now=timezone.now(), by=by)


def remove_marked_copies() -> int:
    """Remove the marked copies of loans that have ended."""
    return forget_copies(now=timezone.now())


def forget_electronic_loans() -> int:
    """Cut ended electronic loans from their readers after the days that each library has chosen."""
    return forget_digital_readers(now=timezone.now())


def sum_up_usage() -> int:
    """Sum the use of documents in the months that are over, and throw the events away."""
    return sum_up(now=timezone.now())


def look_into_watched_folder() -> int:
    """Let the worker take in what scanners have finished."""
    claims = watch(now=timezone.now())
    for claim in claims:
        take_in_watched.enqueue(claim.library_id, claim.token)
    return len(claims)


def forget_readings() -> int:
    """Cut who opened restricted documents, or asked to, a year ago; that they did stays."""
    before = timezone.now() - READINGS_ARE_KEPT
    return forget_viewers(before=before) + forget_requests(before=before)


def forget_offline_events() -> int:
    """Cut what offline desks did from its readers once any question about it is long settled."""
    return forget_events(before=timezone.now() - OFFLINE_EVENTS_ARE_KEPT)


def forget_loans() -> int:
    """Cut returned loans from their readers after the days that each library has chosen."""
    return forget_readers(by=Actor.machine("schedule", face=Face.JOB))


def renew_loans() -> int:
    """Renew the loans due today where the rules say so, before anybody is reminded of them."""
    return renew_by_itself(by=Actor.machine("schedule", face=Face.JOB))


def keep_holds() -> int:
    """Resume the holds whose rest is over, and end those that were not fetched in time."""
    return keep_holds_in_time(now=timezone.now(), by=Actor.machine("schedule", face=Face.JOB))


def forget_holds() -> int:
    """Cut ended holds from their readers after a season, in which questions may come."""
    before = timezone.now() - HOLDS_ARE_KEPT
    return forget_hold_readers(closed_before=before, by=Actor.machine("schedule", face=Face.JOB))


def tell_news_of_searches() -> int:
    """Tell readers what is new for their saved searches; nothing while there is no index."""
    return tell_news(engine=search.engine())


def forget_old_notices() -> int:
    return forget_notices(now=timezone.now())


def forget_bank_words() -> int:
    """Forget the words of transfers entered a year ago: they name who paid, from which account."""
    return forget_words(before=timezone.localdate() - BANK_WORDS_ARE_KEPT)


def remind_readers() -> int:
    """Announce what is due soon or overdue, and cards that end; the outbox sends it."""
    return remind(by=Actor.machine("schedule", face=Face.JOB)).notices


def forget_deliveries() -> int:
    """Forget whose the finished deliveries were, after the days that each library keeps them."""
    return forget_addresses(by=Actor.machine("schedule", face=Face.JOB))


def forget_answers() -> int:
    return idempotency.forget(before=timezone.now() - idempotency.KEPT)


def sweep_repository() -> int:
    """Forget expired uploads and reading copies that others replaced."""
    return sweep(now=timezone.now())


def queue_pages() -> int:
    """Queue what was scanned and has no text, for when the machine has nothing else to read."""
    return queue_new_pages(now=timezone.now(), by=Actor.machine("schedule", face=Face.JOB))


def archive_texts() -> int:
    """Archive the text that nobody has changed for an hour."""
    by = Actor.machine("schedule", face=Face.JOB)
    return archive_settled(before=timezone.now() - HOURLY, by=by)


def archive_news() -> int:
    """Put into the archive what was described, ordered or labelled after the masters came."""
    return preserve_descriptions(by=Actor.machine("schedule", face=Face.JOB))


def forget_recognition() -> int:
    return forget_finished(before=timezone.now() - RECOGNITION_IS_KEPT)


def harvest_due() -> int:
    """Hand the sources whose time has come to the workers, and return how many."""
    due = list(HarvestSource.objects.due(timezone.now()).values_list("pk", flat=True))
    for pk in due:
        harvest_source.enqueue(pk)
    return len(due)


def tell_of_ended_embargoes() -> int:
    """Let the catalogue know which documents opened with the new day."""
    return tell_opened(today=timezone.localdate())


def read_kept_files() -> int:
    """Read for an hour the masters that were longest not read, and raise the alarm over damage."""
    return check_longest_unchecked(now=timezone.now())


def remove_uploads() -> int:
    return forget_old_files(now=timezone.now())


def forget_tasks() -> int:
    """Drop the results of background tasks after a fortnight, of failed ones after a season."""
    call_command("prune_db_task_results", min_age_days=14, failed_min_age_days=90, verbosity=0)
    return 0


def remake_copies() -> int:
    """Make the PDF, e-book and plain text anew of texts that were corrected and came to rest."""
    return remake_stale(now=timezone.now())
