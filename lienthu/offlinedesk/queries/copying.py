"""The copy that a device takes along: least personal data, in parts with a digest each, so that only changes travel."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from zlib import crc32

from lienthu.catalogue.queries.items import copies_by_id, copies_of_library
from lienthu.circulation.queries.present import open_loans_around
from lienthu.kernel import clock
from lienthu.libraries.queries import coming_days, timetable_of
from lienthu.loanrules.queries import terms_for
from lienthu.loanrules.queries.codes import category_names
from lienthu.offlinedesk.models import Device
from lienthu.patrons.queries import cards_for_copying

PARTS = 128
TITLE = 90
CLOSED_DAYS_AHEAD = 120
VALUES = (
    "lendable",
    "in_library_only",
    "loan_days",
    "fixed_due",
    "fixed_due_how",
    "closed_day",
    "max_loans",
    "renewals",
    "renewal_days",
    "renewal_from",
    "overdue_blocks_after_days",
)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one kind whose numbers fall into one of PARTS classes, with the digest of their text."""

    name: str
    digest: str
    text: str


def parts_for(device: Device) -> list[Part]:
    """Everything that the device may know now. Five statements, whatever the number of readers."""
    today = clock.today()
    loans = open_loans_around(device.library_id)
    held: dict[int, list[date]] = {}
    for loan in loans:
        held.setdefault(loan.patron_id, []).append(loan.due_on)
    cards = cards_for_copying(library_id=device.library_id, also=held, on=today)
    card_rows = [
        [
            card.number,
            card.status,
            card.replaced_by,
            card.name,
            card.category,
            card.expires.isoformat() if card.expires else "",
            list(card.blocks),
            len(held.get(card.patron_id, ())),
            min(held[card.patron_id]).isoformat() if card.patron_id in held else "",
        ]
        for card in cards
    ]
    lent = {loan.item_id: loan for loan in loans}
    copies = {copy.item_id: copy for copy in copies_of_library(device.library_id)}
    copies |= copies_by_id([item_id for item_id in lent if item_id not in copies])
    copy_rows = []
    for copy in copies.values():
        own = lent.get(copy.item_id)
        extra = [own.due_on.isoformat(), own.renewals, own.category] if own else ["", 0, ""]
        copy_rows.append([copy.accession_number, copy.title[:TITLE], copy.status, copy.item_type, *extra])
    pairs = {(card.category, copy.item_type) for card in _one_of_each(cards) for copy in _one_of_type(copies.values())}
    return [
        *_split("cards", card_rows),
        *_split("copies", copy_rows),
        _part("rules", _rules(device, pairs, today)),
        _part("days", _closed_days(device, today)),
    ]


def _one_of_each(cards: Iterable[Any]) -> Iterable[Any]:
    return {card.category: card for card in cards}.values()


def _one_of_type(copies: Iterable[Any]) -> Iterable[Any]:
    return {copy.item_type: copy for copy in copies}.values()


def _split(name: str, rows: list[list[Any]]) -> list[Part]:
    parts: dict[int, list[list[Any]]] = {number: [] for number in range(PARTS)}
    for row in rows:
        parts[crc32(str(row[0]).encode()) % PARTS].append(row)
    return [_part(f"{name}-{number}", sorted(found)) for number, found in parts.items()]


def _part(name: str, rows: Any) -> Part:
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return Part(name, sha256(text.encode()).hexdigest()[:32], text)


def _rules(device: Device, pairs: set[tuple[str, str]], today: date) -> dict[str, Any]:
    """The values of the day for each reader category and item type that occur here."""
    names = category_names()
    rules: dict[str, Any] = {}
    for category, item_type in sorted(pairs):
        terms = terms_for(
            library_id=device.library_id, branch_id=device.branch_id, category=category, item_type=item_type, on=today
        )
        values = {name: getattr(terms, name).value for name in VALUES}
        rules[f"{category}|{item_type}"] = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()
        }
    used = {category for category, _type in pairs}
    return {"rules": rules, "categories": {code: name for code, name in names.items() if code in used}}


def _closed_days(device: Device, today: date) -> list[str]:
    """Days of the coming months on which the desk is closed; where no hours are known, none."""
    plans = coming_days(timetable_of(device.library, device.branch), first=today, days=CLOSED_DAYS_AHEAD)
    days = [today + timedelta(days=number) for number in range(CLOSED_DAYS_AHEAD)]
    return [
        day.isoformat() for day, plan in zip(days, plans, strict=True) if not plan.spans and str(plan.why) != "UNKNOWN"
    ]
