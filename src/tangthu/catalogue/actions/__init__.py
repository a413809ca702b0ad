"""Every deed of the catalogue; see the modules for what each refuses and leaves behind."""

from tangthu.catalogue.actions.items import (
    ItemChanges,
    ItemData,
    add_item,
    add_items,
    change_item,
    next_number,
    provide_item_types,
    reinstate_item,
    withdraw_item,
)
from tangthu.catalogue.actions.records import (
    RECORD_CHANGED,
    add_record,
    restore_version,
    save_record,
    suppress,
    suppress_many,
    unsuppress,
)

__all__ = [
    "RECORD_CHANGED",
    "ItemChanges",
    "ItemData",
    "add_item",
    "add_items",
    "add_record",
    "change_item",
    "next_number",
    "provide_item_types",
    "reinstate_item",
    "restore_version",
    "save_record",
    "suppress",
    "suppress_many",
    "unsuppress",
    "withdraw_item",
]
