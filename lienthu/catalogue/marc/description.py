"""What a bibliographic record says, in the words of a result page.

ISBD punctuation between the parts is taken off, since the page has its own layout. Nothing is looked up.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from . import numbers
from .record import Field, Record

PERSON, CORPORATE, MEETING = "PERSON", "CORPORATE", "MEETING"
TITLE, TOPIC, PLACE, GENRE = "TITLE", "TOPIC", "PLACE", "GENRE"

BOOK, SERIAL, THESIS, MAP, SCORE = "BOOK", "SERIAL", "THESIS", "MAP", "SCORE"
AUDIO, VIDEO, IMAGE, MANUSCRIPT = "AUDIO", "VIDEO", "IMAGE", "MANUSCRIPT"
DIGITAL, KIT, OTHER = "DIGITAL", "KIT", "OTHER"


class Heading(NamedTuple):
    """A name, title or subject that a record leads to; ``role`` is the tag it stands in."""

    kind: str
    text: str
    role: str


@dataclass(slots=True)
class Description:
    """One record described. Texts are repaired NFC; lists keep the order of the record and repeat nothing."""

    title: str = ""
    subtitle: str = ""
    responsibility: str = ""
    other_titles: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    author_headings: list[str] = field(default_factory=list)
    publisher: str = ""
    place: str = ""
    year: int | None = None
    isbn: list[str] = field(default_factory=list)
    issn: str = ""
    language: list[str] = field(default_factory=list)
    type: str = OTHER
    subjects: list[str] = field(default_factory=list)
    ddc: list[str] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    extent: str = ""
    edition: str = ""
    abstract: str = ""
    digital_url: str = ""
    headings: list[Heading] = field(default_factory=list)
    nonfiling: int = 0
    """How many characters at the start of the title do not count when titles are sorted (245, second indicator)."""

    def summary(self) -> dict[str, Any]:
        """The form kept with a cluster; ``headings`` and ``nonfiling`` have tables of their own."""
        return {name: getattr(self, name) for name in _SUMMARY}


_SUMMARY = tuple(name for name in Description.__dataclass_fields__ if name not in ("headings", "nonfiling"))

_TRAILING = " /:;,=+"
_YEAR = re.compile(r"(?<![0-9])(1[4-9][0-9]{2}|20[0-9]{2})(?![0-9])")
_INITIAL = re.compile(r"(?:^|[\s.\-])\w\.$|\b(?:Jr|Sr|Dr|St|etc|v\.v|ca|Inc|Co|Ltd|Nxb|Tp)\.$")
_URL = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_LANGUAGE_NONE = frozenset({"|||", "   ", "und", "zxx", "N/A"})
_LANGUAGE = re.compile("[a-z]{3}")
# DDC numbers are copied from schedules with a blank after every third digit: "629.136 6".
_BLANK_IN_NUMBER = re.compile("(?<=[0-9]) (?=[0-9])")
_LANGUAGE_NAMES = {"việt": "vie", "tiếng việt": "vie", "anh": "eng", "tiếng anh": "eng", "pháp": "fre", "nga": "rus",
                   "vn": "vie", "en": "eng", "vi": "vie", "fr": "fre"}  # fmt: skip


def trimmed(text: str) -> str:
    """Text without the ISBD punctuation that leads to the next part."""
    return text.strip().rstrip(_TRAILING)


def unstopped(text: str) -> str:
    """Like ``trimmed`` and without a full stop that ends the area; stops of initials and abbreviations stay."""
    text = text.strip().rstrip(_TRAILING)
    if text[-1:] == "." and not text.endswith("..") and not _INITIAL.search(text):
        return text[:-1].rstrip()
    return text


def describe(record: Record) -> Description:
    """Describe a bibliographic record. Never fails: what a record does not say stays empty."""
    description = Description()
    find = _READERS.get
    for one in record.fields:
        reader = find(one.tag)
        if reader is not None:
            reader(description, one)
    description.type = _type(record.leader, thesis=description.type == THESIS)
    return description


def control_number(record: Record) -> str:
    """The number that names the record in its library: 001, else the first 035 $a."""
    number = record.value("001").strip()
    if number:
        return number
    return next((value.strip() for value in record.subfields("035", "a") if value.strip()), "")


def _add(values: list[Any], value: Any) -> None:
    if value and value not in values:
        values.append(value)


def _title(into: Description, one: Field) -> None:
    if into.title:
        return
    into.nonfiling = int(one.indicators[1]) if one.indicators[1:].isdigit() else 0
    title: list[str] = []
    for code, value in one.subfields:
        if code == "b":
            into.subtitle = f"{into.subtitle} : {trimmed(value)}" if into.subtitle else trimmed(value)
        elif code == "c":
            into.responsibility = unstopped(value)
        elif code in "anp":
            title.append(value.strip().rstrip(" /:;=+"))
    into.title = trimmed(_sentence(title))
    if not into.responsibility:
        if into.subtitle:
            into.subtitle = unstopped(into.subtitle)
        else:
            into.title = unstopped(into.title)
    if not into.title and into.subtitle:
        into.title, into.subtitle = into.subtitle, ""


def _sentence(parts: list[str]) -> str:
    """Parts joined as ISBD does: a full stop between them unless one is there."""
    text = ""
    for part in parts:
        if text and part:
            text += " " if text[-1] in ".,:;?!" else ". "
        text += part
    return text


def _other_title(into: Description, one: Field) -> None:
    _add(into.other_titles, unstopped(" ".join([value for code, value in one.subfields if code in "abnp"])))


_TITLE_TAGS = frozenset({"130", "240", "245", "246", "730", "740"})


def _linked(into: Description, one: Field) -> None:
    """880: the same field in its original script; titles, and names as further authors to find."""
    tag = one.get("6")[:3]
    if tag in _TITLE_TAGS:
        _other_title(into, one)
    elif tag in _NAME_KINDS:
        text = _name_text(one)
        if text:
            into.headings.append(Heading(_NAME_KINDS[tag], text, "880"))


_NAME_KINDS = {
    "100": PERSON, "700": PERSON, "110": CORPORATE, "710": CORPORATE, "111": MEETING, "711": MEETING,
}  # fmt: skip
_NAME_PARTS = {PERSON: "abcdq", CORPORATE: "abcdn", MEETING: "acdenq"}


def _name_text(one: Field) -> str:
    parts = _NAME_PARTS[_NAME_KINDS.get(one.tag) or _NAME_KINDS.get(one.get("6")[:3], PERSON)]
    return unstopped(" ".join([value.strip() for code, value in one.subfields if code in parts]))


def _name(into: Description, one: Field) -> None:
    kind = _NAME_KINDS[one.tag]
    parts = _NAME_PARTS[kind]
    words: list[str] = []
    shown: list[str] = []
    work: list[str] = []
    for code, value in one.subfields:
        if code == "t":
            work.append(value)
        elif work:
            if code in "npk":
                work.append(value)
        elif code in parts:
            words.append(value)
            if code in "abc" or kind == MEETING:
                shown.append(value)
    heading = unstopped(" ".join(words))
    if not heading:
        return
    _add(into.author_headings, heading)
    _add(into.authors, unstopped(" ".join(shown)))
    into.headings.append(Heading(kind, heading, one.tag))
    if work:
        into.headings.append(Heading(TITLE, unstopped(" ".join(work)), one.tag))


def _uniform_title(into: Description, one: Field) -> None:
    text = unstopped(" ".join([value for code, value in one.subfields if code in "anp"]))
    if text:
        _add(into.other_titles, text)
        into.headings.append(Heading(TITLE, text, one.tag))


_SUBJECT_KINDS = {
    "600": PERSON, "610": CORPORATE, "611": MEETING, "630": TITLE, "648": TOPIC, "650": TOPIC, "651": PLACE,
    "653": TOPIC, "654": TOPIC, "655": GENRE, "690": TOPIC,
}  # fmt: skip


def _subject(into: Description, one: Field) -> None:
    main: list[str] = []
    divisions: list[str] = []
    for code, value in one.subfields:
        if code in "vxyz":
            divisions.append(unstopped(value))
        elif code.isalpha() and code != "e":
            main.append(value)
    if not main:
        return
    text = unstopped(" ".join(main))
    if divisions:
        text = " -- ".join([text, *divisions])
    if text and text not in into.subjects:
        into.subjects.append(text)
        into.headings.append(Heading(_SUBJECT_KINDS[one.tag], text, one.tag))


def _keywords(into: Description, one: Field) -> None:
    """653: every $a is a keyword of its own."""
    for code, value in one.subfields:
        if code == "a":
            text = unstopped(value)
            if text and text not in into.subjects:
                into.subjects.append(text)
                into.headings.append(Heading(TOPIC, text, "653"))


def _imprint(into: Description, one: Field) -> None:
    if one.tag == "264" and one.indicators[1:] not in ("1", " ", "3", "2", "0"):
        return
    for code, value in one.subfields:
        if code == "a" and not into.place:
            into.place = _unbracketed(trimmed(value))
        elif code == "b" and not into.publisher:
            into.publisher = _unbracketed(trimmed(value))
        elif code == "c" and into.year is None:
            found = _YEAR.search(value)
            if found:
                into.year = int(found[1])


def _unbracketed(text: str) -> str:
    return text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text.strip("[]") if "[" not in text[1:] else text


def _fixed(into: Description, one: Field) -> None:
    value = one.value
    year = value[7:11]
    if year.isdigit() and "1000" <= year <= "2100" and value[6:7] != "b":
        into.year = int(year)
    if "m" in value[24:28]:
        into.type = THESIS  # one of the natures of contents; ``_type`` looks whether the material is text at all
    language = value[35:38]
    if _LANGUAGE.fullmatch(language) and language not in _LANGUAGE_NONE:
        into.language.append(language)


def _thesis(into: Description, one: Field) -> None:
    into.type = THESIS
    _note(into, one)


_DEWEY = re.compile(r"[0-9]{3}(?:\.[0-9 ]+)?")


def _local_type(into: Description, one: Field) -> None:
    """Libol's 927: LA and LV are theses."""
    if one.get("a").strip().upper() in ("LA", "LV"):
        into.type = THESIS


