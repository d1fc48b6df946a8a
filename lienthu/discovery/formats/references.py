"""Reference files: BibTeX and RIS for reference managers, CSV for spreadsheets. Each entry is a piece of a stream."""

import csv
import io
from collections.abc import Iterable, Iterator

from lienthu.discovery.formats.entry import Entry, Name
from lienthu.discovery.wording import language_name, type_name

_BIBTEX_TYPES = {"BOOK": "book", "THESIS": "phdthesis", "MANUSCRIPT": "unpublished"}
_RIS_TYPES = {
    "BOOK": "BOOK", "SERIAL": "JOUR", "THESIS": "THES", "MAP": "MAP", "SCORE": "MUSIC", "AUDIO": "SOUND",
    "VIDEO": "VIDEO", "IMAGE": "ART", "MANUSCRIPT": "MANSCPT", "DIGITAL": "EBOOK",
}  # fmt: skip
# Signs that mean something to TeX.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
        "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\n": " ", "\r": " ",
    }
)  # fmt: skip
# A spreadsheet runs a cell that begins with these signs as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def bibtex(entry: Entry) -> str:
    """One entry in UTF-8 BibTeX (biber and modern BibTeX read it). Bodies and natural-order names stand in braces."""
    fields = {
        "author": " and ".join(_bibtex_name(name) for name in entry.names),
        "title": f"{{{_tex(entry.full_title)}}}",
        "edition": _tex(entry.edition),
        "series": _tex(entry.series[0]) if entry.series else "",
        "publisher": _tex(entry.publisher),
        "address": _tex(entry.place),
        "year": str(entry.year or ""),
        "isbn": ", ".join(entry.isbn),
        "issn": entry.issn,
        "keywords": _tex(", ".join(entry.subjects)),
        "url": entry.url,
    }
    if entry.type == "THESIS":
        fields["school"] = fields.pop("publisher")
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value and value != "{}"]
    kind = _BIBTEX_TYPES.get(entry.type, "misc")
    return f"@{kind}{{lienthu-{entry.key},\n" + ",\n".join(lines) + "\n}\n"


def _bibtex_name(name: Name) -> str:
    return f"{_tex(name.family)}, {_tex(name.given)}" if name.given else f"{{{_tex(name.family)}}}"


def _tex(text: str) -> str:
    return text.translate(_TEX)


def ris(entry: Entry) -> str:
    """One entry in RIS, lines ended by CR LF as the format asks."""
    lines = [("TY", _RIS_TYPES.get(entry.type, "GEN"))]
    lines += [("AU", name.inverted) for name in entry.names]
    lines += [("TI", entry.full_title), ("PY", str(entry.year or "")), ("PB", entry.publisher), ("CY", entry.place)]
    lines += [("ET", entry.edition), ("T3", entry.series[0] if entry.series else ""), ("SP", entry.extent)]
    lines += [("SN", number) for number in (*entry.isbn, entry.issn)]
    lines += [("LA", language) for language in entry.languages]
    lines += [("KW", subject) for subject in entry.subjects]
    lines += [("AB", entry.abstract), ("UR", entry.url), ("ID", entry.key)]
    written = "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value)
    return f"{written}ER  - \r\n\r\n"


def csv_rows(entries: Iterable[Entry], heading: list[str]) -> Iterator[str]:
    """A table in UTF-8 with a byte order mark, so that Excel reads Vietnamese; parted by commas."""
    yield "\ufeff" + _csv_line(heading)
    for entry in entries:
        yield _csv_line(
            [
                entry.full_title,
                "; ".join(name.inverted for name in entry.names),
                str(entry.year or ""),
                entry.publisher,
                entry.place,
                type_name(entry.type),
                "; ".join(language_name(code) for code in entry.languages),
                "; ".join(entry.isbn),
                entry.issn,
                "; ".join(entry.subjects),
                entry.url,
            ]
        )


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return line.getvalue()
