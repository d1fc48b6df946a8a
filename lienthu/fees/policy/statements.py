"""The reference in the note of a transfer, and what a line of a bank's statement is worth believing."""

import re
from collections.abc import Iterable

PREFIX = "LT"
# A public identifier (kernel.ids) after the prefix, however a bank breaks or capitalises it.
_REFERENCE = re.compile(r"LT([0-9BCDFGHJKMNPQRSTVWXZ]{5,14})")


def reference(public_id: str) -> str:
    """What the note of a transfer carries: letters and digits only, so that no bank drops anything."""
    return PREFIX + public_id.upper()


def candidates(note: str) -> Iterable[str]:
    """Public identifiers that a note may carry, the likeliest first.

    Banks put text around the note without a blank, and break it anywhere: so every length from the longest down.
    """
    seen = dict[str, None]()
    for text in (note.upper(), re.sub(r"[^0-9A-Z]", "", note.upper())):
        for start in (found.start() for found in re.finditer(PREFIX, text)):
            found = _REFERENCE.match(text, start)
            if found:
                body = found[1].lower()
                seen |= dict.fromkeys(body[:length] for length in range(len(body), 4, -1))
    return seen
