"""Labelled pairs: two records, and whether a person says that they are one edition. Forms: labelled/README.md.

Every form that a record comes in is read: MARC-in-JSON, ISO 2709 in base64 or as text, MARCXML, or plain fields.
"""

import base64
import binascii
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from lienthu.catalogue.marc import Bad, Field, MarcError, Record, UnreadableFile, open_records
from lienthu.catalogue.marc.record import data, leader_of
from lienthu.catalogue.matching.wordlists import words_of

SAME_WORDS = words_of("same true 1 1.0 yes y match matched duplicate dup equal merge positive trùng giống cùng")
DIFFERENT_WORDS = words_of(
    "different false 0 0.0 -1 no n nonmatch notmatch nomatch unmatched not distinct differ separate negative khác"
)
_SIDES = (("left", "right"), ("a", "b"), ("record1", "record2"), ("record_a", "record_b"), ("first", "second"),
          ("left_record", "right_record"), ("x", "y"), ("source", "target"))  # fmt: skip
_LABELS = ("label", "same", "match", "is_match", "is_same", "duplicate", "gold", "truth", "y_true", "nhãn")
_INSIDE = ("marc", "record", "marcjson", "marc_json", "iso2709", "marcxml", "data", "raw")


class PairsError(ValueError):
    """A line that is no labelled pair. `line` counts from 1; `detail` is the side or the label.

    `code`: not_json, not_an_object, no_sides, no_label, label_unknown, no_record, not_marc or no_title.
    """

    def __init__(self, line: int, code: str, detail: str = "") -> None:
        super().__init__(f"line {line}: {code} {detail}".rstrip())
        self.line, self.code, self.detail = line, code, detail


@dataclass(frozen=True, slots=True)
class Pair:
    """`same`: what the person said."""

    line: int
    left: Record
    right: Record
    same: bool
    note: str = ""


def read_pairs(content: bytes) -> Iterator[Pair]:
    """The pairs of a file in JSON Lines, or of one JSON list. Raises PairsError at the first bad line."""
    text = content.removeprefix(b"\xef\xbb\xbf")
    for line, document in _documents(text):
        yield pair_of(document, line=line)


def _documents(text: bytes) -> Iterator[tuple[int, Any]]:
    stripped = text.lstrip()
    if stripped[:1] == b"[" or stripped.startswith((b'{"pairs"', b"{\n")):
        try:
            whole = orjson.loads(text)
        except orjson.JSONDecodeError:
            whole = None
        if isinstance(whole, dict) and isinstance(whole.get("pairs"), list):
            whole = whole["pairs"]
        if isinstance(whole, list):
            yield from enumerate(whole, start=1)
            return
    for line, row in enumerate(text.splitlines(), start=1):
        if row.strip() and not row.lstrip().startswith((b"#", b"//")):
            try:
                yield line, orjson.loads(row)
            except orjson.JSONDecodeError as error:
                raise PairsError(line, "not_json", str(error)) from error


def pair_of(document: Any, *, line: int) -> Pair:
    """Read one pair. Raises PairsError."""
    if isinstance(document, list) and len(document) == 3:
        document = dict(zip(("left", "right", "label"), document, strict=True))
    if not isinstance(document, dict):
        raise PairsError(line, "not_an_object")
    left, right = _sides(document, line)
    return Pair(
        line=line,
        left=record_of(left, line=line, side="left"),
        right=record_of(right, line=line, side="right"),
        same=_label(document, line),
        note=str(document.get("note") or document.get("why") or ""),
    )


def _sides(document: dict[str, Any], line: int) -> tuple[Any, Any]:
    for left, right in _SIDES:
        if document.get(left) is not None and document.get(right) is not None:
            return document[left], document[right]
    both = document.get("records") or document.get("pair")
    if isinstance(both, list) and len(both) == 2:
        return both[0], both[1]
    raise PairsError(line, "no_sides")


def _label(document: dict[str, Any], line: int) -> bool:
    for name in _LABELS:
        value = document.get(name)
        if value is None:
            continue
        if isinstance(value, int | float) and value in (0, 1, -1):
            return value == 1
        word = str(value).strip().lower().replace("_", "-")
        if word in SAME_WORDS:
            return True
        if word in DIFFERENT_WORDS or word.replace("-", "").replace(" ", "") in DIFFERENT_WORDS:
            return False
        raise PairsError(line, "label_unknown", str(value)[:40])
    raise PairsError(line, "no_label")


def record_of(value: Any, *, line: int, side: str) -> Record:
    """One side of a pair, in whatever form. Raises PairsError."""
    if isinstance(value, str):
        return _record_of_text(value, line, side)
    if not isinstance(value, dict):
        raise PairsError(line, "no_record", side)
    if isinstance(value.get("fields"), list):
        try:
            return Record.from_marcjson(value)
        except MarcError as error:
            raise PairsError(line, "not_marc", side) from error
    for name in _INSIDE:
        if isinstance(value.get(name), str | dict):
            return record_of(value[name], line=line, side=side)
    return _record_of_fields(value, line, side)


