"""The colour of a cover plate comes from the class number, so a shelf keeps its colour on every page."""

import re

# One hue for each Dewey class, and three shades so that neighbours within a class differ.
HUES = {
    "0": "slate",
    "1": "plum",
    "2": "gold",
    "3": "lacquer",
    "4": "teal",
    "5": "leaf",
    "6": "forest",
    "7": "rose",
    "8": "violet",
    "9": "indigo",
}
_DIGITS = re.compile(r"\d{1,3}")


def plate_class(class_number: str) -> str:
    """The CSS class of the plate for a Dewey number such as `895.9221`; documents without one share a quiet grey."""
    digits = _DIGITS.search(class_number or "")
    if not digits:
        return "cover-none"
    number = digits.group()
    shade = int(number[1]) % 3 if len(number) > 1 else 0
    return f"cover-{HUES[number[0]]}-{shade}"
