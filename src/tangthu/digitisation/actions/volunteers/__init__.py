"""Volunteers: calling them, taking their answers, deciding between them."""

from tangthu.digitisation.actions.volunteers.answers import Taken, answer_word, decide_word
from tangthu.digitisation.actions.volunteers.calls import (
    call_volunteers,
    close_call,
    gather_words,
    take_in_words,
)
from tangthu.digitisation.actions.volunteers.people import (
    bar_volunteer,
    forget_volunteer,
    name_volunteer,
    readmit_volunteer,
    record_of,
)

__all__ = [
    "Taken",
    "answer_word",
    "bar_volunteer",
    "call_volunteers",
    "close_call",
    "decide_word",
    "forget_volunteer",
    "gather_words",
    "name_volunteer",
    "readmit_volunteer",
    "record_of",
    "take_in_words",
]
