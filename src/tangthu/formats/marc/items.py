"""Copies described inside bibliographic records, each system in a field of its own.

There is no standard for copies in a record; a profile names the field and its subfields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from tangthu.formats.marc.record import DataField, MarcRecord
from tangthu.text.normal import normalise


@dataclass(frozen=True, slots=True)
class ItemData:
    """One copy as the record tells it; what is not told is empty."""

    accession_number: str
    barcode: str = ""
    location: str = ""
    call_number: str = ""
    price: str = ""
    item_type: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProfile:
    """Which subfields of a field mean what.

    Each attribute lists codes. Numbers, location, price and type take the first code present;
    call number and note join all. A repeated number means several copies in one field.
    """

    name: str
    tag: str
    accession_number: str
    barcode: str = ""
    location: str = ""
    call_number: str = ""
    price: str = ""
    item_type: str = ""
    note: str = ""


REGISTER_952 = ItemProfile(name="952-register", tag="952", accession_number="p", location="c")
"""Number in the register and place, nothing else: barcodes are still to be made."""

KOHA_952 = ItemProfile(
    name="952",
    tag="952",
    accession_number="ip",
    barcode="p",
    location="cba",
    call_number="o",
    price="gv",
    item_type="y",
    note="zx",
)
SIRSI_949 = ItemProfile(
    name="949",
    tag="949",
    accession_number="i",
    barcode="i",
    location="lm",
    call_number="a",
    price="p",
    item_type="t",
    note="oxz",
)
HOLDINGS_852 = ItemProfile(
    name="852",
    tag="852",
    accession_number="jp",
    barcode="p",
    location="bca",
    call_number="khim",
    price="9",
    note="zx",
)
LOCAL_930 = ItemProfile(name="930", tag="930", accession_number="a", location="bc", note="z")

PROFILES = {
    profile.name: profile
    for profile in (KOHA_952, REGISTER_952, SIRSI_949, HOLDINGS_852, LOCAL_930)
}

_FOREIGN = re.compile(r"[$€£¥]|usd|eur|gbp|fr", re.IGNORECASE)
_AMOUNT = re.compile(r"\d[\d., ]*")
_CENTS = re.compile(r"[.,]\d{1,2}$")


def holdings(record: MarcRecord, profile: ItemProfile) -> tuple[ItemData, ...]:
    """Return the copies that the record tells, in order. A field without a number tells none."""
    return tuple(item for field in record.data(profile.tag) for item in _items(field, profile))


def guess_profile(record: MarcRecord) -> ItemProfile | None:
    """Return the profile under which the record tells copies, or None."""
    for profile in PROFILES.values():
        if holdings(record, profile):
            is_register = all(
                {code for code, _ in field.subfields} <= {"p", "c"} for field in record.data("952")
            )
            return REGISTER_952 if profile is KOHA_952 and is_register else profile
    return None


def price_in_dong(text: str) -> int | None:
    """Return a price written in any Vietnamese way (`25.000đ`, `25,000`, `25000.00`) in đồng.

    None for other currencies and for text without a number.
    """
    found = _AMOUNT.search(text)
    if found is None or _FOREIGN.search(text):
        return None
    digits = _CENTS.sub("", found[0].rstrip("., "))
    return int(re.sub("[., ]", "", digits))


def _items(field: DataField, profile: ItemProfile) -> Iterator[ItemData]:
    numbers = _numbers(field, profile.accession_number)
    barcodes = _numbers(field, profile.barcode)
    for number, barcode in zip_longest(numbers, barcodes[: len(numbers)], fillvalue=""):
        yield ItemData(
            accession_number=number,
            barcode=barcode,
            location=_first(field, profile.location),
            call_number=normalise(field.text(profile.call_number)) if profile.call_number else "",
            price=_first(field, profile.price),
            item_type=_first(field, profile.item_type),
            note=normalise(field.text(profile.note)) if profile.note else "",
        )


def _numbers(field: DataField, codes: str) -> list[str]:
    """Return all values of the first of the codes that has any."""
    for code in codes:
        found = [number for number in map(normalise, field.all(code)) if number]
        if found:
            return found
    return []


def _first(field: DataField, codes: str) -> str:
    return next(iter(_numbers(field, codes)), "")
