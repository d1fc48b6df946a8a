"""Copies that travel inside bibliographic records, read by a profile of the source.

Every library system writes its copies into other fields; a source names the profile that its files follow.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .record import Field, Record


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy as the record states it; texts are as they stand, empty where nothing is said."""

    accession_number: str = ""
    call_number: str = ""
    library: str = ""
    branch: str = ""
    shelf: str = ""
    copy_number: str = ""
    price: str = ""
    status: str = ""
    note: str = ""
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class ItemProfile:
    """Which subfields of which field hold what about a copy.

    Each value is a text of subfield codes; several are joined with a space, in the order given here.
    ``lost``, ``damaged``, ``withdrawn``, ``reference`` are subfields that hold other than "0" or nothing in that case.
    """

    name: str
    tag: str
    accession_number: str = ""
    call_number: str = ""
    library: str = ""
    branch: str = ""
    shelf: str = ""
    copy_number: str = ""
    price: str = ""
    note: str = ""
    quantity: str = ""
    flags: dict[str, str] = field(default_factory=dict)

    def copies(self, record: Record) -> list[Copy]:
        """The copies of a record, in its order; one with neither a number nor a place is none."""
        if not self.tag:
            return []
        copies = [self._copy(one) for one in record.fields if one.tag == self.tag]
        return [copy for copy in copies if copy.accession_number or copy.call_number or copy.library or copy.shelf]

    def _copy(self, one: Field) -> Copy:
        return Copy(
            accession_number=_joined(one, self.accession_number[:1]),
            call_number=_joined(one, self.call_number),
            library=_joined(one, self.library),
            branch=_joined(one, self.branch),
            shelf=_joined(one, self.shelf),
            copy_number=_joined(one, self.copy_number),
            price=_joined(one, self.price),
            status=self._status(one),
            note=_joined(one, self.note),
            quantity=_quantity(_joined(one, self.quantity)),
        )

    def _status(self, one: Field) -> str:
        for code, status in self.flags.items():
            if one.get(code).strip() not in ("", "0"):
                return status
        return ""


def _joined(one: Field, codes: Iterable[str]) -> str:
    return " ".join(value for code in codes for value in (one.get(code).strip(),) if value)


def _quantity(text: str) -> int:
    """How many copies one field stands for: 1 unless it states a number from 2 to 9999."""
    found = re.search(r"[0-9]{1,4}", text)
    return max(1, int(found[0])) if found else 1


KOHA952 = ItemProfile(
    name="koha952",
    tag="952",
    accession_number="p",
    call_number="o",
    library="a",
    branch="b",
    shelf="c",
    copy_number="t",
    price="g",
    note="z",
    flags={"0": "WITHDRAWN", "1": "LOST", "4": "DAMAGED", "7": "REFERENCE_ONLY", "q": "ON_LOAN"},
)
"""Koha: one 952 per copy."""

LIENTHU852 = ItemProfile(
    name="lienthu852",
    tag="852",
    accession_number="p",
    call_number="hi",
    library="a",
    branch="b",
    shelf="c",
    copy_number="t",
    price="9",
    note="z",
    quantity="7",
)
"""One 852 per copy, as Liên Thư writes it and as rows of a table become: $a library, $b branch or location, $c shelf,
$h class, $i author mark, $p accession number, $t copy number, $9 price, $7 number of copies without numbers."""

LIBOL852 = ItemProfile(name="libol852", tag="852", accession_number="j", library="a", shelf="b", call_number="hi")
"""Libol: 852 $a library, $b store room, $j accession number."""

NONE = ItemProfile(name="none", tag="")
"""The records carry no copies, or they are not to be read."""

PROFILES: dict[str, ItemProfile] = {one.name: one for one in (KOHA952, LIENTHU852, LIBOL852, NONE)}
