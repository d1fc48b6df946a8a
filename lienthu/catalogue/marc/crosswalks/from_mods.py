"""MODS 3.x to MARC 21, after the mapping of the Library of Congress (MODS to MARC 21), which see.

Where that mapping leaves a choice: the first name that is marked primary, or the first author or creator, is the main
entry; a subject goes to the field of its first part, the further parts follow as subdivisions.
"""

from collections.abc import Callable, Iterator

from lxml import etree

from ..problems import MarcError, problem
from ..record import Field, Record, Subfield, control, data
from .building import finished, fixed, identifier, language_code, name_field, year_of

NAMESPACE_START = "http://www.loc.gov/mods/"

_KINDS = {
    "text": "a", "notated music": "c", "cartographic": "e", "sound recording": "i", "sound recording-nonmusical": "i",
    "sound recording-musical": "j", "still image": "k", "moving image": "g", "three dimensional object": "r",
    "software, multimedia": "m", "mixed material": "p",
}  # fmt: skip
_LEVELS = {"monographic": "m", "single unit": "m", "multipart monograph": "m", "continuing": "s", "serial": "s",
           "integrating resource": "i"}  # fmt: skip
_MAIN_ROLES = {"author", "creator", "aut", "cre", "tác giả", ""}
_NOTES = {
    "bibliography": "504", "thesis": "502", "performers": "511", "language": "546", "funding": "536", "awards": "586",
    "ownership": "561", "creation/production credits": "508", "system details": "538", "restriction": "506",
}  # fmt: skip
_LISTS = {"lcsh": " 0", "mesh": " 2", "lcshac": " 1"}
_DIVISIONS = {"topic": "x", "geographic": "z", "temporal": "y", "genre": "v"}
_HEADS = {"topic": "650", "geographic": "651", "temporal": "648", "genre": "655"}


def record_of(root: etree._Element, *, number: str = "") -> Record:
    """The MARC record of one ``mods`` element; ``number`` stands in for a missing record identifier.

    Raises ``MarcError`` when it says nothing.
    """
    fields = [field for read in _READERS for field in read(root)]
    if not fields:
        raise MarcError(problem("record_empty"))
    own = _first(root, "recordInfo/recordIdentifier") or number
    dates = [
        text for name in ("dateIssued", "copyrightDate", "dateCreated") for text in _texts(root, f"originInfo/{name}")
    ]
    languages = list(dict.fromkeys(filter(None, map(language_code, _texts(root, "language/languageTerm")))))
    fields.append(fixed(year=year_of(dates), language=languages[0] if languages else ""))
    if languages:
        fields.append(data("041", "  ", *(("a", code) for code in languages)))
    if own:
        fields.append(control("001", own))
    kind = _KINDS.get(_first(root, "typeOfResource").lower(), "a")
    return finished(kind + _LEVELS.get(_first(root, "originInfo/issuance").lower(), "m"), fields)


# --- Reading XML without caring for the version of the namespace ----------------


