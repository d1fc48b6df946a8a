"""Works: what editions and translations of one text have in common.

The key of a work is its first author and its original title: the uniform title (240), the title of the original (765),
what a note says it was translated from, else the title proper without the number of the volume. A few classics are
known under several names; they stand in `data/works.tsv`, only names that the source beside them was seen to give.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from lienthu.catalogue.marc.description import trimmed, unstopped
from lienthu.catalogue.marc.record import Field, Record
from lienthu.kernel.text import exact_key, folded_key

_VARIANTS = Path(__file__).resolve().parents[1] / "data" / "works.tsv"
_ORIGINAL = re.compile(
    r"^\s*(?:dịch (?:từ|theo)(?: (?:nguyên )?bản)?(?: tiếng [^:]{2,20})?|nguyên (?:bản|tác)(?: tiếng [^:]{2,20})?"
    r"|tên (?:sách )?(?:nguyên bản|gốc)(?: tiếng [^:]{2,20})?|translation of|original title"
    r"|traduction de)\s*:?\s+(.{2,300})",
    re.IGNORECASE,
)
# Uniform titles that gather several works or parts of them (MARC 21 240, RDA 6.2.2.10): no work of their own.
_COLLECTIVE = frozenset(
    folded_key(title)
    for title in (
        "Works", "Selections", "Poems", "Novels", "Short stories", "Plays", "Essays", "Correspondence", "Speeches",
        "Tác phẩm", "Toàn tập", "Tuyển tập", "Thơ", "Truyện ngắn", "Tiểu thuyết", "Laws, etc", "Treaties, etc",
    )
)  # fmt: skip
_AUTHORS = ("100", "110")


class WorkKey(NamedTuple):
    """`key` is a signed 64-bit hash; `title` names the work when it gets a row."""

    key: int
    title: str


def work_key(record: Record) -> WorkKey | None:
    """The work of a record; None when its author or title is unknown."""
    title = _original_title(record)
    exact = exact_key(title)
    if not exact:
        return None
    author = _author(record)
    for known in _known().get(folded_key(title), ()):
        if (not author or author == known.author) and exact in known.spellings:
            return WorkKey(_hash(known.author, known.key), known.title)
    if not author or folded_key(title) in _COLLECTIVE:
        return None
    return WorkKey(_hash(author, exact), title)


def _original_title(record: Record) -> str:
    """The name of the work as this record gives it, best source first."""
    title = ""
    for one in record.fields:
        if one.tag == "240":
            return _unstopped(one, "ap")
        if one.tag == "765" and one.get("t"):
            return unstopped(one.get("t"))
        if one.tag == "500":
            found = _ORIGINAL.match(one.get("a"))
            if found:
                return unstopped(found[1].split(" / ")[0]).strip("\"'“”«»")
        if one.tag == "245" and not title:
            title = trimmed(one.get("a"))
    return unstopped(title)


def _unstopped(one: Field, codes: str) -> str:
    return unstopped(" ".join(value for code, value in one.subfields if code in codes))


def _author(record: Record) -> str:
    """The first author without years, words in one order, marks folded: names are often typed without them."""
    for one in record.fields:
        if one.tag in _AUTHORS:
            words = [word for word in folded_key(" ".join(one.values("ab"))).split() if not word[0].isdigit()]
            return " ".join(sorted(words))
    return ""


def _hash(author: str, title: str) -> int:
    digest = blake2b(f"{author}\x1f{title}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@dataclass(frozen=True, slots=True)
class _Known:
    author: str
    title: str
    key: str
    spellings: frozenset[str]


@cache
def _known() -> dict[str, list[_Known]]:
    """Folded title -> the works known under it. A title typed without marks counts as each of its spellings."""
    found: dict[str, list[_Known]] = {}
    with _VARIANTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            titles = [row["title"], *row["variants"].split("; ")]
            spellings = frozenset(key for title in titles for key in (exact_key(title), folded_key(title)))
            author = " ".join(sorted(folded_key(row["author"]).split()))
            known = _Known(author, row["title"], exact_key(row["title"]), spellings)
            for folded in {folded_key(title) for title in titles}:
                found.setdefault(folded, []).append(known)
    return found
