"""From the columns of a table to MARC: which column means what, and the record that a row becomes."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lienthu.kernel.text import normalise

from .problems import MarcError, problem
from .record import Field, Record, Subfield, control, data

ITEM_TARGETS = {
    "item.accession": "p",
    "item.branch": "b",
    "item.shelf": "c",
    "item.library": "a",
    "item.class": "h",
    "item.author_mark": "i",
    "item.call_number": "h",
    "item.price": "9",
    "item.quantity": "7",
}
"""Targets of copy data and their subfields of the 852 that a row's copies become (profile ``lienthu852``)."""

TARGETS = frozenset(
    {"001", "type", *ITEM_TARGETS}
    | {f"{tag}${code}" for tag, codes in {
        "020": "a", "022": "a", "041": "a", "082": "a", "084": "a", "100": "a", "110": "a", "245": "abcnp",
        "250": "a", "260": "abc", "300": "abc", "490": "av", "500": "a", "502": "a", "520": "a", "546": "a",
        "650": "a", "651": "a", "653": "a", "700": "ae", "710": "a", "856": "u",
    }.items() for code in codes}
)  # fmt: skip
"""Every target a column may be given."""

_HEADERS: dict[str, str] = {
    "001": "ma bieu ghi|ma tai lieu|ma sach|so kiem soat|mfn|bib id|biblionumber|control number|record id|id",
    "020$a": "isbn|ma isbn|so isbn|chi so isbn",
    "022$a": "issn|ma issn|so issn",
    "041$a": "ngon ngu|tieng|ngon ngu tai lieu|language|lang|language code",
    "082$a": "ky hieu phan loai|ki hieu phan loai|khpl|ddc|chi so phan loai|so phan loai|phan loai|phan loai ddc"
    "|classification|dewey|class number",
    "084$a": "bbk|ky hieu bbk|phan loai bbk",
    "100$a": "tac gia|ten tac gia|tac gia chinh|ho ten tac gia|author|authors|main author|creator",
    "110$a": "tac gia tap the|tap the tac gia|co quan|corporate author",
    "245$a": "nhan de|nhan de chinh|ten sach|ten tai lieu|tua de|tieu de|ten an pham|tua sach|title|main title",
    "245$b": "nhan de phu|phu de|thong tin khac ve nhan de|subtitle|remainder of title",
    "245$c": "thong tin trach nhiem|minh xac trach nhiem|statement of responsibility",
    "245$n": "tap|so tap|phan|volume|part number",
    "250$a": "lan xuat ban|tai ban|lan tai ban|ban in|edition",
    "260$a": "noi xuat ban|noi xb|noi san xuat|place|place of publication",
    "260$b": "nha xuat ban|nxb|nha xb|publisher",
    "260$c": "nam xuat ban|nam xb|nam|nam san xuat|year|publication year|date of publication|pub year|date",
    "300$a": "so trang|trang|mo ta vat ly|pages|extent|number of pages",
    "300$b": "minh hoa|illustrations",
    "300$c": "kho|kho sach|kho co|kich thuoc|size|dimensions",
    "490$a": "tung thu|bo sach|tu sach|series",
    "500$a": "ghi chu|phu chu|note|notes",
    "502$a": "luan van|ghi chu luan van|hoc vi|dissertation note",
    "520$a": "tom tat|noi dung|noi dung tom tat|gioi thieu|abstract|summary|description",
    "650$a": "chu de|de muc chu de|de muc|subject|subjects|subject heading",
    "651$a": "dia danh|chu de dia danh|geographic name",
    "653$a": "tu khoa|keyword|keywords|tags",
    "700$a": "dong tac gia|tac gia phu|dich gia|nguoi dich|tac gia khac|bien dich|chu bien|translator|editor"
    "|other authors|co author|coauthors",
    "710$a": "co quan khac|corporate bodies",
    "856$u": "duong dan|lien ket|url|link|dia chi dien tu",
    "item.accession": "so dkcb|dkcb|so dang ky ca biet|ma dkcb|so dang ki ca biet|dang ky ca biet|so dk ca biet"
    "|ma xep gia|ma vach|barcode|accession number|accession no|accession|item barcode",
    "item.call_number": "ky hieu xep gia|ki hieu xep gia|khxg|so xep gia|call number|call no|callnumber|shelfmark",
    "item.author_mark": "ky hieu tac gia|ma hoa tac gia|cutter|author mark|ky hieu ten sach",
    "item.shelf": "kho tai lieu|ten kho|ke|vi tri|kho luu|kho luu tru|shelf|location|shelving location|collection",
    "item.library": "thu vien|don vi|ma thu vien|library|home library|library code",
    "item.branch": "diem phuc vu|co so|chi nhanh|branch",
    "item.quantity": "so luong|so ban|sl|so cuon|quantity|copies|number of copies",
    "item.price": "gia|gia tien|don gia|gia bia|gia sach|gia mua|price|cost",
    "type": "loai tai lieu|dang tai lieu|loai hinh|loai hinh tai lieu|material type|type|document type",
}
_TARGET_OF = {header: target for target, headers in _HEADERS.items() for header in headers.split("|")}
_REPEATED = frozenset({"020$a", "022$a", "041$a", "650$a", "651$a", "653$a", "700$a", "710$a", "856$u", "490$a"})
INDICATORS = {"100": "1 ", "110": "2 ", "245": "00", "650": " 4", "651": " 4", "700": "1 ", "710": "2 ",
               "490": "0 ", "082": "04", "856": "40"}  # fmt: skip
