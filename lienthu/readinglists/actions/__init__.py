"""What readers do with their lists."""

from lienthu.readinglists.actions.keeping import (
    Full,
    NameTaken,
    NoCard,
    NotShown,
    add_title,
    delete_list,
    make_list,
    move_title,
    note_title,
    remove_title,
    rename_list,
)

__all__ = [
    "Full",
    "NameTaken",
    "NoCard",
    "NotShown",
    "add_title",
    "delete_list",
    "make_list",
    "move_title",
    "note_title",
    "remove_title",
    "rename_list",
]
