"""Every write of the readers' room."""

from lienthu.patrons.actions.blocking import block, lift_block
from lienthu.patrons.actions.cards import CardTaken, NoActiveCard, issue_card, replace_card, report_lost
from lienthu.patrons.actions.consenting import add_guardian, record_consent
from lienthu.patrons.actions.demonstration import load_readers
from lienthu.patrons.actions.registering import ChangedMeanwhile, LooksTheSame, PatronData, change, register

__all__ = [
    "CardTaken",
    "ChangedMeanwhile",
    "LooksTheSame",
    "NoActiveCard",
    "PatronData",
    "add_guardian",
    "block",
    "change",
    "issue_card",
    "lift_block",
    "load_readers",
    "record_consent",
    "register",
    "replace_card",
    "report_lost",
]
