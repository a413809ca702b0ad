"""The answers in XML (OAI-PMH 2.0, sections 2.5, 3.2 and 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tangthu.formats import markup
from tangthu.formats.oaipmh.errors import OaiError

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
MEDIA_TYPE = "text/xml; charset=utf-8"
GRANULARITY = "YYYY-MM-DDThh:mm:ssZ"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What an item is called, when it changed last, its sets, and whether it is gone."""

    identifier: str
    changed_at: datetime
    sets: Sequence[str] = ()
    is_deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What the answer to Identify says."""

    name: str
    base_url: str
    emails: Sequence[str]
    earliest: datetime
    namespace: str
    sample: str


@dataclass(frozen=True, slots=True)
class Set:
    """A part of the repository that may be harvested alone."""

    spec: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class MetadataFormat:
    """A form in which items are described."""

    prefix: str
    schema: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Resumption:
    """Where a list goes on: the token, empty at the end, and how many came before this answer."""

    token: str
    cursor: int


def document(body: str, *, base_url: str, arguments: Mapping[str, str], now: datetime) -> bytes:
    """Return the whole answer around its body."""
    return "".join(
        (
            markup.HEADER,
            f'<OAI-PMH xmlns="{NAMESPACE}" xmlns:xsi="{_INSTANCE}"'
            f' xsi:schemaLocation="{NAMESPACE} {SCHEMA}">',
            f"<responseDate>{moment(now)}</responseDate>",
            markup.element("request", base_url, arguments),
            body,
            "</OAI-PMH>\n",
        )
    ).encode()


def refusal(error: OaiError) -> str:
    """Return the body that says what was wrong."""
    return markup.element("error", error.words, {"code": str(error.fault)})


def identify(about: Repository) -> str:
    """Return the body of Identify, with the form of our identifiers."""
    lines = [
        markup.element("repositoryName", about.name),
        markup.element("baseURL", about.base_url),
        markup.element("protocolVersion", "2.0"),
        *(markup.element("adminEmail", email) for email in about.emails),
        markup.element("earliestDatestamp", moment(about.earliest)),
        # Nothing is removed: a record is hidden, an object withdrawn, and both stay known.
        markup.element("deletedRecord", "persistent"),
        markup.element("granularity", GRANULARITY),
        markup.element("compression", "gzip"),
        f'<description><oai-identifier xmlns="{_IDENTIFIER}"'
        f' xsi:schemaLocation="{_IDENTIFIER} {_IDENTIFIER}.xsd">',
        markup.element("scheme", "oai"),
        markup.element("repositoryIdentifier", about.namespace),
        markup.element("delimiter", ":"),
        markup.element("sampleIdentifier", about.sample),
        "</oai-identifier></description>",
    ]
    return markup.around("Identify", lines)


def metadata_formats(formats: Iterable[MetadataFormat]) -> str:
    """Return the body of ListMetadataFormats."""
    rows = (
        markup.around(
            "metadataFormat",
            (
                markup.element("metadataPrefix", each.prefix),
                markup.element("schema", each.schema),
                markup.element("metadataNamespace", each.namespace),
            ),
        )
        for each in formats
    )
    return markup.around("ListMetadataFormats", rows)


def sets(every: Iterable[Set], resumption: Resumption | None) -> str:
    """Return the body of ListSets; what a set holds is told in Dublin Core."""
    rows = [
        markup.around(
            "set",
            (
                markup.element("setSpec", each.spec),
                markup.element("setName", each.name),
                _set_description(each.description),
            ),
        )
        for each in every
    ]
    return markup.around("ListSets", [*rows, resumed(resumption)])


def header(about: Header) -> str:
    """Return the header of an item."""
    lines = [
        markup.element("identifier", about.identifier),
        f"<datestamp>{moment(about.changed_at)}</datestamp>",
        *(f"<setSpec>{markup.text(spec)}</setSpec>" for spec in about.sets),
    ]
    return markup.around("header", lines, {"status": "deleted" if about.is_deleted else ""})


def record(about: Header, metadata: str) -> str:
    """Return an item with its metadata; one that is gone has none (section 2.5.1)."""
    told = "" if about.is_deleted else f"<metadata>{metadata}</metadata>"
    return f"<record>{header(about)}{told}</record>"


def resumed(resumption: Resumption | None) -> str:
    """Return the element that leads on; an empty one ends a list of several answers (3.5)."""
    if resumption is None:
        return ""
    return markup.element("resumptionToken", resumption.token, {"cursor": str(resumption.cursor)})


def moment(at: datetime) -> str:
    """Return a moment as harvesters read it: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _set_description(text: str) -> str:
    if not text:
        return ""
    return (
        '<setDescription><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:description>{markup.text(text)}</dc:description></oai_dc:dc></setDescription>"
    )
