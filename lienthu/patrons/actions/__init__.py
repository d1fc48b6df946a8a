"""Every write of the readers' room."""

from lienthu.patrons.actions.accounts import AccountTaken, NoSuchAccount, link_account
from lienthu.patrons.actions.blocking import block, lift_block
from lienthu.patrons.actions.cards import (
    AlreadyReplaced,
    CardTaken,
    NoActiveCard,
    issue_card,
    replace_card,
    report_lost,
)
from lienthu.patrons.actions.consenting import NoGuardian, add_guardian, end_guardianship, record_consent
from lienthu.patrons.actions.demonstration import load_readers
from lienthu.patrons.actions.erasing import OpenMatters, erase
from lienthu.patrons.actions.exporting import as_json, export
from lienthu.patrons.actions.merging import CannotMerge, CannotPart, found_different, merge, merges_of, undo_merge
from lienthu.patrons.actions.owners import Section
from lienthu.patrons.actions.photos import remove_photo, set_photo
from lienthu.patrons.actions.proxies import end_proxy, note_proxy
from lienthu.patrons.actions.registering import ChangedMeanwhile, LooksTheSame, PatronData, change, register
from lienthu.patrons.actions.requesting import (
    Agreed,
    MustAgree,
    NotPending,
    confirm,
    decline,
    expire_requests,
    request_card,
)
from lienthu.patrons.actions.speaking import set_language

__all__ = [
    "AccountTaken",
    "Agreed",
    "AlreadyReplaced",
    "CannotMerge",
    "CannotPart",
    "CardTaken",
    "ChangedMeanwhile",
    "LooksTheSame",
    "MustAgree",
    "NoActiveCard",
    "NoGuardian",
    "NoSuchAccount",
    "NotPending",
    "OpenMatters",
    "PatronData",
    "Section",
    "add_guardian",
    "as_json",
    "block",
    "change",
    "confirm",
    "decline",
    "end_guardianship",
    "end_proxy",
    "erase",
    "expire_requests",
    "export",
    "found_different",
    "issue_card",
    "lift_block",
    "link_account",
    "load_readers",
    "merge",
    "merges_of",
    "note_proxy",
    "record_consent",
    "register",
    "remove_photo",
    "replace_card",
    "report_lost",
    "request_card",
    "set_language",
    "set_photo",
    "undo_merge",
]
