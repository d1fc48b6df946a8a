"""Reading a pasted list of numbers."""

import re
from dataclasses import dataclass

from lienthu.catalogue.marc import numbers

QUERY, LIST, IMPORT, EVERYTHING = "query", "list", "import", "all"
KINDS = (QUERY, LIST, IMPORT, EVERYTHING)
# What the lines of a list may be; ANY tries one after the other and takes the first that names a record.
ANY, ACCESSION, CONTROL, STANDARD, PUBLIC = "any", "accession", "control", "standard", "record"
NUMBERS = (ANY, ACCESSION, CONTROL, STANDARD, PUBLIC)
LONGEST_LINE = 200
_ADDRESS = re.compile(r"/bieu-ghi/([0-9a-z]+)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: as written, as an ISBN or ISSN in its normal form, as the public id of a union record."""

    text: str
    standard: str
    public: str


def lines_of(text: str) -> list[Line]:
    """The lines of a list, each once, blanks around them and empty ones left out."""
    told = dict.fromkeys(line.strip()[:LONGEST_LINE] for line in text.splitlines())
    return [_line(line) for line in told if line]


def _line(text: str) -> Line:
    address = _ADDRESS.search(text)
    return Line(text, numbers.isbn13(text) or numbers.issn(text) or "", address[1] if address else text.lower())
