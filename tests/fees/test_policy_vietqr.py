"""VietQR against the four examples of NAPAS (format v1.5.2, 6.1.1 to 6.1.4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.fees.policy import BankAccount, checksum, vietqr
from tangthu.fees.policy.references import ALPHABET, POSSIBLE, reference, references_in

ACCOUNT = BankAccount(bank="970403", number="0011012345678")
CARD = BankAccount(bank="970403", number="9704031101234567", is_card=True)
ORDER = {"amount": 180_000, "bill": "NPS6869", "purpose": "thanh toan don hang"}

EXAMPLES = {
    # 6.1.1 prints the length of the account as 12, though it has 13 digits; its CRC is of that.
    "static account": (
        "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA"
        "53037045802VN6304",
        "F4E5",
    ),
    "static card": (
        "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC"
        "53037045802VN6304",
        "4F52",
    ),
    "dynamic account": (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
        "530370454061800005802VN62340107NPS68690819thanh toan don hang6304",
        "2E2E",
    ),
    "dynamic card": (
        "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC"
        "530370454061800005802VN62340107NPS68690819thanh toan don hang6304",
        "A203",
    ),
}


@pytest.mark.parametrize(("text", "crc"), EXAMPLES.values(), ids=EXAMPLES)
def test_the_checksum_is_that_of_the_examples(text, crc):
    assert checksum(text) == crc


def test_the_checksum_is_crc_16_ccitt_false():
    assert checksum("123456789") == "29B1"


@pytest.mark.parametrize(
    ("made", "example"),
    [
        (vietqr(CARD), "static card"),
        (vietqr(ACCOUNT, **ORDER), "dynamic account"),
        (vietqr(CARD, **ORDER), "dynamic card"),
    ],
    ids=["static card", "dynamic account", "dynamic card"],
)
def test_the_text_is_that_of_the_examples(made, example):
    assert made == "".join(EXAMPLES[example])


def test_a_static_code_to_an_account_differs_from_the_example_by_the_misprint_alone():
    text, _ = EXAMPLES["static account"]
    corrected = text.replace("0112001101234567", "0113001101234567")

    assert vietqr(ACCOUNT) == corrected + checksum(corrected)


@pytest.mark.parametrize(
    "account",
    [
        BankAccount(bank="", number="1"),
        BankAccount(bank="97043", number="1"),
        BankAccount(bank="970403", number=""),
        BankAccount(bank="970403", number="0" * 20),
        BankAccount(bank="970403", number="12 34"),
        BankAccount(bank="٩٧٠٤٠٣", number="1"),
    ],
)
def test_no_code_is_made_for_an_account_that_is_not_one(account):
    assert not account.is_complete
    with pytest.raises(ValueError, match="account"):
        vietqr(account)


@pytest.mark.parametrize("purpose", ["Phí thư viện", "X" * 26])
def test_a_purpose_that_banks_mangle_is_refused(purpose):
    with pytest.raises(ValueError, match="purpose"):
        vietqr(ACCOUNT, amount=1000, purpose=purpose)


def read(text: str) -> dict[str, str]:
    """A reader of our own: tag, length, value."""
    fields = {}
    while text:
        tag, length = text[:2], int(text[2:4])
        fields[tag], text = text[4 : 4 + length], text[4 + length :]
    return fields


@given(
    number=st.text("0123456789", min_size=1, max_size=19),
    amount=st.integers(1, 10**9),
    purpose=st.text("ABC xyz123", max_size=25),
)
def test_what_is_written_is_read_again(number, amount, purpose):
    account = BankAccount(bank="970436", number=number)

    text = vietqr(account, amount=amount, purpose=purpose)

    fields = read(text)
    assert text[-4:] == checksum(text[:-4])
    assert (fields["54"], fields["53"], fields["01"]) == (str(amount), "704", "12")
    assert read(read(fields["38"])["01"]) == {"00": "970436", "01": number}
    assert read(fields.get("62", "")) == ({"08": purpose} if purpose else {})


NUMBERS = st.integers(0, POSSIBLE - 1)


@given(NUMBERS)
def test_a_reference_is_found_in_what_banks_make_of_it(number):
    made = reference(number)

    assert references_in(made) == (made,)
    assert made in references_in(f"MBVCB.123.{made.lower()}.CT tu 0123 toi 456")
    assert made in references_in(f"PHI {made[:4]} {made[4:]}")


@given(number=NUMBERS, place=st.integers(2, 8), sign=st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_no_reference(number, place, sign):
    made = reference(number)
    wrong = made[:place] + sign + made[place + 1 :]

    assert (references_in(wrong) == (made,)) == (wrong == made)


@given(number=NUMBERS, place=st.integers(2, 7))
def test_two_signs_swapped_are_no_reference(number, place):
    made = reference(number)
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]

    assert (references_in(swapped) == (made,)) == (swapped == made)


@given(st.text(max_size=300))
def test_any_text_is_searched(text):
    assert all(len(found) == 9 for found in references_in(text))
