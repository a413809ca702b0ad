"""Statements of rights: rightsstatements.org 1.0 and Creative Commons 4.0, by short codes."""

from __future__ import annotations

from enum import StrEnum

_STATEMENTS = "http://rightsstatements.org/vocab/"
_COMMONS = "https://creativecommons.org/"


class Rights(StrEnum):
    """What may be done with a document. The code is kept; others are told the `uri`."""

    PDM = "PDM"
    CC0 = "CC0"
    CC_BY = "CC-BY"
    CC_BY_SA = "CC-BY-SA"
    CC_BY_ND = "CC-BY-ND"
    CC_BY_NC = "CC-BY-NC"
    CC_BY_NC_SA = "CC-BY-NC-SA"
    CC_BY_NC_ND = "CC-BY-NC-ND"
    INC = "InC"
    INC_EDU = "InC-EDU"
    INC_NC = "InC-NC"
    INC_RUU = "InC-RUU"
    NOC_CR = "NoC-CR"
    NOC_NC = "NoC-NC"
    NOC_OKLR = "NoC-OKLR"
    CNE = "CNE"
    UND = "UND"
    NKC = "NKC"

    @property
    def uri(self) -> str:
        """The address of the statement, as its publisher keeps it."""
        match self:
            case Rights.PDM:
                return f"{_COMMONS}publicdomain/mark/1.0/"
            case Rights.CC0:
                return f"{_COMMONS}publicdomain/zero/1.0/"
            case _ if self.startswith("CC-"):
                return f"{_COMMONS}licenses/{self.removeprefix('CC-').lower()}/4.0/"
            case _:
                return f"{_STATEMENTS}{self}/1.0/"


PROTECTED = frozenset(
    {Rights.INC, Rights.INC_EDU, Rights.INC_NC, Rights.INC_RUU, Rights.CNE, Rights.UND}
)
"""Where a work is, or may be, protected: open to all only with a permission that is written down.

Law on Intellectual Property (50/2005/QH11 as amended by 07/2022/QH15), articles 20 and 25: making a
protected work available to the public by network is the right of its owner.
"""
