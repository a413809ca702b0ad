"""What readers do in the catalogue beyond the deeds of the apps below.

`codes`: sending a one-time code. `lists`: lists of records. `searches`: searches that are kept,
and their news. `forgetting`: a part of erasure.
"""

from tangthu.opac.actions.codes import send_code
from tangthu.opac.actions.forgetting import forget_reader
from tangthu.opac.actions.lists import (
    add_to_list,
    create_list,
    remove_from_list,
    remove_list,
    rename_list,
    share_list,
    stop_sharing,
)
from tangthu.opac.actions.searches import remove_search, save_search, set_alert, tell_news

__all__ = [
    "add_to_list",
    "create_list",
    "forget_reader",
    "remove_from_list",
    "remove_list",
    "remove_search",
    "rename_list",
    "save_search",
    "send_code",
    "set_alert",
    "share_list",
    "stop_sharing",
    "tell_news",
]
