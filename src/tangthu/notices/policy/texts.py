"""The texts that Tàng Thư ships: for every kind a long one, a short one, and the line of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tangthu.notices.policy.kinds import KINDS, Channel, NoticeKind
from tangthu.notices.policy.texts_en import ENGLISH, ENGLISH_LINES
from tangthu.notices.policy.texts_vi import VIETNAMESE, VIETNAMESE_LINES

DEFAULT_LANGUAGE = "vi"
LANGUAGES = ("vi", "en")
SUBJECT_ROOM = 150
BODY_ROOM = 5000


@dataclass(frozen=True, slots=True)
class Text:
    """What is sent: a subject where the channel has one, and the body."""

    subject: str
    body: str


_LONG: Mapping[str, Mapping[NoticeKind, tuple[str, str, str]]] = {
    "vi": VIETNAMESE,
    "en": ENGLISH,
}
_LINES: Mapping[str, Mapping[NoticeKind, str]] = {"vi": VIETNAMESE_LINES, "en": ENGLISH_LINES}

WITH_SUBJECT = frozenset({Channel.EMAIL, Channel.LETTER, Channel.PUSH})
"""Channels whose messages have a subject or a title. For Zalo the subject is the template's id."""

_LONG_CHANNELS = frozenset({Channel.EMAIL, Channel.LETTER})


def default_text(kind: NoticeKind, channel: Channel, language: str) -> Text:
    """Return the text that holds where no library has written its own."""
    subject, long, short = _LONG.get(language, VIETNAMESE)[kind]
    body = long if channel in _LONG_CHANNELS else short
    return Text(subject if channel in WITH_SUBJECT else "", body)


def line_text(kind: NoticeKind, language: str) -> str:
    """Return how one notice stands in a list of several."""
    return _LINES.get(language, VIETNAMESE_LINES)[kind]


def kinds_with_texts() -> tuple[NoticeKind, ...]:
    """Return the kinds in the order in which people are shown their texts."""
    return tuple(KINDS)
