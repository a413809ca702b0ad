"""The deeds of the digital library."""

from tangthu.repository.actions.files import Incoming, add_file, add_page_images
from tangthu.repository.actions.objects import (
    ObjectData,
    change_object,
    create_object,
    publish,
    reopen,
    withdraw,
)
from tangthu.repository.actions.pages import (
    SectionData,
    crop_page,
    label_pages,
    remove_page,
    reorder_pages,
    replace_page,
    set_sections,
    shape_page,
    split_page,
    turn_page,
)
from tangthu.repository.actions.preserving import make_ready, prepare_pages, preserve
from tangthu.repository.news import OBJECT_CHANGED

__all__ = [
    "OBJECT_CHANGED",
    "Incoming",
    "ObjectData",
    "SectionData",
    "add_file",
    "add_page_images",
    "change_object",
    "create_object",
    "crop_page",
    "label_pages",
    "make_ready",
    "prepare_pages",
    "preserve",
    "publish",
    "remove_page",
    "reopen",
    "reorder_pages",
    "replace_page",
    "set_sections",
    "shape_page",
    "split_page",
    "turn_page",
    "withdraw",
]
