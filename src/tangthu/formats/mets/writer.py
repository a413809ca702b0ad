"""A work as a METS document: header, description, administration, files, structure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tangthu.formats import markup
from tangthu.formats.mets import premis
from tangthu.formats.mets.model import File, FileGroup, Leaf, Part, Work

NAMESPACE = "http://www.loc.gov/METS/"
SCHEMA = "http://www.loc.gov/standards/mets/version112/mets.xsd"
MEDIA_TYPE = "application/mets+xml"
_RIGHTS = "http://cosimo.stanford.edu/sdr/metsrights/"


def write(work: Work) -> str:
    """Return the document as one `mets:mets` element, without an XML declaration."""
    return markup.around(
        "mets:mets",
        (
            _header(work),
            _section("mets:dmdSec", "dmd", "MODS", work.described),
            _administration(work),
            _files(work.groups),
            _physical(work),
            _logical(work),
        ),
        {
            "xmlns:mets": NAMESPACE,
            "xmlns:xlink": "http://www.w3.org/1999/xlink",
            "xmlns:premis": premis.NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
            "OBJID": work.identifier,
            "LABEL": work.label,
            "TYPE": work.kind,
        },
    )


def _header(work: Work) -> str:
    holder = {"ROLE": "CUSTODIAN", "TYPE": "ORGANIZATION"}
    program = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
    agents = [
        markup.around("mets:agent", [markup.element("mets:name", name)], role)
        for name, role in (("Tàng Thư", program), (work.holder, holder))
    ]
    moments = {
        "CREATEDATE": _moment(work.created_at),
        "LASTMODDATE": _moment(work.changed_at),
    }
    return markup.around("mets:metsHdr", agents, moments)


def _section(name: str, identifier: str, kind: str, content: str) -> str:
    wrapped = markup.around(
        "mets:mdWrap", [markup.around("mets:xmlData", [content])], {"MDTYPE": kind}
    )
    return markup.around(name, [wrapped], {"ID": identifier})


def _administration(work: Work) -> str:
    """Return technical facts, rights and history, in the order that the schema wants."""
    known = [file for group in work.groups for file in group.files if file.sha256]
    return markup.around(
        "mets:amdSec",
        (
            *(
                _section("mets:techMD", _technical(file), "PREMIS:OBJECT", premis.file_object(file))
                for file in known
            ),
            _section("mets:rightsMD", "rights", "METSRIGHTS", _rights(work)),
            *(
                _section(
                    "mets:digiprovMD",
                    f"event-{number}",
                    "PREMIS:EVENT",
                    premis.event(event, number=number, about=work.identifier),
                )
                for number, event in enumerate(work.events, 1)
            ),
        ),
        {"ID": "amd"},
    )


def _rights(work: Work) -> str:
    holder = markup.element("rights:Comments", work.rights_note) if work.rights_note else ""
    return markup.around(
        "rights:RightsDeclarationMD",
        (
            markup.element("rights:RightsDeclaration", work.rights),
            markup.around("rights:RightsHolder", [holder]) if holder else "",
        ),
        {
            "xmlns:rights": _RIGHTS,
            "RIGHTSCATEGORY": "COPYRIGHTED" if work.is_protected else "OTHER",
        },
    )


def _files(groups: Sequence[FileGroup]) -> str:
    filled = [group for group in groups if group.files]
    if not filled:
        return ""
    return markup.around(
        "mets:fileSec",
        (
            markup.around("mets:fileGrp", (_file(file) for file in group.files), {"USE": group.use})
            for group in filled
        ),
    )


def _file(file: File) -> str:
    where = {
        "LOCTYPE": "URL" if file.is_address else "OTHER",
        "OTHERLOCTYPE": "" if file.is_address else "PATH",
        "xlink:href": file.href,
    }
    return markup.around(
        "mets:file",
        [markup.element("mets:FLocat", "", where)],
        {
            "ID": _name(file.identifier),
            "MIMETYPE": file.media_type,
            "SIZE": str(file.size) if file.size else "",
            "CREATED": _moment(file.created_at) if file.created_at else "",
            "CHECKSUM": file.sha256,
            "CHECKSUMTYPE": "SHA-256" if file.sha256 else "",
            "ADMID": _technical(file) if file.sha256 else "",
        },
    )


def _physical(work: Work) -> str:
    """Return the pages in order; of a work without pages, its files as they are."""
    if work.leaves:
        inner = [_leaf(leaf) for leaf in work.leaves]
    else:
        inner = [_pointer(file.identifier) for group in work.groups for file in group.files]
    whole = {"TYPE": "physSequence", "LABEL": work.label, "DMDID": "dmd", "ADMID": "amd"}
    return markup.around(
        "mets:structMap", [markup.around("mets:div", inner, whole)], {"TYPE": "PHYSICAL"}
    )


def _leaf(leaf: Leaf) -> str:
    return markup.around(
        "mets:div",
        [_pointer(name) for name in leaf.files],
        {
            "ID": _name(leaf.identifier),
            "TYPE": "page",
            "ORDER": str(leaf.order),
            "ORDERLABEL": leaf.label,
        },
    )


def _pointer(file: str) -> str:
    return markup.element("mets:fptr", "", {"FILEID": _name(file)})


def _logical(work: Work) -> str:
    """Return the contents as divisions within each other, with a link to where each begins."""
    if not work.parts:
        return ""
    inner = "".join(_divisions(work.parts))
    whole = {"TYPE": "document", "LABEL": work.label, "ID": "log-0"}
    links = [
        markup.element(
            "mets:smLink", "", {"xlink:from": f"log-{number}", "xlink:to": _name(part.first)}
        )
        for number, part in enumerate(work.parts, 1)
    ]
    return "".join(
        (
            markup.around(
                "mets:structMap", [markup.around("mets:div", [inner], whole)], {"TYPE": "LOGICAL"}
            ),
            markup.around("mets:structLink", links),
        )
    )


def _divisions(parts: Sequence[Part]) -> Iterator[str]:
    """Yield each line with the deeper ones behind it inside of it."""
    depth: list[int] = []
    for number, part in enumerate(parts, 1):
        while depth and depth[-1] >= part.level:
            depth.pop()
            yield "</mets:div>"
        depth.append(part.level)
        about = {"ID": f"log-{number}", "TYPE": "section", "LABEL": part.title}
        yield f"<mets:div{markup.attributes_of(about)}>"
    yield "</mets:div>" * len(depth)


def _technical(file: File) -> str:
    return f"tech-{file.identifier}"


def _name(identifier: str) -> str:
    """Return an XML name: ours begin with digits as often as not (xs:ID)."""
    return f"x-{identifier}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
