"""Which records stand together in one union record, and what that union record says.

Every write of source records goes through here, in its own transaction: an import chunk, a save at the desk, a restored
revision, a revert, a rematch. `lock_matching` comes first; `seat` finds each record its union record; `settle` writes
evidence, journal and doubtful pairs, composes the union records anew and groups them into works.
"""

from lienthu.catalogue.actions.clustering.composing import recompose
from lienthu.catalogue.actions.clustering.locks import lock_matching
from lienthu.catalogue.actions.clustering.moving import Deed, Move, journal, move_records
from lienthu.catalogue.actions.clustering.seats import (
    Arrival,
    arrival_of,
    keys_for,
    matching_is_on,
    same_evidence,
    seat,
    work_for,
)
from lienthu.catalogue.actions.clustering.settling import settle, settle_gone

__all__ = [
    "Arrival",
    "Deed",
    "Move",
    "arrival_of",
    "journal",
    "keys_for",
    "lock_matching",
    "matching_is_on",
    "move_records",
    "recompose",
    "same_evidence",
    "seat",
    "settle",
    "settle_gone",
    "work_for",
]
