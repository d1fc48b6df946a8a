"""MARC 21 to MODS 3.7, after the mapping of the Library of Congress.

Written as text: an element is a few joined pieces, which costs a fifth of building a tree.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from .. import numbers
from ..description import trimmed, unstopped
from ..record import Field, Record
from .to_dc import PRIVATE_WHEN_ZERO
from .xmltext import xml_text

NAMESPACE = "http://www.loc.gov/mods/v3"
SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-7.xsd"
VERSION = "3.7"

_OPENING = (
    f'<mods xmlns="{NAMESPACE}" xmlns:xlink="http://www.w3.org/1999/xlink" version="{VERSION}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{NAMESPACE} {SCHEMA}">'
)
_RESOURCES = {
    "a": "text", "c": "notated music", "d": "notated music", "e": "cartographic", "f": "cartographic",
    "g": "moving image", "i": "sound recording-nonmusical", "j": "sound recording-musical", "k": "still image",
    "m": "software, multimedia", "o": "mixed material", "p": "mixed material", "r": "three dimensional object",
    "t": "text",
}  # fmt: skip
_ISSUANCE = {
    "a": "monographic", "c": "monographic", "d": "monographic", "m": "monographic", "i": "integrating resource",
    "b": "continuing", "s": "serial",
}  # fmt: skip
_NAMES = {
    "100": "personal", "600": "personal", "700": "personal", "110": "corporate", "610": "corporate", "710": "corporate",
    "111": "conference", "611": "conference", "711": "conference",
}  # fmt: skip
_THESAURI = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "csh", "5": "cash", "6": "rvm"}
_NOTES = {
    "502": "thesis", "504": "bibliography", "511": "performers", "508": "creation/production credits",
    "518": "venue", "530": "additional physical form", "533": "reproduction", "534": "original version",
    "545": "biographical/historical", "546": "language", "561": "ownership", "583": "action", "586": "awards",
}  # fmt: skip
_CLASSES = {"050": "lcc", "060": "nlm", "080": "udc", "082": "ddc"}
_RELATED = {
    "760": "series", "765": "original", "767": "otherVersion", "773": "host", "775": "otherVersion",
    "776": "otherFormat", "780": "preceding", "785": "succeeding",
}  # fmt: skip
_LANGUAGE = re.compile("[a-z]{3}")
_YEAR = re.compile("[0-9]{4}")


def mods_element(record: Record, *, identifier: str = "", source: str = "", url: str = "") -> str:
    """One `mods` element. `identifier` is the record's number at `source`, `url` its page here."""
    parts = [*_fixed(record)]
    origin: list[str] = []
    pages: list[str] = []
    for field in record.fields:
        if field.tag in _ORIGIN:
            origin += _ORIGIN[field.tag](field)
        elif field.tag == "300":
            pages.append(_element("extent", unstopped(_joined(field, "abce"))))
        elif reader := _READERS.get(field.tag):
            parts += reader(field)
    parts.append(_origin_info(record, origin))
    parts.append(_wrapped("physicalDescription", pages))
    if url:
        parts.append(f'<location><url usage="primary display">{xml_text(url)}</url></location>')
    parts.append(_record_info(record, identifier, source))
    return f"{_OPENING}{''.join(parts)}</mods>"


