"""When two headings may be one: the same plain name, with or without dates, the words of a person in any order."""

import re
from dataclasses import dataclass

from lienthu.kernel.text import folded_key

NAME_LENGTH = 300
DATES_LENGTH = 60
_YEAR = re.compile(r"[0-9]{3,4}")
# From the first date on: "1765-1820", "b. 1950", "sinh 1950", "active 17th century", "(Nguyễn Tất Thành), 1890-1969"
_DATED = re.compile(
    r",?\s*\(?(?:(?:ca\.?|b\.|d\.|fl\.|active|born|died|sinh|mất|s\.|m\.)\s*)?[0-9]{3,4}.*$", re.IGNORECASE
)
_FULLER = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class PlainName:
    """What headings are compared by."""

    name: str
    dates: str = ""


def plain_name(kind: str, text: str) -> PlainName:
    """The plain name of a heading; of a person without dates and fuller forms, its words in alphabetical order."""
    if kind != "PERSON":
        return PlainName(folded_key(text)[:NAME_LENGTH])
    main, divided, divisions = text.partition(" -- ")
    dates = "-".join(_YEAR.findall(main))[:DATES_LENGTH]
    words = sorted(folded_key(undated(main)).split())
    rest = f" -- {folded_key(divisions)}" if divided else ""
    return PlainName((" ".join(words) + rest)[:NAME_LENGTH], dates)


def undated(text: str) -> str:
    """A name without dates and fuller forms."""
    return _FULLER.sub(" ", _DATED.sub("", text)).strip()


def may_be_one(dates: list[str]) -> bool:
    """Whether some two of headings with one name, given their dates, could be the same: equal dates, or none."""
    return len(dates) > 1 and ("" in dates or len(set(dates)) < len(dates))