def _language(into: Description, one: Field) -> None:
    for code, value in one.subfields:
        if code in "ad":
            # Older records pack several codes of three letters into one subfield.
            lower = value.strip().lower()
            lower = _LANGUAGE_NAMES.get(lower, lower)
            for start in range(0, len(lower), 3):
                language = lower[start : start + 3]
                if _LANGUAGE.fullmatch(language) and language not in _LANGUAGE_NONE:
                    _add(into.language, language)


def _isbn(into: Description, one: Field) -> None:
    for code, value in one.subfields:
        if code == "a":
            _add(into.isbn, numbers.isbn13(value))


def _issn(into: Description, one: Field) -> None:
    into.issn = into.issn or numbers.issn(one.get("a"))


def _ddc(into: Description, one: Field) -> None:
    for code, value in one.subfields:
        if code == "a":
            _add(into.ddc, _BLANK_IN_NUMBER.sub("", value.replace("/", "").replace("'", "").strip()))


def _series(into: Description, one: Field) -> None:
    if one.tag in ("440", "490"):
        text = " ; ".join([trimmed(value) for code, value in one.subfields if code in "anpv" and value.strip()])
        _add(into.series, unstopped(text))
        return
    text = unstopped(" ".join([value for code, value in one.subfields if code in "atnp"]))
    if text:
        into.headings.append(Heading(TITLE, text, one.tag))