def _record_of_text(text: str, line: int, side: str) -> Record:
    content = text.strip()
    if content[:1] == "{":
        try:
            return record_of(orjson.loads(content), line=line, side=side)
        except orjson.JSONDecodeError as error:
            raise PairsError(line, "not_marc", side) from error
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raw = text.encode()
    try:
        item = next(iter(open_records(io.BytesIO(raw))), None)
    except (UnreadableFile, MarcError) as error:
        raise PairsError(line, "not_marc", side) from error
    if item is None or isinstance(item, Bad):
        raise PairsError(line, "not_marc", side)
    return item.record


_NAMES = {
    "title": ("title", "nhan_de", "nhande", "nhan đề", "name"), "subtitle": ("subtitle", "remainder", "phu_de"),
    "volume": ("volume", "vol", "part_number", "tap"), "part": ("part", "part_name", "part_title"),
    "authors": ("authors", "author", "creator", "creators", "tac_gia", "tacgia", "names"),
    "responsibility": ("responsibility", "statement", "statement_of_responsibility"),
    "edition": ("edition", "lan_xuat_ban"), "publisher": ("publisher", "nha_xuat_ban", "nxb"),
    "place": ("place", "noi_xuat_ban"), "year": ("year", "date", "nam", "nam_xuat_ban", "published", "pubyear"),
    "extent": ("extent", "pages", "so_trang", "physical"), "isbn": ("isbn", "isbns"), "issn": ("issn",),
    "language": ("language", "languages", "lang", "ngon_ngu"), "type": ("type", "kind", "format", "material"),
    "series": ("series", "tung_thu"), "lccn": ("lccn",), "other_titles": ("other_titles", "alternative_title"),
    "form": ("form", "carrier"),
}  # fmt: skip
_LEADERS = {"serial": "as", "map": "em", "score": "cm", "audio": "im", "music": "jm", "video": "gm", "image": "km",
            "manuscript": "tm", "thesis": "am", "article": "aa", "digital": "mm", "kit": "om"}  # fmt: skip
_FORMS = {"online": "o", "ebook": "o", "electronic": "s", "large print": "d", "braille": "f", "microform": "a"}


def _record_of_fields(value: dict[str, Any], line: int, side: str) -> Record:
    """A record of plain fields, as MARC; each field may be a text, a number or a list."""
    lower = {str(name).lower().replace("-", "_"): content for name, content in value.items()}
    found = {name: _texts(lower, spellings) for name, spellings in _NAMES.items()}
    first = {name: texts[0] if texts else "" for name, texts in found.items()}
    if not first["title"]:
        raise PairsError(line, "no_title", side)
    kind = first["type"].lower()
    languages = [text.lower() for text in found["language"]]
    title = (("a", first["title"]), ("n", first["volume"]), ("p", first["part"]), ("b", first["subtitle"]))
    rows: list[tuple[str, list[tuple[str, str]]]] = [
        *(("010", [("a", number)]) for number in found["lccn"]),
        *(("020", [("a", number)]) for number in found["isbn"]),
        *(("022", [("a", number)]) for number in found["issn"]),
        ("041", [("a", text) for text in languages if len(text) == 2 or len(languages) > 1]),
        *(("700" if position else "100", [("a", name)]) for position, name in enumerate(found["authors"])),
        ("245", [*title, ("c", first["responsibility"])]),
        *(("246", [("a", text)]) for text in found["other_titles"]),
        ("250", [("a", first["edition"])]),
        ("260", [("a", first["place"]), ("b", first["publisher"]), ("c", first["year"])]),
        ("300", [("a", f"{first['extent']} p." if first["extent"].isdigit() else first["extent"])]),
        ("490", [("a", first["series"])]),
        ("502", [("a", "Luận văn" if kind == "thesis" else "")]),
    ]
    fields = [Field("008", _fixed_field(first["year"], languages, first["form"].lower() or kind))]
    for tag, subfields in rows:
        kept = [(code, text) for code, text in subfields if text]
        if kept:
            fields.append(data(tag, "  ", *kept))
    return Record(leader_of(f"00000n{_LEADERS.get(kind, 'am')} a2200000 a 4500"), fields)


def _fixed_field(year: str, languages: list[str], form: str) -> str:
    """An 008 that says the year, the form of item and the language."""
    dated = year[:4] if year[:4].isdigit() else ""
    language = languages[0][:3] if languages else ""
    return f"{'':6}{'s' if dated else 'n'}{dated:4}{'':12}{_FORMS.get(form, ' ')}{'':11}{language:3}  "


def _texts(lower: dict[str, Any], spellings: Iterable[str]) -> list[str]:
    for name in spellings:
        value = lower.get(name)
        if value in (None, "", []):
            continue
        values = value if isinstance(value, list) else [value]
        texts = [str(one.get("name", "")) if isinstance(one, dict) else str(one) for one in values]
        if name in ("authors", "author", "tac_gia") and len(texts) == 1:
            texts = [part for part in texts[0].replace(" ; ", ";").split(";") if part]
        return [text.strip() for text in texts if text.strip()]
    return []
