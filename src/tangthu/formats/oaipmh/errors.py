"""What a harvester may do wrong (OAI-PMH 2.0, section 3.6)."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """The codes of the protocol."""

    BAD_ARGUMENT = "badArgument"
    BAD_RESUMPTION_TOKEN = "badResumptionToken"  # noqa: S105
    BAD_VERB = "badVerb"
    CANNOT_DISSEMINATE_FORMAT = "cannotDisseminateFormat"
    ID_DOES_NOT_EXIST = "idDoesNotExist"
    NO_RECORDS_MATCH = "noRecordsMatch"
    NO_METADATA_FORMATS = "noMetadataFormats"
    NO_SET_HIERARCHY = "noSetHierarchy"


class OaiError(Exception):
    """A request that the protocol refuses; `words` are for the person behind the harvester."""

    def __init__(self, fault: Fault, words: str) -> None:
        super().__init__(f"{fault}: {words}")
        self.fault = fault
        self.words = words

    @property
    def hides_request(self) -> bool:
        """Whether the answer may not repeat the arguments (section 3.2)."""
        return self.fault in {Fault.BAD_VERB, Fault.BAD_ARGUMENT}
