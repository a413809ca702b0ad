"""The six requests, each with its body."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from tangthu.catalogue.models import Record
from tangthu.formats.oaipmh import answer
from tangthu.formats.oaipmh.answer import Header, MetadataFormat, Repository, Resumption
from tangthu.formats.oaipmh.errors import Fault, OaiError
from tangthu.formats.oaipmh.request import Asked, Verb
from tangthu.libraries.reading import Network, network
from tangthu.protocols.oai import listing, sets, tokens
from tangthu.protocols.oai.forms import FORMATS, OF_OBJECTS, OF_RECORDS, PAGE, Teller
from tangthu.protocols.oai.listing import Item, Mark, Wanted
from tangthu.protocols.oai.sets import Scope
from tangthu.protocols.oai.tokens import Place
from tangthu.protocols.places import Site
from tangthu.repository.policy.access import LISTED
from tangthu.repository.policy.identifiers import LENGTH
from tangthu.repository.policy.kinds import State

HEADERS_PAGE = 500
SETS_PAGE = 500
_RECORD, _OBJECT = "record-", "object-"


def body_of(asked: Asked, *, site: Site, base_url: str, now: datetime) -> str:
    """Return the body that answers the request. Raises OaiError."""
    match asked.verb:
        case Verb.IDENTIFY:
            return answer.identify(_repository(site, base_url, now))
        case Verb.LIST_METADATA_FORMATS:
            return answer.metadata_formats(_formats(asked.identifier, site))
        case Verb.LIST_SETS:
            return _sets(asked)
        case Verb.GET_RECORD:
            return _one(asked, site)
        case Verb.LIST_IDENTIFIERS | Verb.LIST_RECORDS:
            return _list(asked, site)


def _repository(site: Site, base_url: str, now: datetime) -> Repository:
    root = next((row for row in network().libraries.values() if row.parent_id is None), None)
    email = (root.email if root else "") or settings.DEFAULT_FROM_EMAIL
    return Repository(
        name=root.name if root else site.domain,
        base_url=base_url,
        emails=[email],
        earliest=listing.earliest() or now,
        namespace=site.domain,
        sample=f"oai:{site.domain}:{_RECORD}1",
    )


def _formats(identifier: str, site: Site) -> list[MetadataFormat]:
    if not identifier:
        return list(FORMATS.values())
    had = _had_by(_found(identifier, site))
    return [each for prefix, each in FORMATS.items() if prefix in had]


def _sets(asked: Asked) -> str:
    place = tokens.read(asked.token, verb=asked.verb) if asked.token else Place(verb=asked.verb)
    every = list(sets.every_set())
    shown = every[place.told : place.told + SETS_PAGE]
    told = place.told + len(shown)
    more = tokens.written(Place(verb=asked.verb, told=told)) if told < len(every) else ""
    return answer.sets(shown, _resumption(place, more))


def _one(asked: Asked, site: Site) -> str:
    form = _form(asked.prefix)
    item = _found(asked.identifier, site)
    if form.prefix not in _had_by(item):
        raise _no_such_form()
    header = header_of(item, site, network())
    told = "" if header.is_deleted else Teller.of(form.prefix, site, [item]).tell(item)
    return f"<GetRecord>{answer.record(header, told)}</GetRecord>"


def _list(asked: Asked, site: Site) -> str:
    place = _begin(asked) if not asked.token else tokens.read(asked.token, verb=asked.verb)
    headers_only = asked.verb is Verb.LIST_IDENTIFIERS
    wanted = _wanted(place)
    found = listing.stretch(
        wanted,
        after=_mark(place),
        size=HEADERS_PAGE if headers_only else PAGE[_form(place.prefix).prefix],
        headers_only=headers_only,
    )
    if not found.items and not asked.token:
        raise OaiError(Fault.NO_RECORDS_MATCH, "Nothing fits.")
    rows = _told(found.items, place.prefix, site, headers_only=headers_only)
    more = _token_behind(place, found.mark, len(found.items))
    return f"<{asked.verb}>{''.join(rows)}{answer.resumed(_resumption(place, more))}</{asked.verb}>"


def _begin(asked: Asked) -> Place:
    _form(asked.prefix)
    return Place(
        verb=asked.verb,
        prefix=asked.prefix,
        set_spec=asked.set_spec,
        since=tokens.said(asked.since),
        before=tokens.said(asked.before),
    )


def _wanted(place: Place) -> Wanted:
    """Return which items are asked for: of those in the set, the ones that have the form."""
    whole = sets.scope_of(place.set_spec)
    scope = Scope(
        records=whole.records and place.prefix in OF_RECORDS,
        objects=whole.objects and place.prefix in OF_OBJECTS,
        libraries=whole.libraries,
        collection=whole.collection,
    )
    return Wanted(scope=scope, since=tokens.heard(place.since), before=tokens.heard(place.before))


def _mark(place: Place) -> Mark | None:
    at = tokens.heard(place.at)
    return Mark(place.stage, at, place.pk) if at else None


def _token_behind(place: Place, mark: Mark | None, count: int) -> str:
    if mark is None:
        return ""
    return tokens.written(
        Place(
            verb=place.verb,
            prefix=place.prefix,
            set_spec=place.set_spec,
            since=place.since,
            before=place.before,
            stage=mark.stage,
            at=tokens.said(mark.at),
            pk=mark.pk,
            told=place.told + count,
        )
    )


def _resumption(place: Place, token: str) -> Resumption | None:
    """Return what leads on; nothing where a list fits into one answer."""
    return Resumption(token, place.told) if token or place.told else None


def _told(items: Sequence[Item], prefix: str, site: Site, *, headers_only: bool) -> list[str]:
    known = network()
    headers = [header_of(item, site, known) for item in items]
    if headers_only:
        return [answer.header(header) for header in headers]
    teller = Teller.of(prefix, site, items)
    return [
        answer.record(header, "" if header.is_deleted else teller.tell(item))
        for header, item in zip(headers, items, strict=True)
    ]


def header_of(item: Item, site: Site, known: Network) -> Header:
    """Return the header of an item; one that readers do not find any more is deleted."""
    library = sets.spec_of_library(item.library_id, known)
    if isinstance(item, Record):
        return Header(
            identifier=f"oai:{site.domain}:{_RECORD}{item.pk}",
            changed_at=item.updated_at,
            sets=[sets.CATALOGUE, library],
            is_deleted=item.suppressed,
        )
    shelves = sorted(sets.spec_of_path(row.path) for row in item.collections.all())
    return Header(
        identifier=f"oai:{site.domain}:{_OBJECT}{item.identifier}",
        changed_at=item.updated_at,
        sets=[*(shelves or [sets.DIGITAL]), library],
        is_deleted=item.state != State.PUBLISHED or item.access not in LISTED,
    )


def _found(identifier: str, site: Site) -> Item:
    local = identifier.removeprefix(f"oai:{site.domain}:")
    item: Item | None = None
    if local != identifier and local.startswith(_RECORD):
        number = local.removeprefix(_RECORD)
        if number.isascii() and number.isdigit() and len(number) <= 18:
            item = Record.objects.filter(pk=int(number)).first()
    elif local != identifier and local.startswith(_OBJECT):
        rows = listing.described_objects()
        name = local.removeprefix(_OBJECT)[: LENGTH + 1]
        name = name if name.isalnum() else ""
        item = rows.filter(identifier=name).first()
    if item is None:
        raise OaiError(Fault.ID_DOES_NOT_EXIST, "There is no such item here.")
    return item


def _had_by(item: Item) -> frozenset[str]:
    return OF_RECORDS if isinstance(item, Record) else OF_OBJECTS


def _form(prefix: str) -> MetadataFormat:
    form = FORMATS.get(prefix)
    if form is None:
        raise _no_such_form()
    return form


def _no_such_form() -> OaiError:
    return OaiError(Fault.CANNOT_DISSEMINATE_FORMAT, "It is not told in that form.")
