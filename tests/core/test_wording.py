from __future__ import annotations

from collections.abc import Iterator

from tangthu.core import wording
from tangthu.core.errors import TangthuError


def every_error(root: type[TangthuError] = TangthuError) -> Iterator[type[TangthuError]]:
    for error in root.__subclasses__():
        yield error
        yield from every_error(error)


def test_every_refusal_has_words():
    unworded = {error.code for error in every_error()} - wording.known()

    assert not unworded


def test_no_two_refusals_share_a_code():
    codes: dict[str, type[TangthuError]] = {}
    for error in every_error():
        assert codes.setdefault(error.code, error) is error or issubclass(
            error, codes[error.code]
        ), f"{error} and {codes[error.code]}"


def test_a_missing_placeholder_does_not_break_the_sentence():
    assert wording.sentence("not_found", {}) != ""
    assert "xyz" in wording.sentence("xyz")