def _note(into: Description, one: Field) -> None:
    _add(into.notes, " ".join([value.strip() for code, value in one.subfields if code in "abcdg"]))


def _access(into: Description, one: Field) -> None:
    # First indicator 0: nothing restricts the access, which nobody needs to read.
    if one.indicators[:1] != "0":
        _add(into.notes, ": ".join([value.strip() for code, value in one.subfields if code in "3a"]))


def _abstract(into: Description, one: Field) -> None:
    into.abstract = into.abstract or " ".join([value.strip() for code, value in one.subfields if code in "ab"])


def _extent(into: Description, one: Field) -> None:
    if not into.extent:
        into.extent = " ".join([value.strip() for code, value in one.subfields if code in "abce"]).strip()


def _edition(into: Description, one: Field) -> None:
    into.edition = into.edition or trimmed(" ".join([value for code, value in one.subfields if code in "ab"]))


def _electronic(into: Description, one: Field) -> None:
    # Second indicator 2: something related (a table of contents, a cover), not the thing itself.
    if into.digital_url or one.indicators[1:] == "2" or one.get("3"):
        return
    found = _URL.search(one.get("u"))
    if found:
        into.digital_url = found[0]


def _local_class(into: Description, one: Field) -> None:
    """Libol's 090: a Dewey number and the author mark; elsewhere it is the number of another scheme."""
    if not into.ddc and _DEWEY.fullmatch(one.get("a").strip()):
        _ddc(into, one)


_Reader = Callable[[Description, Field], None]
_READERS: dict[str, _Reader] = {
    "008": _fixed, "020": _isbn, "022": _issn, "041": _language, "082": _ddc, "090": _local_class,
    "100": _name, "110": _name, "111": _name, "700": _name, "710": _name, "711": _name,
    "130": _uniform_title, "240": _uniform_title, "730": _uniform_title,
    "245": _title, "246": _other_title, "740": _other_title, "880": _linked,
    "250": _edition, "260": _imprint, "264": _imprint, "300": _extent,
    "440": _series, "490": _series, "800": _series, "810": _series, "811": _series, "830": _series,
    "500": _note, "502": _thesis, "504": _note, "505": _note, "526": _note, "546": _note, "586": _note,
    "506": _access, "520": _abstract,
    **{tag: _subject for tag in _SUBJECT_KINDS}, "653": _keywords, "856": _electronic,
    "927": _local_type,
}  # fmt: skip

_TYPES = {
    "c": SCORE, "d": SCORE, "e": MAP, "f": MAP, "g": VIDEO, "i": AUDIO, "j": AUDIO, "k": IMAGE, "m": DIGITAL,
    "o": KIT, "p": KIT, "r": OTHER, "t": MANUSCRIPT,
}  # fmt: skip


def _type(leader: str, *, thesis: bool) -> str:
    """The kind of material by leader/06-07; ``thesis``: some field says so."""
    kind = leader[6:7]
    if thesis and kind in ("a", "t", "m"):
        return THESIS
    if kind == "a":
        return SERIAL if leader[7:8] in ("s", "b", "i") else BOOK
    return _TYPES.get(kind, OTHER)
