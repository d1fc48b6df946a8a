"""Amounts of đồng as people, banks and other systems write them."""

import re
from math import isfinite

MOST_MONEY = 10**15
_LONGEST_AMOUNT = 60


def money(value: object) -> int:
    """Whole đồng of a cell: 15.000, 15,000.00, +15 000 VND, 15000.0; 0 when it is no amount, or more than exists."""
    found = _whole(value)
    return found if abs(found) <= MOST_MONEY else 0


def _whole(value: object) -> int:
    if isinstance(value, bool) or value is None:
        return 0
    if isinstance(value, int | float):
        return int(value) if isfinite(value) and value == int(value) else 0
    if len(str(value)) > _LONGEST_AMOUNT:
        return 0
    text = re.sub(r"(?i)vnd|vnđ|đ|₫|\s|\+", "", str(value))
    text = re.sub(r"[.,]0{1,2}$", "", text) if not re.search(r"[.,]\d{3}$", text) else text
    if not re.fullmatch(r"-?\d{1,3}([.,]\d{3})*|-?\d+", text):
        return 0
    return int(re.sub(r"[.,]", "", text))
