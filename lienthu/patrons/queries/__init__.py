"""Reads of readers that others may use; none of them asks who wants to know (access.py does)."""

from lienthu.patrons.policy import age_band
from lienthu.patrons.queries.acting import Collector, Ward, collectors_of, current_guardians, current_proxies, wards_of
from lienthu.patrons.queries.contacts import Contact, cards_expiring, contacts_of
from lienthu.patrons.queries.copying import CardCopy, cards_for_copying
from lienthu.patrons.queries.readers import (
    EVERY_CATEGORY,
    CardHolder,
    PatronSummary,
    account_of_patron,
    active_card,
    category_names,
    category_path,
    find_patrons,
    held_patron_of_account,
    hold_patron,
    named,
    patron_of_account,
    patron_of_card,
    patrons_by_id,
)
from lienthu.patrons.queries.standing import BlockFact, Standing, blocks_of, past_blocks, standing

__all__ = [
    "EVERY_CATEGORY",
    "BlockFact",
    "CardCopy",
    "CardHolder",
    "Collector",
    "Contact",
    "PatronSummary",
    "Standing",
    "Ward",
    "account_of_patron",
    "active_card",
    "age_band",
    "blocks_of",
    "cards_expiring",
    "cards_for_copying",
    "category_names",
    "category_path",
    "collectors_of",
    "contacts_of",
    "current_guardians",
    "current_proxies",
    "find_patrons",
    "held_patron_of_account",
    "hold_patron",
    "named",
    "past_blocks",
    "patron_of_account",
    "patron_of_card",
    "patrons_by_id",
    "standing",
    "wards_of",
]
