"""Which library of the demonstration holds which record: made up, but always the same.

Everything follows from the control number of a record, so loading twice adds nothing and two installations agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from lienthu.catalogue.actions.shelving import NewCopy
from lienthu.kernel.text import folded_key

NOTE = "Bản trình diễn"
SOURCE_KEY = "trinh-dien"
# Of 100 copies: how many stand on the shelf, are read in the library only, are on loan, are being processed.
STATUSES = ("AVAILABLE",) * 84 + ("REFERENCE_ONLY",) * 7 + ("ON_LOAN",) * 7 + ("IN_PROCESS",) * 2


@dataclass(frozen=True, slots=True)
class Described:
    """What of a record decides about its copies."""

    record_id: int
    control_number: str
    summary: dict[str, Any]


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def call_number(summary: dict[str, Any]) -> str:
    """Class number and the first letters of author or title, as on a spine."""
    ddc = summary.get("ddc") or []
    words = folded_key((summary.get("authors") or [summary.get("title", "")])[0]).split()
    mark = "".join(word[0] for word in words[:3]).upper()
    return " ".join(filter(None, (ddc[0] if ddc else "", mark)))


def holders(described: Described, codes: list[str], *, most: int) -> list[str]:
    """Codes of the libraries that hold this record; the first code of the list holds nearly everything."""
    seed = _number(described.control_number)
    wanted = 1 + seed % most
    if "vie" in described.summary.get("language", ()):
        wanted = min(len(codes), wanted + 2)
    rest = sorted(codes[1:], key=lambda code: _number(f"{described.control_number}/{code}"))
    first = [codes[0]] if seed % 10 < 8 else []
    return (first + rest)[:wanted]


def shares(records: Iterator[Described], codes: list[str], *, most: int) -> dict[str, list[int]]:
    """Which records each library holds, as ids in their order."""
    held: dict[str, list[int]] = {code: [] for code in codes}
    for described in records:
        for code in holders(described, codes, most=most):
            held[code].append(described.record_id)
    return held


def copies_for(code: str, records: Iterator[Described]) -> Iterator[NewCopy]:
    """The copies that the library `code` holds of these records, all of which it holds."""
    for described in records:
        seed = _number(f"{code}:{described.control_number}")
        mark = code.removeprefix("VN-").replace("-", "")
        for place in range(1 + (seed % 7 == 0)):
            yield NewCopy(
                record_id=described.record_id,
                source_key=f"{SOURCE_KEY}-{place + 1}",
                accession_number=f"{mark}.{described.control_number.strip()}.{place + 1}"[:80],
                call_number=call_number(described.summary),
                shelf="Kho mở" if seed % 3 else "Kho đọc",
                status=STATUSES[(seed >> 8) % len(STATUSES)],
                note=NOTE,
            )
