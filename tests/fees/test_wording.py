"""Every code that a person may see has its words."""

from __future__ import annotations

import re
from pathlib import Path

import tangthu.fees
from tangthu.core.errors import TangthuError
from tangthu.fees import errors
from tangthu.fees.policy import Account, Doubt, EntryKind, Unreadable
from tangthu.fees.wording import (
    ACCOUNTS,
    AUDIT,
    CARD_FEE_FAULTS,
    ENTRY_KINDS,
    FILE_FAULTS,
    LINE_REASONS,
    WORDING,
)

SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in Path(tangthu.fees.__file__).parent.rglob("*.py")
    if "migrations" not in path.parts
)


def test_every_refusal_has_its_sentence():
    codes = {
        each.code
        for each in vars(errors).values()
        if isinstance(each, type)
        and issubclass(each, TangthuError)
        and each.__module__ == errors.__name__
    }

    assert codes <= set(WORDING)


def test_every_kind_account_and_reason_has_its_words():
    assert set(EntryKind) == set(ENTRY_KINDS)
    assert set(Account) == set(ACCOUNTS)
    assert {*Doubt, *Unreadable} == set(LINE_REASONS)


def test_every_fault_of_a_form_has_its_sentence():
    faults = set(re.findall(r'\bfault="([a-z_]+)"', SOURCE))

    assert faults == {*FILE_FAULTS, *CARD_FEE_FAULTS}


def test_every_deed_is_told_in_the_audit_log():
    named = set(re.findall(r'"(fees\.[a-z_]+)"', SOURCE))
    deeds = {name for name in named if name.count("_") or name.endswith("file")}
    deeds |= {f"fees.{kind}" for kind in EntryKind}

    assert {f"audit.{deed}" for deed in deeds - {"fees.cash_desk"}} <= set(AUDIT)
