"""The next accession number of a library, from its own series or from the copy it added last."""

from dataclasses import dataclass

from lienthu.catalogue.queries.desk import last_accession_number, newest_accession_number
from lienthu.cataloguing.models import NumberSeries

DEFAULT_DIGITS = 6
MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Numbering:
    """One way of numbering and the number that would come next. `series` is 0 where it was guessed from the copies."""

    series: int
    name: str
    prefix: str
    digits: int
    next: str


def numberings(library_id: int, code: str) -> list[Numbering]:
    """Every series of a library with its next number; a guessed one where it has none."""
    found = [
        Numbering(s.pk, s.name, s.prefix, s.digits, next_number(library_id, s.prefix, s.digits, s.first))
        for s in NumberSeries.objects.filter(library_id=library_id).order_by("name", "prefix")
    ]
    if found:
        return found
    prefix, digits = newest_accession_number(library_id) or (f"{code}.", DEFAULT_DIGITS)
    digits = min(digits, MOST_DIGITS)
    return [Numbering(0, prefix, prefix, digits, next_number(library_id, prefix, digits, 1))]


def next_number(library_id: int, prefix: str, digits: int, first: int = 1) -> str:
    """The number behind the highest one in use, or `first`; a full series goes on with one digit more."""
    for width in range(digits, MOST_DIGITS + 1):
        last = last_accession_number(library_id, prefix=prefix, digits=width)
        number = max(int(last[len(prefix) :]) + 1 if last else 0, first, 10 ** (width - 1) if width > digits else 0)
        if number < 10**width:
            return f"{prefix}{number:0{width}d}"
    return ""


def run_of(first: str, count: int) -> list[str]:
    """`count` numbers in a row beginning with this one; numbers that do not end in digits cannot be counted on."""
    digits = len(first) - len(first.rstrip("0123456789"))
    if count == 1 or not digits:
        return [first] if count == 1 else []
    head, number = first[:-digits], int(first[-digits:])
    return [f"{head}{number + step:0{digits}d}" for step in range(count)]
