"""From the arguments of a request to what is asked (OAI-PMH 2.0, sections 3.1, 3.3 and 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tangthu.formats.oaipmh.errors import Fault, OaiError

LONGEST_ARGUMENT = 2000
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_ONE = {10: timedelta(days=1), 20: timedelta(seconds=1)}


class Verb(StrEnum):
    """The six requests of the protocol."""

    GET_RECORD = "GetRecord"
    IDENTIFY = "Identify"
    LIST_IDENTIFIERS = "ListIdentifiers"
    LIST_METADATA_FORMATS = "ListMetadataFormats"
    LIST_RECORDS = "ListRecords"
    LIST_SETS = "ListSets"


_LIST = frozenset({"metadataPrefix", "from", "until", "set"})
_REQUIRED: Mapping[Verb, frozenset[str]] = {
    Verb.GET_RECORD: frozenset({"identifier", "metadataPrefix"}),
    Verb.LIST_IDENTIFIERS: frozenset({"metadataPrefix"}),
    Verb.LIST_RECORDS: frozenset({"metadataPrefix"}),
}
_ALLOWED: Mapping[Verb, frozenset[str]] = {
    Verb.GET_RECORD: _REQUIRED[Verb.GET_RECORD],
    Verb.IDENTIFY: frozenset(),
    Verb.LIST_IDENTIFIERS: _LIST,
    Verb.LIST_METADATA_FORMATS: frozenset({"identifier"}),
    Verb.LIST_RECORDS: _LIST,
    Verb.LIST_SETS: frozenset(),
}
_RESUMABLE = frozenset({Verb.LIST_IDENTIFIERS, Verb.LIST_RECORDS, Verb.LIST_SETS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that keeps to the protocol.

    `since` is included, `before` is not: it is the moment after `until`. A request with a token
    says nothing else.
    """

    verb: Verb
    identifier: str = ""
    prefix: str = ""
    set_spec: str = ""
    since: datetime | None = None
    before: datetime | None = None
    token: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


def read(pairs: Iterable[tuple[str, str]]) -> Asked:
    """Return what the arguments ask for. Raises OaiError."""
    arguments = _once(pairs)
    verb = _verb(arguments.get("verb"))
    names = arguments.keys() - {"verb"}
    if "resumptionToken" in names and verb in _RESUMABLE:
        if len(names) > 1:
            raise _bad("A resumptionToken stands alone.")
        return Asked(verb=verb, token=arguments["resumptionToken"], arguments=arguments)
    if unknown := sorted(names - _ALLOWED[verb]):
        raise _bad(f"{verb} takes no argument of the name {unknown[0][:40]!r}.")
    if missing := sorted(_REQUIRED.get(verb, frozenset()) - names):
        raise _bad(f"{verb} needs the argument {missing[0]}.")
    since, before = _span(arguments.get("from"), arguments.get("until"))
    return Asked(
        verb=verb,
        identifier=arguments.get("identifier", ""),
        prefix=arguments.get("metadataPrefix", ""),
        set_spec=arguments.get("set", ""),
        since=since,
        before=before,
        arguments=arguments,
    )


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            code = Fault.BAD_VERB if name == "verb" else Fault.BAD_ARGUMENT
            raise OaiError(code, f"The argument {name[:40]!r} is given twice.")
        if len(value) > LONGEST_ARGUMENT:
            raise _bad(f"The argument {name[:40]!r} is too long.")
        if not value and name != "verb":
            raise _bad(f"The argument {name[:40]!r} is empty.")
        found[name] = value
    return found


def _verb(said: str | None) -> Verb:
    try:
        return Verb(said or "")
    except ValueError:
        words = "There is no such verb." if said else "The verb is missing."
        raise OaiError(Fault.BAD_VERB, words) from None


def _span(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """Return the first moment wanted, and the first that is not wanted any more."""
    if since and until and len(since) != len(until):
        raise _bad("from and until must be equally fine: both days, or both seconds.")
    first = _moment(since) if since else None
    last = _moment(until) if until else None
    if first and last and first > last:
        raise _bad("from lies behind until.")
    if last is None or until is None:
        return first, None
    try:
        return first, last + _ONE[len(until)]
    except OverflowError:
        return first, None


def _moment(text: str) -> datetime:
    for pattern, form in ((_DAY, "%Y-%m-%d"), (_SECOND, "%Y-%m-%dT%H:%M:%SZ")):
        if pattern.fullmatch(text):
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC)
            except ValueError:
                break
    raise _bad("A moment is written YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")


def _bad(words: str) -> OaiError:
    return OaiError(Fault.BAD_ARGUMENT, words)
