"""Copies that travel inside bibliographic records, read by a profile of the source.

Every library system writes its copies into other fields; a source names the profile that its files follow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

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
    ranges: bool = False
    """Whether one text names several copies: "VV-D4/00051-52, 60"."""
    call_number_tag: str = ""
    """The field whose $a and $b are the call number where the copy itself says none."""
    flags: dict[str, str] = field(default_factory=dict)

    def copies(self, record: Record) -> list[Copy]:
        """The copies of a record, in its order; one with neither a number nor a place is none."""
        if not self.tag:
            return []
        copies = [self._copy(one) for one in record.fields if one.tag == self.tag]
        if self.ranges:
            copies = [replace(copy, accession_number=number, shelf=copy.shelf or shelf_of(number))
                      for copy in copies for number in expanded(copy.accession_number)]  # fmt: skip
        if self.call_number_tag:
            shared = " ".join(value.strip() for value in record.subfields(self.call_number_tag, "ab") if value.strip())
            copies = [replace(copy, call_number=copy.call_number or shared) for copy in copies]
        return [copy for copy in copies if copy.accession_number or copy.call_number or copy.library or copy.shelf]

    def _copy(self, one: Field) -> Copy:
        first = {code: value.strip() for code, value in reversed(one.subfields)}
        return Copy(
            accession_number=_joined(first, self.accession_number[:1]),
            call_number=_joined(first, self.call_number),
            library=_joined(first, self.library),
            branch=_joined(first, self.branch),
            shelf=_joined(first, self.shelf),
            copy_number=_joined(first, self.copy_number),
            price=_joined(first, self.price),
            status=self._status(one) if self.flags else "",
            note=_joined(first, self.note),
            quantity=_quantity(_joined(first, self.quantity)),
        )

    def _status(self, one: Field) -> str:
        for code, status in self.flags.items():
            if one.get(code).strip() not in ("", "0"):
                return status
        return ""


_RANGE = re.compile(r"^(.*?)([0-9]+)\s*(?:-|–|đến|->)\s*([0-9]+)$")
_PREFIXED = re.compile(r"^(.*[^0-9])[0-9]+$")
_MOST_IN_RANGE = 500


def expanded(text: str) -> list[str]:
    """The numbers that a text of ranges names; "00051-52" is 00051 and 00052, a prefix holds until the next one.

    What is no range, or one that runs backwards or over 500 numbers, stays as it is written.
    """
    numbers: list[str] = []
    prefix = ""
    for part in re.split(r"[,;\n]+", text):
        part = part.strip()
        if not part:
            continue
        if part[0].isdigit() and prefix:
            part = prefix + part
        found = _RANGE.match(part)
        first, last = (found[2], found[3]) if found else ("", "")
        end = first[: max(0, len(first) - len(last))] + last if found else ""
        if found and int(first) <= int(end) < int(first) + _MOST_IN_RANGE and len(first) <= 15:
            numbers += [f"{found[1]}{number:0{len(first)}d}" for number in range(int(first), int(end) + 1)]
        else:
            numbers.append(part)
        own = _PREFIXED.match(numbers[-1])
        prefix = own[1] if own else ""
    return list(dict.fromkeys(numbers)) or ([text.strip()] if text.strip() else [])


def shelf_of(number: str) -> str:
    """The store room that stands before an accession number: "VV-D4/00051" is in VV-D4."""
    room, slash, _ = number.rpartition("/")
    return room.strip() if slash else ""


def _joined(first: Mapping[str, str], codes: str) -> str:
    """The first subfield of each of these codes, in this order."""
    if len(codes) < 2:
        return first.get(codes, "")
    return " ".join([value for code in codes if (value := first.get(code))])


def _quantity(text: str) -> int:
    """How many copies one field stands for: 1 unless it states a number from 2 to 9999."""
    found = re.search(r"[0-9]{1,4}", text) if text else None
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

LIBOL852 = ItemProfile(
    name="libol852", tag="852", accession_number="j", library="a", shelf="b", call_number="hi", call_number_tag="090"
)
"""Libol: 852 $a library, $b store room, $j accession number."""

LIBOL928 = ItemProfile(name="libol928", tag="928", accession_number="a", shelf="b", ranges=True, call_number_tag="090")
"""Libol's older exports: 928 $a accession numbers, also as ranges with the store room before them."""

EVERGREEN852 = ItemProfile(
    name="evergreen852",
    tag="852",
    accession_number="p",
    call_number="kjm",
    branch="b",
    shelf="c",
    copy_number="t",
    price="y",
    note="n",
)
"""Evergreen: 852 $b circulation library, $c shelving location, $k $j $m call number, $p barcode, $y price."""

NONE = ItemProfile(name="none", tag="")
"""The records carry no copies, or they are not to be read."""

PROFILES: dict[str, ItemProfile] = {
    one.name: one for one in (KOHA952, LIENTHU852, LIBOL852, LIBOL928, EVERGREEN852, NONE)
}
