"""The deeds of text recognition: asking for text, working through the queue, names."""

from tangthu.digitisation.actions.ocr.asking import (
    Wish,
    ask_for_text,
    cancel,
    put_first,
    queue_new_pages,
    retry_failed,
)
from tangthu.digitisation.actions.ocr.names import add_names, remove_name
from tangthu.digitisation.actions.ocr.queue import claim, fail, finish, forget_finished, let_go

__all__ = [
    "Wish",
    "add_names",
    "ask_for_text",
    "cancel",
    "claim",
    "fail",
    "finish",
    "forget_finished",
    "let_go",
    "put_first",
    "queue_new_pages",
    "remove_name",
    "retry_failed",
]
