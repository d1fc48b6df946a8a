"""Dublin Core to MARC 21, after the crosswalk of the Library of Congress (Dublin Core to MARC, 2008), which see.

Simple elements, the terms of dcterms and the qualified values of DSpace (``dcvalue``) are read. Where that crosswalk
leaves a choice: the first creator is the main entry, a name of a body goes to X10, subjects without a list are
keywords (653).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from ..problems import MarcError, problem
from ..record import Field, Record, control, data
from .building import finished, fixed, identifier, language_code, name_field, year_of

ELEMENTS = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

_DATES = ("issued", "date", "created", "copyrighted", "dateSubmitted", "available", "dateAccepted")
_PLAIN = {
    "alternative": ("246", "33", "a"), "description": ("520", "  ", "a"), "abstract": ("520", "3 ", "a"),
    "tableOfContents": ("505", "0 ", "a"), "source": ("786", "0 ", "n"), "relation": ("787", "0 ", "n"),
    "isPartOf": ("773", "0 ", "t"), "hasPart": ("774", "0 ", "n"), "isVersionOf": ("775", "0 ", "n"),
    "hasVersion": ("775", "0 ", "n"), "isFormatOf": ("776", "0 ", "n"), "hasFormat": ("776", "0 ", "n"),
    "replaces": ("780", "00", "t"), "isReplacedBy": ("785", "00", "t"), "references": ("510", "0 ", "a"),
    "coverage": ("500", "  ", "a"), "temporal": ("513", "  ", "b"), "rights": ("540", "  ", "a"),
    "license": ("540", "  ", "a"), "accessRights": ("506", "  ", "a"), "rightsHolder": ("540", "  ", "c"),
    "provenance": ("561", "  ", "a"), "audience": ("521", "  ", "a"), "bibliographicCitation": ("524", "  ", "a"),
    "medium": ("340", "  ", "a"), "spatial": ("651", " 4", "a"),
}  # fmt: skip
_SUBJECTS = {
    "LCSH": ("650", " 0"),
    "MESH": ("650", " 2"),
    "DDC": ("082", "04"),
    "LCC": ("050", " 4"),
    "UDC": ("080", "  "),
}
# Leader/06 and /07 by the words in dc:type, DCMI's and those met in repositories.
_KINDS = (
    ("luận văn|luận án|khoá luận|khóa luận|thesis|dissertation", "am"), ("tạp chí|journal|serial|periodical", "as"),
    ("stillimage|still image|image|hình ảnh|ảnh", "km"), ("movingimage|moving image|video|phim", "gm"),
    ("sound|audio|âm thanh", "im"), ("map|bản đồ", "em"), ("dataset|software|interactive", "mm"),
    ("physicalobject|physical object", "rm"), ("score|bản nhạc", "cm"), ("collection|sưu tập", "pc"),
)  # fmt: skip
_THESIS = re.compile("luận văn|luận án|kho[aá] luận|khóa luận|thesis|dissertation", re.IGNORECASE)
_MIME = re.compile(r"^[a-z]+/[\w.+\-]+$")


class Element(NamedTuple):
    """One statement: the name of the term, its scheme or language if one is given, its text."""

    name: str
    scheme: str
    text: str


def elements_of(root: etree._Element) -> list[Element]:
    """The statements under an XML element, at whatever depth: simple, dcterms, or DSpace's ``dcvalue``."""
    return [element for node in root.iter() for element in _elements(node)]


def _elements(node: etree._Element) -> Iterator[Element]:
    if not isinstance(node.tag, str):
        return
    space, _, name = node.tag.rpartition("}")
    text = " ".join("".join(node.itertext()).split())
    if not text:
        return
    if space[1:] in (ELEMENTS, TERMS):
        yield Element(name, (node.get(_XSI_TYPE) or "").rpartition(":")[2].upper(), text)
    elif name == "dcvalue":
        qualifier = node.get("qualifier") or "none"
        yield Element(_DSPACE.get((node.get("element"), qualifier), node.get("element") or ""), qualifier.upper(), text)