LANGUAGES = {
    "viet": "vie", "tieng viet": "vie", "viet nam": "vie", "vietnamese": "vie", "vi": "vie", "vn": "vie",
    "anh": "eng", "tieng anh": "eng", "english": "eng", "en": "eng", "phap": "fre", "tieng phap": "fre",
    "french": "fre", "fr": "fre", "fra": "fre", "nga": "rus", "tieng nga": "rus", "russian": "rus", "ru": "rus",
    "trung": "chi", "tieng trung": "chi", "trung quoc": "chi", "han": "chi", "chinese": "chi", "zh": "chi",
    "zho": "chi", "nhat": "jpn", "tieng nhat": "jpn", "japanese": "jpn", "ja": "jpn", "han quoc": "kor",
    "tieng han": "kor", "korean": "kor", "ko": "kor", "duc": "ger", "tieng duc": "ger", "german": "ger",
    "de": "ger", "deu": "ger", "song ngu": "mul", "da ngu": "mul",
}  # fmt: skip
_TYPES: tuple[tuple[str, str], ...] = (
    ("luan van|luan an|khoa luan|do an|thesis", "tm"),
    ("bao|tap chi|an pham dinh ky|serial|journal|newspaper|magazine", "as"),
    ("ban do|map", "em"),
    ("ban nhac|score", "cm"),
    ("am thanh|bang cassette|sach noi|audio", "im"),
    ("video|phim|dvd|vcd", "gm"),
    ("anh|tranh|image|photo", "km"),
    ("dien tu|ebook|e book|cd rom|electronic", "mm"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table: its position from 0, its header as it stands, its target (empty: not used)."""

    index: int
    header: str
    target: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the rows of one table are read. ``header_row`` is counted from 0; -1 when the table has no header."""

    columns: tuple[Column, ...]
    header_row: int = 0
    sheet: str = ""
    separators: str = ";"

    def as_json(self) -> dict[str, Any]:
        """A form for storage; ``from_json`` reads it back."""
        return {
            "columns": [[column.index, column.header, column.target] for column in self.columns],
            "header_row": self.header_row,
            "sheet": self.sheet,
            "separators": self.separators,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Mapping":
        """Read back what ``as_json`` gave. Raises ``ValueError`` for a target that does not exist."""
        columns = tuple(Column(int(index), str(header), str(target)) for index, header, target in stored["columns"])
        unknown = {column.target for column in columns} - TARGETS - {""}
        if unknown:
            raise ValueError(f"unknown targets: {sorted(unknown)}")
        return cls(columns, int(stored["header_row"]), str(stored["sheet"]), str(stored["separators"]))


def folded(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def target_of_header(header: str) -> str:
    """The target that a column header names, in Vietnamese or English, or nothing."""
    plain = folded(re.sub(r"\([^)]*\)", " ", header))
    # Two headers differ by their marks only: "kho" is a store room, "khổ" a size.
    if plain == "kho":
        return "300$c" if "ổ" in normalise(header).lower() else "item.shelf"
    return _TARGET_OF.get(plain, "")


def guess_mapping(rows: Sequence[Sequence[str]], *, sheet: str = "") -> Mapping | None:
    """A mapping by the headers of the first rows; nothing when no row looks like a header."""
    best: tuple[int, int] = (0, -1)
    for number, row in enumerate(rows[:30]):
        known = {target_of_header(cell) for cell in row} - {""}
        score = len(known) + (2 if "245$a" in known else 0)
        if known and score > best[0]:
            best = (score, number)
    if best[0] < 3:
        return None
    columns: list[Column] = []
    seen: set[str] = set()
    for index, cell in enumerate(rows[best[1]]):
        target = target_of_header(cell)
        if target in seen and target not in _REPEATED:
            target = ""
        seen.add(target)
        columns.append(Column(index, " ".join(cell.split()), target))
    return Mapping(tuple(columns), best[1], sheet)


def row_cells(mapping: Mapping, row: Sequence[str]) -> list[list[str]]:
    """The cells of a row that hold something: [header, target, text]. This is the raw form of a row."""
    cells = []
    for column in mapping.columns:
        text = row[column.index].strip() if column.index < len(row) else ""
        if text:
            cells.append([column.header, column.target, text])
    return cells


def record_of_cells(cells: Iterable[Sequence[str]], *, separators: str = ";") -> Record:
    """The MARC record of a row. Raises ``MarcError`` (``row_empty``) when no used column holds anything."""
    values: dict[str, list[str]] = {}
    for _, target, text in cells:
        if target:
            values.setdefault(target, []).extend(_split(target, text, separators))
    if not values:
        raise MarcError(problem("row_empty"))
    return _Row(values).record()


def _split(target: str, text: str, separators: str) -> list[str]:
    if target == "item.accession":
        parts = re.split(f"[{re.escape(separators)}\\n\\r,]", text)
    elif target in _REPEATED or target == "100$a":
        parts = re.split(f"[{re.escape(separators)}\\n\\r]", text) if separators else [text]
    else:
        parts = [text]
    # A line break inside a cell is layout, not text.
    return [cleaned for part in parts if (cleaned := " ".join(normalise(part).split()))]


class _Row:
    """Builds the record of one row from its values by target."""

    def __init__(self, values: dict[str, list[str]]) -> None:
        self._values = values

    def record(self) -> Record:
        values = self._values
        fields = [control("001", values["001"][0])] if "001" in values else []
        language = self._language()
        kind = self._kind()
        fields.append(control("008", self._fixed(language)))
        authors = values.pop("100$a", [])
        if authors:
            values["100$a"] = authors[:1]
            values["700$a"] = authors[1:] + values.get("700$a", [])
        if language:
            values["041$a"] = language
        if kind == "tm" and "502$a" not in values:
            values["502$a"] = values.get("type", [])[:1]
        fields += self._data_fields()
        fields += self._copies()
        code = "am" if kind == "tm" else kind
        return Record(f"00000n{code} a22000007a 4500", fields)

    def _kind(self) -> str:
        words = f" {folded(' '.join(self._values.get('type', [])))} "
        for names, code in _TYPES:
            if any(f" {name} " in words for name in names.split("|")):
                return code
        return "am"

    def _language(self) -> list[str]:
        codes = []
        for text in self._values.get("041$a", []):
            plain = folded(text)
            codes.append(LANGUAGES.get(plain) or (plain if re.fullmatch("[a-z]{3}", plain) else text))
        return codes

    def _fixed(self, language: list[str]) -> str:
        year = re.search(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)", " ".join(self._values.get("260$c", [])))
        date = f"s{year[1]}" if year else "nuuuu"
        code = language[0] if language and re.fullmatch("[a-z]{3}", language[0]) else "|||"
        return f"||||||{date}    xx {'|' * 17}{code}||"

    def _data_fields(self) -> list[Field]:
        single: dict[str, list[Subfield]] = {}
        fields: list[Field] = []
        for target in sorted(self._values):
            tag, dollar, code = target.partition("$")
            if not dollar:
                continue
            for value in self._values[target]:
                if target in _REPEATED:
                    fields.append(data(tag, INDICATORS.get(tag, "  "), (code, value)))
                else:
                    single.setdefault(tag, []).append((code, value))
        fields += [data(tag, INDICATORS.get(tag, "  "), *subfields) for tag, subfields in single.items()]
        return sorted(fields, key=lambda field: field.tag)

    def _copies(self) -> list[Field]:
        shared: list[Subfield] = []
        for target, code in ITEM_TARGETS.items():
            if target not in ("item.accession", "item.quantity"):
                shared += [(code, value) for value in self._values.get(target, [])]
        numbers = self._values.get("item.accession", [])
        if numbers:
            return [data("852", "  ", *sorted([*shared, ("p", number)])) for number in dict.fromkeys(numbers)]
        quantity = [("7", value) for value in self._values.get("item.quantity", [])[:1]]
        return [data("852", "  ", *sorted(shared + quantity))] if shared or quantity else []