def _name(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _children(node: etree._Element, path: str) -> Iterator[etree._Element]:
    name, _, rest = path.partition("/")
    for child in node:
        if _name(child) == name:
            if rest:
                yield from _children(child, rest)
            else:
                yield child


def _text(node: etree._Element) -> str:
    return " ".join("".join(node.itertext()).split())


def _texts(node: etree._Element, path: str) -> list[str]:
    return [text for child in _children(node, path) if (text := _text(child))]


def _first(node: etree._Element, path: str) -> str:
    return next(iter(_texts(node, path)), "")


def _typed(node: etree._Element, name: str, kind: str) -> list[str]:
    return [text for child in _children(node, name) if child.get("type") == kind and (text := _text(child))]


# --- Fields -----------------------------------------------------------------------


def _titles(root: etree._Element) -> Iterator[Field]:
    main_seen = False
    for info in _children(root, "titleInfo"):
        before = _first(info, "nonSort")
        title = (
            f"{before}{'' if before.endswith(chr(39)) else ' '}{_first(info, 'title')}"
            if before
            else _first(info, "title")
        )
        subfields = [("a", title)] if title else []
        subfields += [("b", text) for text in _texts(info, "subTitle")]
        subfields += [("n", text) for text in _texts(info, "partNumber")] + [
            ("p", text) for text in _texts(info, "partName")
        ]
        if not subfields:
            continue
        kind = info.get("type") or ""
        if kind == "uniform":
            yield data("240", "10", *subfields)
        elif kind == "abbreviated":
            yield data("210", "0 ", *subfields)
        elif kind or main_seen:
            yield data("246", "33", *subfields)
        else:
            main_seen = True
            skipped = min(9, len(before) + (0 if before.endswith("'") else 1)) if before else 0
            stated = [("c", text) for text in _typed(root, "note", "statement of responsibility")]
            yield data("245", f"0{skipped}", *subfields, *stated[:1])


def _names(root: etree._Element) -> Iterator[Field]:
    main: etree._Element | None = None
    nodes = list(_children(root, "name"))
    for node in nodes:
        if node.get("usage") == "primary" or (main is None and _roles(node) & _MAIN_ROLES):
            main = node
            if node.get("usage") == "primary":
                break
    for node in nodes:
        name, more = _name_parts(node)
        if not name:
            continue
        roles = _texts(node, "role/roleTerm")
        role = "" if node is main else next((text for text in roles if len(text) != 3), "")
        if node.get("type") == "conference":
            yield data("111" if node is main else "711", "2 ", ("a", name), *more)
        else:
            corporate = {"corporate": True, "personal": False}.get(node.get("type") or "")
            yield name_field(name, first=node is main, corporate=corporate, role=role, more=tuple(more))


def _roles(node: etree._Element) -> set[str]:
    return {text.lower() for text in _texts(node, "role/roleTerm")} or {""}


def _name_parts(node: etree._Element) -> tuple[str, list[Subfield]]:
    plain: list[str] = []
    family = given = ""
    more: list[Subfield] = []
    for part in _children(node, "namePart"):
        text = _text(part)
        kind = part.get("type")
        if kind == "family":
            family = text
        elif kind == "given":
            given = f"{given} {text}".strip()
        elif kind == "date":
            more.append(("d", text))
        elif kind == "termsOfAddress":
            more.append(("c", text))
        elif text:
            plain.append(text)
    return " ".join(plain) or ", ".join(filter(None, (family, given))), more


def _imprint(root: etree._Element) -> Iterator[Field]:
    for origin in _children(root, "originInfo"):
        places = [_text(term) for term in _children(origin, "place/placeTerm") if term.get("type") != "code"]
        dates = _texts(origin, "dateIssued") or _texts(origin, "copyrightDate") or _texts(origin, "dateCreated")
        subfields = [("a", text) for text in places if text] + [("b", text) for text in _texts(origin, "publisher")]
        subfields += [("c", text) for text in dates[:1]]
        if subfields:
            yield data("260", "  ", *subfields)
        yield from (data("250", "  ", ("a", text)) for text in _texts(origin, "edition"))
        yield from (data("310", "  ", ("a", text)) for text in _texts(origin, "frequency"))


def _physical(root: etree._Element) -> Iterator[Field]:
    yield from (data("300", "  ", ("a", text)) for text in _texts(root, "physicalDescription/extent"))
    yield from (data("347", "  ", ("b", text)) for text in _texts(root, "physicalDescription/internetMediaType"))
    yield from (data("655", " 4", ("a", text)) for text in _texts(root, "genre"))


def _notes(root: etree._Element) -> Iterator[Field]:
    yield from (data("520", "  ", ("a", text)) for text in _texts(root, "abstract"))
    yield from (data("505", "0 ", ("a", text)) for text in _texts(root, "tableOfContents"))
    yield from (data("521", "  ", ("a", text)) for text in _texts(root, "targetAudience"))
    for note in _children(root, "note"):
        kind = note.get("type") or ""
        if kind != "statement of responsibility" and (text := _text(note)):
            yield data(_NOTES.get(kind, "500"), "  ", ("a", text))
    for condition in _children(root, "accessCondition"):
        if text := _text(condition):
            yield data("506" if "restriction" in (condition.get("type") or "") else "540", "  ", ("a", text))


def _subjects(root: etree._Element) -> Iterator[Field]:
    for subject in _children(root, "subject"):
        second = _LISTS.get(subject.get("authority") or "", " 4")[1:]
        parts = [part for part in subject if _text(part) and _name(part) != "geographicCode"]
        head = _subject_head(parts[0]) if parts else None
        if head:
            tag, subfields = head
            divisions = [(_DIVISIONS.get(_name(part), "x"), _text(part)) for part in parts[1:]]
            yield data(tag, ("1" if tag in ("600", "610") else " ") + second, *subfields, *divisions)
    for node in _children(root, "classification"):
        tag, indicators = _CLASSES.get((node.get("authority") or "").lower(), ("084", "  "))
        if text := _text(node):
            yield data(tag, indicators, ("a", text))


_CLASSES = {"ddc": ("082", "04"), "lcc": ("050", " 4"), "udc": ("080", "  ")}


def _subject_head(part: etree._Element) -> tuple[str, list[Subfield]] | None:
    name, text = _name(part), _text(part)
    if name in _HEADS:
        return _HEADS[name], [("a", text)]
    if name == "name":
        called, more = _name_parts(part)
        return ("610" if part.get("type") == "corporate" else "600"), [("a", called or text), *more]
    if name == "titleInfo":
        return "630", [("a", text)]
    if name == "hierarchicalGeographic":
        return "651", [("a", _text(part[-1]) if len(part) else text)]
    return None


def _related(root: etree._Element) -> Iterator[Field]:
    for item in _children(root, "relatedItem"):
        title, kind = _first(item, "titleInfo/title"), item.get("type") or ""
        if not title:
            continue
        if kind == "series":
            volume = [("v", text) for text in _texts(item, "titleInfo/partNumber")[:1]]
            yield data("490", "0 ", ("a", title), *volume)
        else:
            tags = {"host": "773", "preceding": "780", "succeeding": "785", "constituent": "774", "otherFormat": "776"}
            yield data(tags.get(kind, "787"), "0 ", ("t", title))


def _identifiers(root: etree._Element) -> Iterator[Field]:
    for node in _children(root, "identifier"):
        text, kind = _text(node), (node.get("type") or "").lower()
        if not text:
            continue
        if kind in ("isbn", "issn", "lccn"):
            code = "z" if node.get("invalid") == "yes" else "a"
            yield data({"isbn": "020", "issn": "022", "lccn": "010"}[kind], "  ", (code, text))
        else:
            yield identifier(f"doi:{text}" if kind == "doi" and text.startswith("10.") else text)


def _places(root: etree._Element) -> Iterator[Field]:
    for location in _children(root, "location"):
        yield from (data("856", "40", ("u", text)) for text in _texts(location, "url"))
        held = [("a", text) for text in _texts(location, "physicalLocation")[:1]]
        shelf = _texts(location, "shelfLocator") or _texts(location, "holdingSimple/copyInformation/shelfLocator")
        held += [("h", text) for text in shelf[:1]]
        if held:
            yield data("852", "  ", *held)
    yield from (data("040", "  ", ("a", text)) for text in _texts(root, "recordInfo/recordContentSource")[:1])


_READERS: tuple[Callable[[etree._Element], Iterator[Field]], ...] = (
    _titles, _names, _imprint, _physical, _notes, _subjects, _related, _identifiers, _places,
)  # fmt: skip