_DSPACE = {
    ("title", "alternative"): "alternative", ("contributor", "author"): "creator", ("date", "issued"): "issued",
    ("date", "accessioned"): "", ("date", "available"): "", ("description", "abstract"): "abstract",
    ("description", "tableofcontents"): "tableOfContents", ("description", "provenance"): "",
    ("format", "extent"): "extent", ("format", "medium"): "medium", ("relation", "ispartof"): "isPartOf",
    ("coverage", "spatial"): "spatial", ("coverage", "temporal"): "temporal",
}  # fmt: skip


def record_of(elements: list[Element], *, number: str = "") -> Record:
    """The MARC record of Dublin Core statements; ``number`` becomes 001. Raises ``MarcError`` when they say nothing."""
    said: dict[str, list[Element]] = {}
    for element in elements:
        if element.name:
            said.setdefault(element.name, []).append(element)
    if not said:
        raise MarcError(problem("record_empty"))
    fields = [control("001", number)] if number else []
    languages = list(dict.fromkeys(filter(None, (language_code(one.text) for one in said.get("language", ())))))
    dates = [one.text for name in _DATES for one in said.get(name, ())]
    fields.append(fixed(year=year_of(dates), language=languages[0] if languages else ""))
    if languages:
        fields.append(data("041", "  ", *(("a", code) for code in languages)))
    fields += [*_titles(said), *_names(said), *_imprint(said, dates), *_subjects(said), *_rest(said)]
    types = [one.text for one in said.get("type", ())]
    return finished(_kind(types), fields)


def _kind(types: list[str]) -> str:
    words = " ".join(types).lower()
    return next((code for names, code in _KINDS if re.search(names, words)), "am")


def _titles(said: dict[str, list[Element]]) -> Iterator[Field]:
    for place, one in enumerate(said.get("title", ())):
        title, colon, rest = one.text.partition(" : ")
        more = [("b", rest)] if colon else []
        yield data("245", "00", ("a", title), *more) if place == 0 else data("246", "33", ("a", one.text))


def _names(said: dict[str, list[Element]]) -> Iterator[Field]:
    for place, one in enumerate(said.get("creator", ())):
        yield name_field(one.text, first=place == 0)
    for one in said.get("contributor", ()):
        role = one.scheme.lower() if one.scheme not in ("", "NONE", "OTHER") else ""
        yield name_field(one.text, first=False, role=role)


def _imprint(said: dict[str, list[Element]], dates: list[str]) -> Iterator[Field]:
    subfields = [("b", one.text) for one in said.get("publisher", ())]
    subfields += [("c", dates[0])] if dates else []
    if subfields:
        yield data("260", "  ", *subfields)


def _subjects(said: dict[str, list[Element]]) -> Iterator[Field]:
    for one in said.get("subject", ()):
        tag, indicators = _SUBJECTS.get(one.scheme, ("653", "  "))
        parts = re.split(r"\s*;\s*", one.text) if tag == "653" else [one.text]
        yield from (data(tag, indicators, ("a", part)) for part in parts if part)


def _rest(said: dict[str, list[Element]]) -> Iterator[Field]:
    for name, (tag, indicators, code) in _PLAIN.items():
        yield from (data(tag, indicators, (code, one.text)) for one in said.get(name, ()))
    for one in said.get("identifier", ()):
        yield identifier(one.text)
    for one in said.get("type", ()):
        yield data("502", "  ", ("a", one.text)) if _THESIS.search(one.text) else data("655", " 4", ("a", one.text))
    for one in [*said.get("format", ()), *said.get("extent", ())]:
        if _MIME.match(one.text):
            yield data("347", "  ", ("b", one.text))
        else:
            yield data("300", "  ", ("a", one.text))