def _element(name: str, value: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{xml_text(value)}</{name}>" if value else ""


def _wrapped(name: str, inside: Iterable[str], attributes: str = "") -> str:
    content = "".join(inside)
    return f"<{name}{attributes}>{content}</{name}>" if content else ""


def _attribute(name: str, value: str) -> str:
    return f' {name}="{xml_text(value)}"' if value else ""


def _joined(field: Field, codes: str) -> str:
    return " ".join([value.strip() for code, value in field.subfields if code in codes])


def _fixed(record: Record) -> Iterator[str]:
    resource = _RESOURCES.get(record.leader[6:7])
    if resource:
        extra = ' manuscript="yes"' if record.leader[6:7] in "dft" else ""
        extra += ' collection="yes"' if record.leader[7:8] == "c" else ""
        yield _element("typeOfResource", resource, extra)
    code = record.value("008")[35:38]
    if _LANGUAGE.fullmatch(code) and code not in ("und", "zxx"):
        yield _language(code)


def _language(code: str) -> str:
    return f'<language><languageTerm type="code" authority="iso639-2b">{code}</languageTerm></language>'


def _languages(field: Field) -> Iterator[str]:
    """041; the language of the text itself stands in 008 as a rule and is not said twice there."""
    for number, value in enumerate(field.values("ad")):
        packed = value.strip().lower()
        for start in range(0, len(packed), 3):
            code = packed[start : start + 3]
            if _LANGUAGE.fullmatch(code) and (number or start):
                yield _language(code)


def _title_parts(field: Field, codes: str = "afghk", *, skip: str = "") -> Iterator[str]:
    title = trimmed(unstopped(" ".join([value.strip() for code, value in field.subfields if code in codes])))
    nonfiling = int(skip) if skip.isdigit() else 0
    if 0 < nonfiling < len(title):
        yield _element("nonSort", title[:nonfiling])
        title = title[nonfiling:]
    yield _element("title", title)
    for code, name in (("b", "subTitle"), ("n", "partNumber"), ("p", "partName")):
        yield _element(name, unstopped(_joined(field, code)))


def _title(field: Field) -> Iterator[str]:
    yield _wrapped("titleInfo", _title_parts(field, skip=field.indicators[1:]), ' usage="primary"')
    if statement := unstopped(_joined(field, "c")):
        yield _element("note", statement, ' type="statement of responsibility"')


def _other_title(kind: str, skip: int | None = None) -> Callable[[Field], Iterator[str]]:
    def read(field: Field) -> Iterator[str]:
        parts = _title_parts(field, "adfghklmorst", skip="" if skip is None else field.indicators[skip : skip + 1])
        yield _wrapped("titleInfo", parts, f' type="{kind}"')

    return read


def _name_parts(field: Field) -> Iterator[str]:
    kind = _NAMES[field.tag]
    if kind == "personal":
        yield _element("namePart", unstopped(_joined(field, "aq")))
        yield _element("namePart", trimmed(_joined(field, "bc")), ' type="termsOfAddress"')
        yield _element("namePart", unstopped(_joined(field, "d")), ' type="date"')
        return
    if kind == "conference":
        yield _element("namePart", unstopped(_joined(field, "acdenq")))
        return
    for code, value in field.subfields:
        if code in "ab":
            yield _element("namePart", unstopped(value))
    yield _element("namePart", unstopped(_joined(field, "cdn")))


def _roles(field: Field) -> Iterator[str]:
    primary = field.tag.startswith("1")
    for code, value in field.subfields:
        if code == "e" and _NAMES[field.tag] != "conference":
            yield _wrapped("role", [_element("roleTerm", unstopped(value), ' type="text"')])
        elif code == "4":
            relator = value.strip()
            if _LANGUAGE.fullmatch(relator):
                yield f'<role><roleTerm type="code" authority="marcrelator">{relator}</roleTerm></role>'
            primary = False
    if primary:
        yield '<role><roleTerm type="text" authority="marcrelator">creator</roleTerm></role>'


def _name(field: Field) -> Iterator[str]:
    parts = "".join(_name_parts(field))
    if not parts:
        return
    usage = ' usage="primary"' if field.tag.startswith("1") else ""
    name = f'<name type="{_NAMES[field.tag]}"{usage}>{parts}{"".join(_roles(field))}</name>'
    title = unstopped(_joined(field, "t"))
    if title:
        kind = ' type="constituent"' if field.indicators[1:] == "2" else ""
        yield f"<relatedItem{kind}><titleInfo>{_element('title', title)}</titleInfo>{name}</relatedItem>"
    else:
        yield name


_DIVISIONS = {"v": "genre", "x": "topic", "y": "temporal", "z": "geographic"}


def _subject(main: str) -> Callable[[Field], Iterator[str]]:
    def read(field: Field) -> Iterator[str]:
        second = field.indicators[1:]
        authority = _attribute("authority", _THESAURI.get(second) or (field.get("2").strip() if second == "7" else ""))
        yield _wrapped("subject", _subject_parts(field, main), authority)

    return read


def _subject_parts(field: Field, main: str) -> Iterator[str]:
    if main == "name":
        parts = "".join(_name_parts(field))
        if parts:
            yield f'<name type="{_NAMES[field.tag]}">{parts}</name>'
        if title := unstopped(_joined(field, "t")):
            yield f"<titleInfo>{_element('title', title)}</titleInfo>"
    elif main == "titleInfo":
        yield _wrapped("titleInfo", [_element("title", unstopped(_joined(field, "anp")))])
    else:
        yield _element(main, unstopped(_joined(field, "abcdg")))
    for code, value in field.subfields:
        if name := _DIVISIONS.get(code):
            yield _element(name, unstopped(value))


def _keywords(field: Field) -> Iterator[str]:
    for value in field.values("a"):
        yield _wrapped("subject", [_element("topic", unstopped(value))])


def _genre(field: Field) -> Iterator[str]:
    yield _element("genre", unstopped(_joined(field, "a")), _attribute("authority", field.get("2").strip()))


def _note(field: Field) -> Iterator[str]:
    if field.tag in PRIVATE_WHEN_ZERO and field.indicators[:1] == "0":
        return
    yield _element("note", _joined(field, "abcdg"), _attribute("type", _NOTES.get(field.tag, "")))


def _plain(name: str, codes: str, attributes: str = "") -> Callable[[Field], Iterator[str]]:
    def read(field: Field) -> Iterator[str]:
        yield _element(name, _joined(field, codes), attributes)

    return read


def _classification(field: Field) -> Iterator[str]:
    edition = _attribute("edition", field.get("2").strip()) if field.tag == "082" else ""
    for value in field.values("a"):
        cleaned = value.replace("/", "").strip() if field.tag == "082" else value.strip()
        yield _element("classification", cleaned, f' authority="{_CLASSES[field.tag]}"{edition}')


def _isbn(field: Field) -> Iterator[str]:
    for code, value in field.subfields:
        if code in "az":
            number = numbers.isbn13(value) or (value.strip().split(" ")[0] if value.strip() else "")
            yield _element("identifier", number, ' type="isbn"' + (' invalid="yes"' if code == "z" else ""))


def _number(kind: str) -> Callable[[Field], Iterator[str]]:
    def read(field: Field) -> Iterator[str]:
        yield _element("identifier", field.get("a").strip(), f' type="{kind}"')

    return read


def _series(field: Field) -> Iterator[str]:
    parts = [_element("title", unstopped(_joined(field, "a"))), _element("partNumber", unstopped(_joined(field, "v")))]
    if parts[0]:
        yield f'<relatedItem type="series"><titleInfo>{"".join(parts)}</titleInfo></relatedItem>'


def _related(field: Field) -> Iterator[str]:
    title = _wrapped("titleInfo", [_element("title", unstopped(_joined(field, "t") or _joined(field, "a")))])
    parts = [title] if title else []
    parts += [_element("identifier", value.strip(), ' type="issn"') for value in field.values("x")]
    parts += [_element("identifier", value.strip(), ' type="isbn"') for value in field.values("z")]
    parts += [_element("identifier", value.strip(), ' type="local"') for value in field.values("w")]
    if where := _joined(field, "g"):
        parts.append(f"<part>{_element('text', where)}</part>")
    yield _wrapped("relatedItem", parts, f' type="{_RELATED[field.tag]}"')


def _electronic(field: Field) -> Iterator[str]:
    label = _attribute("displayLabel", field.get("y") or field.get("3"))
    for value in field.values("u"):
        if field.indicators[1:] == "2":
            yield _wrapped("relatedItem", [f"<location>{_element('url', value.strip(), label)}</location>"])
        else:
            yield _wrapped("location", [_element("url", value.strip(), label)])


def _holding(field: Field) -> Iterator[str]:
    parts = [_element("physicalLocation", _joined(field, "a")), _element("shelfLocator", _joined(field, "hi"))]
    if parts[0]:
        yield _wrapped("location", parts)


def _imprint(field: Field) -> Iterator[str]:
    if field.tag == "264" and field.indicators[1:] not in ("1", " "):
        return
    for code, value in field.subfields:
        if code == "a":
            place = _element("placeTerm", trimmed(value).strip("[]"), ' type="text"')
            yield _wrapped("place", [place])
        elif code == "b":
            yield _element("publisher", trimmed(value).strip("[]"))
        elif code == "c":
            yield _element("dateIssued", unstopped(value))


_ORIGIN: dict[str, Callable[[Field], Iterator[str]]] = {
    "260": _imprint, "264": _imprint, "250": _plain("edition", "ab"), "310": _plain("frequency", "a"),
}  # fmt: skip


def _origin_info(record: Record, parts: list[str]) -> str:
    found = list(parts)
    fixed = record.value("008")
    country = fixed[15:18].strip()
    if country.isascii() and country.isalpha() and country not in ("xx", "xxx"):
        found.insert(0, f'<place><placeTerm type="code" authority="marccountry">{country}</placeTerm></place>')
    year = fixed[7:11]
    if _YEAR.fullmatch(year) and fixed[6:7] in "estrpmcdiku":
        start = ' point="start"' if fixed[6:7] in "mcdiku" and _YEAR.fullmatch(fixed[11:15]) else ""
        found.append(f'<dateIssued encoding="marc"{start}>{year}</dateIssued>')
        if start:
            found.append(f'<dateIssued encoding="marc" point="end">{fixed[11:15]}</dateIssued>')
    if issuance := _ISSUANCE.get(record.leader[7:8]):
        found.append(f"<issuance>{issuance}</issuance>")
    return _wrapped("originInfo", found)


def _record_info(record: Record, identifier: str, source: str) -> str:
    parts = []
    agency = record.get("040")
    if agency is not None:
        parts.append(_element("recordContentSource", agency.get("a").strip(), ' authority="marcorg"'))
    created = record.value("008")[:6]
    if created.isdigit():
        parts.append(f'<recordCreationDate encoding="marc">{created}</recordCreationDate>')
    changed = record.value("005")[:14]
    if changed.isdigit() and len(changed) == 14:
        parts.append(f'<recordChangeDate encoding="iso8601">{changed[:8]}T{changed[8:]}</recordChangeDate>')
    number = identifier or record.value("001").strip()
    parts.append(_element("recordIdentifier", number, _attribute("source", source)))
    return _wrapped("recordInfo", parts)


_READERS: dict[str, Callable[[Field], Iterator[str]]] = {
    "245": _title, "246": _other_title("alternative"), "740": _other_title("alternative", 0),
    "130": _other_title("uniform", 0), "240": _other_title("uniform", 1), "210": _other_title("abbreviated"),
    "242": _other_title("translated", 1),
    **dict.fromkeys(("100", "110", "111", "700", "710", "711"), _name), "041": _languages,
    **dict.fromkeys(("600", "610", "611"), _subject("name")), "630": _subject("titleInfo"),
    "648": _subject("temporal"), "650": _subject("topic"), "690": _subject("topic"), "651": _subject("geographic"),
    "653": _keywords, "655": _genre, "520": _plain("abstract", "ab"), "505": _plain("tableOfContents", "agrt"),
    "521": _plain("targetAudience", "ab"), "506": _plain("accessCondition", "abcd", ' type="restriction on access"'),
    "540": _plain("accessCondition", "abcd", ' type="use and reproduction"'),
    **dict.fromkeys(("500", "501", "515", "525", "538", "550", "580", "588", *_NOTES), _note),
    **dict.fromkeys(_CLASSES, _classification), "020": _isbn, "022": _number("issn"), "010": _number("lccn"),
    "024": _number("other"), "028": _number("music publisher"), "037": _number("stock number"),
    "490": _series, **dict.fromkeys(_RELATED, _related), "856": _electronic, "852": _holding,
}  # fmt: skip
