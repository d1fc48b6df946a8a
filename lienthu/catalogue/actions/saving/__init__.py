"""Saving records that people make and change at the desk, and withdrawing them; files come in through `imports`.

A record of the desk is ISO 2709 in UTF-8. One revision a save; a save that changes nothing writes nothing.
"""

from lienthu.catalogue.actions.records import ChangedMeanwhile
from lienthu.catalogue.actions.saving.content import RecordRefused, same_content
from lienthu.catalogue.actions.saving.many import NotSaved, SavedMany, save_many
from lienthu.catalogue.actions.saving.single import Saved, save_record
from lienthu.catalogue.actions.saving.withdrawing import withdraw_record, withdraw_rows

__all__ = [
    "ChangedMeanwhile",
    "NotSaved",
    "RecordRefused",
    "Saved",
    "SavedMany",
    "same_content",
    "save_many",
    "save_record",
    "withdraw_record",
    "withdraw_rows",
]
