"""MARC 21 to unqualified Dublin Core, after the crosswalk of the Library of Congress (2008).

Where that crosswalk leaves a choice: contributors of 7XX are contributors, not creators; a year stands alone where one
is known; ISBD punctuation between the parts is taken off, as on our own pages.
"""

import re
from collections.abc import Callable, Iterable

from .. import numbers
from ..description import trimmed, unstopped
from ..record import Field, Record
from .xmltext import xml_text

Element = tuple[str, str]
"""(name of the element, value)."""

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
SRW_DC = "info:srw/schema/1/dc-schema"
NAMESPACE = "http://purl.org/dc/elements/1.1/"

_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}|2100")
_LANGUAGE = re.compile("[a-z]{3}")
_NO_LANGUAGE = frozenset({"und", "zxx", "mul"})
_TYPES = {
    "a": "text", "c": "notated music", "d": "notated music", "e": "cartographic", "f": "cartographic",
    "g": "moving image", "i": "sound recording-nonmusical", "j": "sound recording-musical", "k": "still image",
    "m": "software, multimedia", "o": "mixed material", "p": "mixed material", "r": "three dimensional object",
    "t": "text",
}  # fmt: skip
_OPENING = {
    OAI_DC: f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{NAMESPACE}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{OAI_DC} {OAI_DC_SCHEMA}">',
    SRW_DC: f'<srw_dc:dc xmlns:srw_dc="{SRW_DC}" xmlns:dc="{NAMESPACE}">',
}
_CLOSING = {OAI_DC: "</oai_dc:dc>", SRW_DC: "</srw_dc:dc>"}
# MARC says with the first indicator 0 that a note is not for the public.
PRIVATE_WHEN_ZERO = frozenset({"541", "542", "561", "583"})


def dc_element(record: Record, *, container: str = OAI_DC, identifiers: Iterable[str] = ()) -> str:
    """The record inside `oai_dc:dc` or `srw_dc:dc`; `identifiers` (its address here) come first among those of it."""
    inside = [f"<dc:{name}>{xml_text(value)}</dc:{name}>" for name, value in dublin_core(record, identifiers)]
    return f"{_OPENING[container]}{''.join(inside)}{_CLOSING[container]}"


def dublin_core(record: Record, identifiers: Iterable[str] = ()) -> list[Element]:
    """The elements in the order of the fifteen, each value once."""
    found: dict[str, dict[str, None]] = {}
    for name, value in _elements(record):
        if value := value.strip():
            found.setdefault(name, {})[value] = None
    own = {value: None for value in identifiers}
    if own:
        found["identifier"] = {**own, **found.get("identifier", {})}
    return [(name, value) for name in _ORDER for value in found.get(name, ())]


_ORDER = (
    "title", "creator", "contributor", "subject", "description", "publisher", "date", "type", "format", "identifier",
    "source", "language", "relation", "coverage", "rights",
)  # fmt: skip


def _elements(record: Record) -> Iterable[Element]:
    yield "type", _TYPES.get(record.leader[6:7], "")
    dated = ""
    for field in record.fields:
        if field.tag == "008":
            dated = field.value[7:11] if _YEAR.fullmatch(field.value[7:11]) else ""
            yield "date", dated
            yield "language", _language(field.value[35:38])
        elif field.tag in ("260", "264"):
            yield from _imprint(field, dated=bool(dated))
        elif reader := _READERS.get(field.tag):
            yield from reader(field)


def _language(code: str) -> str:
    return code if _LANGUAGE.fullmatch(code) and code not in _NO_LANGUAGE else ""


def _joined(field: Field, codes: str) -> str:
    return " ".join([value.strip() for code, value in field.subfields if code in codes])


def _imprint(field: Field, *, dated: bool) -> Iterable[Element]:
    if field.tag == "264" and field.indicators[1:] == "4":
        return
    for code, value in field.subfields:
        if code == "b":
            yield "publisher", trimmed(value).strip("[]")
        elif code == "c" and not dated:
            yield "date", unstopped(value).strip("[]")


