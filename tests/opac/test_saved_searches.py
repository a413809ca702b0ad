from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.catalogue.actions import save_record
from tangthu.core.errors import NotPermitted
from tangthu.discovery import search as discovery
from tangthu.formats.marc.storage import loads
from tangthu.notices.actions import choose, withdraw
from tangthu.notices.kinds import Channel, Topic
from tangthu.notices.models import Notice
from tangthu.notices.policy import consent_text
from tangthu.opac import actions, policy
from tangthu.opac.actions.searches import canonical
from tangthu.opac.errors import NameMissing, TooMany
from tangthu.opac.models import SavedSearch
from tangthu.patrons.actions import actor_for


@pytest.fixture(autouse=True)
def channels(settings, tmp_path):
    settings.NOTICES_FOLDER = str(tmp_path)


@pytest.fixture
def reader(patron):
    patron.email = "an@example.vn"
    patron.save()
    by, library = actor_for(patron), patron.library.name
    told = consent_text(Topic.SEARCHES, Channel.EMAIL, library=library, language="vi")
    choose(patron, topic=Topic.SEARCHES, channel=Channel.EMAIL, text=told, by=by)
    return by


def save(reader, address="q=voi", *, is_alerting=True):
    return actions.save_search("Về voi", address, is_alerting=is_alerting, by=reader)


def tell():
    return actions.tell_news(engine=discovery.engine())


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("?q=voi&page=3&sort=newest", "q=voi"),
        ("q=voi&type=book&language=vie&language=rad", "q=voi&language=rad&language=vie&type=book"),
        ("q=%20voi%20&evil=1", "q=voi"),
        ("", "q="),
    ],
)
def test_an_address_is_kept_without_page_order_and_strange_words(address, kept):
    assert canonical(address) == kept


def test_the_same_search_is_kept_once(reader):
    first = save(reader, "q=voi&page=2")
    again = actions.save_search("Voi", "q=voi", is_alerting=False, by=reader)

    assert again == first
    assert SavedSearch.objects.get().name == "Voi"


@pytest.mark.parametrize(("limit", "name", "refusal"), [(1, "Voi", TooMany), (9, " ", NameMissing)])
def test_what_cannot_be_kept_is_refused(reader, monkeypatch, limit, name, refusal):
    save(reader)
    monkeypatch.setattr(policy, "MOST_SEARCHES", limit)

    with pytest.raises(refusal):
        actions.save_search(name, "q=ngựa", is_alerting=True, by=reader)

    assert SavedSearch.objects.count() == 1


def test_nobody_touches_the_search_of_another(reader, foreign_patron, desk):
    search = save(reader)
    for stranger in (actor_for(foreign_patron), desk):
        with pytest.raises(NotPermitted):
            actions.remove_search(search, by=stranger)
        with pytest.raises(NotPermitted):
            actions.set_alert(search, is_alerting=False, by=stranger)

    assert SavedSearch.objects.get().is_alerting


def test_what_is_new_is_told_once(reader, book, index):
    book("Voi rừng")
    search = save(reader)
    first = book("Voi nhà [a]")
    second = book("Nài voi")
    book("Ngựa")
    index()

    assert tell() == 1
    assert tell() == 0

    notice = Notice.objects.get()
    assert notice.values["found"] == 2
    assert notice.values["titles"] == f"• {second.title}\n• {first.title}"
    assert "/search?q=voi&sort=newest" in notice.values["link"]
    search.refresh_from_db()
    assert search.seen_up_to == second.pk


def test_a_record_that_was_only_changed_is_no_news(reader, book, index, machine):
    record = book("Voi rừng")
    save(reader)
    save_record(record, loads(record.marc), version=record.version, by=machine)
    index()

    assert tell() == 0


def test_a_reader_who_took_the_consent_back_is_told_nothing(reader, patron, book, index):
    save(reader)
    withdraw(patron, topic=Topic.SEARCHES, channel=Channel.EMAIL, by=reader)
    book("Voi rừng")
    index()

    tell()

    assert not Notice.objects.exists()


def test_who_wants_no_news_is_told_none(reader, book, index):
    save(reader, is_alerting=False)
    book("Voi rừng")
    index()

    assert tell() == 0
    assert not Notice.objects.exists()


def test_news_switched_on_later_begin_then(reader, book, index):
    search = save(reader, is_alerting=False)
    book("Voi rừng")
    actions.set_alert(search, is_alerting=True, by=reader)
    index()

    assert tell() == 0


def test_a_run_looks_at_so_many_and_the_next_at_the_rest(reader, index, monkeypatch):
    index()
    monkeypatch.setattr(policy, "SEARCHES_AT_ONCE", 1)
    for word in ("voi", "ngựa"):
        save(reader, f"q={word}")
    began = timezone.now() - timedelta(seconds=1)

    tell()
    assert SavedSearch.objects.filter(looked_at__gt=began).count() == 1
    tell()

    assert SavedSearch.objects.filter(looked_at__gt=began).count() == 2
