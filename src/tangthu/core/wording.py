"""The sentence that a person reads for the code of a refusal, in one place for every face.

Each app says its own in `wording.py`, a mapping from code to a translatable sentence with named
placeholders, and registers it when it is ready.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.core.errors import TangthuError

_sentences: dict[str, Promise] = {}


def register(sentences: Mapping[str, Promise]) -> None:
    """Add the sentences of an app. A code that is already there is a mistake."""
    for code, sentence in sentences.items():
        if code in _sentences and str(_sentences[code]) != str(sentence):
            raise ValueError(f"two sentences for {code}")
        _sentences[code] = sentence


def sentence(code: str, data: Mapping[str, object] | None = None) -> str:
    """Return the words for a code; a plain apology for one that nobody worded."""
    words = str(_sentences.get(code, _("This cannot be done now (%(code)s).")))
    try:
        return words % {"code": code, **(data or {})}
    except (KeyError, TypeError, ValueError):
        return words


def known() -> frozenset[str]:
    """Return every code that has words."""
    return frozenset(_sentences)


def explain(error: TangthuError) -> str:
    """Return the words for a refusal."""
    return sentence(error.code, error.data)


CORE = {
    "not_permitted": _("You do not have the right to do this. Ask your library's administrator."),
    "not_found": _("It was not found. It may have been removed, or belong to another library."),
    "invalid": _("This value cannot be accepted."),
    "conflict": _("Somebody changed this at the same time. Look at it again, then repeat."),
    "stale_version": _("Somebody else saved a newer version. Look at it, then save again."),
    "busy": _("The system is busy. Try again in a moment."),
    "idempotency_key_reused": _("This Idempotency-Key was used before for another request."),
}
