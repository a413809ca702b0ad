"""What preservation knows of files and events: PREMIS 3.0, in the sections of METS."""

from __future__ import annotations

from datetime import UTC, datetime

from tangthu.formats import markup
from tangthu.formats.mets.model import Event, File

NAMESPACE = "http://www.loc.gov/premis/v3"


def file_object(file: File) -> str:
    """Return the PREMIS object of a file: its digest, size, format and first name."""
    fixity = (
        markup.element("premis:messageDigestAlgorithm", "SHA-256"),
        markup.element("premis:messageDigest", file.sha256),
    )
    named = markup.around(
        "premis:formatDesignation", [markup.element("premis:formatName", file.media_type)]
    )
    characteristics = (
        markup.around("premis:fixity", fixity) if file.sha256 else "",
        markup.element("premis:size", str(file.size)),
        markup.around("premis:format", [named]),
    )
    return markup.around(
        "premis:object",
        (
            _identified("premis:objectIdentifier", "objectIdentifier", file.identifier),
            markup.around("premis:objectCharacteristics", characteristics),
            markup.element("premis:originalName", file.name) if file.name else "",
        ),
        {"xsi:type": "premis:file"},
    )


def event(found: Event, *, number: int, about: str) -> str:
    """Return a PREMIS event of the object, the number told by its place among them."""
    detail = (
        markup.around(
            "premis:eventDetailInformation", [markup.element("premis:eventDetail", found.detail)]
        )
        if found.detail
        else ""
    )
    outcome = markup.around(
        "premis:eventOutcomeInformation", [markup.element("premis:eventOutcome", found.outcome)]
    )
    agent = (
        _identified("premis:linkingAgentIdentifier", "linkingAgentIdentifier", found.agent)
        if found.agent
        else ""
    )
    target = found.file or about
    return markup.around(
        "premis:event",
        (
            _identified("premis:eventIdentifier", "eventIdentifier", f"{about}-{number}"),
            # The Library of Congress's vocabulary writes its terms with spaces.
            markup.element("premis:eventType", found.kind.replace("_", " ")),
            markup.element("premis:eventDateTime", _moment(found.at)),
            detail,
            outcome,
            agent,
            _identified("premis:linkingObjectIdentifier", "linkingObjectIdentifier", target),
        ),
    )


def _identified(name: str, part: str, value: str) -> str:
    return markup.around(
        name,
        (
            markup.element(f"premis:{part}Type", "local"),
            markup.element(f"premis:{part}Value", value),
        ),
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