def _plain(name: str, codes: str) -> Callable[[Field], Iterable[Element]]:
    def read(field: Field) -> Iterable[Element]:
        yield name, unstopped(_joined(field, codes))

    return read


def _name(name: str) -> Callable[[Field], Iterable[Element]]:
    def read(field: Field) -> Iterable[Element]:
        parts = []
        for code, value in field.subfields:
            # From $t on it is a work by that name, not the name.
            if code == "t":
                break
            if code in "abcdnq":
                parts.append(value.strip())
        else:
            yield name, unstopped(" ".join(parts))
            return
        yield "relation", unstopped(_joined(field, "abcdfgklmnopqrst"))

    return read


def _title(field: Field) -> Iterable[Element]:
    yield "title", unstopped(_joined(field, "abfghknp"))


def _linked(field: Field) -> Iterable[Element]:
    """880: the same in its own script; titles and names only, as those are looked for by it."""
    tag = field.get("6")[:3]
    if tag == "245":
        yield from _title(field)
    elif tag in ("100", "110", "111"):
        yield from _name("creator")(field)
    elif tag in ("700", "710", "711"):
        yield from _name("contributor")(field)


def _subject(field: Field) -> Iterable[Element]:
    main = [value.strip() for code, value in field.subfields if code.isalpha() and code not in "evxyzu"]
    parts = [unstopped(value) for code, value in field.subfields if code in "vxyz"]
    if main:
        yield "subject", " -- ".join([unstopped(" ".join(main)), *parts])


def _keywords(field: Field) -> Iterable[Element]:
    for value in field.values("a"):
        yield "subject", unstopped(value)


def _place(field: Field) -> Iterable[Element]:
    yield from _subject(field)
    yield "coverage", unstopped(_joined(field, "a"))


def _note(field: Field) -> Iterable[Element]:
    if field.tag in PRIVATE_WHEN_ZERO and field.indicators[:1] == "0":
        return
    yield "description", _joined(field, "abcdgtr").strip()


def _isbn(field: Field) -> Iterable[Element]:
    for value in field.values("a"):
        if number := numbers.isbn13(value):
            yield "identifier", f"urn:ISBN:{number}"


def _issn(field: Field) -> Iterable[Element]:
    if number := numbers.issn(field.get("a")):
        yield "identifier", f"urn:ISSN:{number}"


def _electronic(field: Field) -> Iterable[Element]:
    for value in field.values("u"):
        yield ("relation" if field.indicators[1:] == "2" else "identifier"), value
    for value in field.values("q"):
        yield "format", value


def _languages(field: Field) -> Iterable[Element]:
    for value in field.values("ad"):
        packed = value.strip().lower()
        for start in range(0, len(packed), 3):
            yield "language", _language(packed[start : start + 3])


_READERS: dict[str, Callable[[Field], Iterable[Element]]] = {
    "020": _isbn, "022": _issn, "041": _languages, "245": _title, "880": _linked, "856": _electronic,
    "100": _name("creator"), "110": _name("creator"), "111": _name("creator"), "720": _plain("contributor", "a"),
    "700": _name("contributor"), "710": _name("contributor"), "711": _name("contributor"),
    "300": _plain("format", "abce"), "490": _plain("relation", "av"), "530": _plain("relation", "abcd"),
    "506": _plain("rights", "abcd"), "540": _plain("rights", "abcd"), "655": _plain("type", "ax"),
    **dict.fromkeys(("600", "610", "611", "630", "648", "650", "654", "690"), _subject),
    "651": _place, "653": _keywords, "752": _plain("coverage", "abcd"),
    **{str(tag): _note for tag in range(500, 600) if tag not in (506, 530, 533, 540, 546)},
    **{str(tag): _plain("relation", "ot") for tag in range(760, 788) if tag != 786}, "786": _plain("source", "ot"),
}  # fmt: skip
