"""Everything that others may read of discovery."""

from lienthu.discovery.queries.asking import MAX_DEPTH, ask
from lienthu.discovery.queries.cards import Card, cards, shelf_card
from lienthu.discovery.queries.classes import ClassNumber, ShelfClass, class_numbers, class_shelf
from lienthu.discovery.queries.descriptions import isbd_lines
from lienthu.discovery.queries.finding import Found, Hit, corrections, count_of, export, find, similar, terms_of

__all__ = [
    "MAX_DEPTH",
    "Card",
    "ClassNumber",
    "Found",
    "Hit",
    "ShelfClass",
    "ask",
    "cards",
    "class_numbers",
    "class_shelf",
    "corrections",
    "count_of",
    "export",
    "find",
    "isbd_lines",
    "shelf_card",
    "similar",
    "terms_of",
]
