"""Correcting the text of pages: one word, a whole page, and taking corrections back."""

from tangthu.digitisation.actions.correction.history import (
    TakenBack,
    undo,
    undo_all_of_staff,
    undo_all_of_volunteer,
    undo_page,
)
from tangthu.digitisation.actions.correction.pages import Typed, save_page
from tangthu.digitisation.actions.correction.words import Spot, correct_word

__all__ = [
    "Spot",
    "TakenBack",
    "Typed",
    "correct_word",
    "save_page",
    "undo",
    "undo_all_of_staff",
    "undo_all_of_volunteer",
    "undo_page",
]
