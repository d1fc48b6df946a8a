"""Every write of the readers' room."""

from lienthu.patrons.actions.accounts import AccountTaken, NoSuchAccount, link_account
from lienthu.patrons.actions.blocking import block, lift_block
from lienthu.patrons.actions.cards import CardTaken, NoActiveCard, issue_card, replace_card, report_lost
from lienthu.patrons.actions.consenting import add_guardian, record_consent
from lienthu.patrons.actions.demonstration import load_readers
from lienthu.patrons.actions.photos import remove_photo, set_photo
from lienthu.patrons.actions.registering import ChangedMeanwhile, LooksTheSame, PatronData, change, register

__all__ = [
    "AccountTaken",
    "CardTaken",
    "ChangedMeanwhile",
    "LooksTheSame",
    "NoActiveCard",
    "NoSuchAccount",
    "PatronData",
    "add_guardian",
    "block",
    "change",
    "issue_card",
    "lift_block",
    "link_account",
    "load_readers",
    "record_consent",
    "register",
    "remove_photo",
    "replace_card",
    "report_lost",
    "set_photo",
]
