"""What the crosswalks to MARC share: fixed fields, and the finding of numbers in free identifiers."""

import re

from .. import numbers
from ..mapping import INDICATORS, LANGUAGES, folded
from ..record import Field, Record, Subfield, control, data

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_LCCN = re.compile(r"(?:urn:|info:)?lccn[:/ ]", re.IGNORECASE)
_URL = re.compile(r"^(?:https?|ftp)://\S+$", re.IGNORECASE)
_DOI = re.compile(r"^(?:doi:\s*|https?://(?:dx\.)?doi\.org/)(10\.\d{4,9}/\S+)$", re.IGNORECASE)
_CORPORATE = re.compile(
    r"^(?:trường|đại học|viện|bộ|sở|ủy ban|uỷ ban|hội|ban|nhà|trung tâm|cục|tổng cục|vụ|công ty|thư viện|"
    r"đảng|đoàn|tỉnh|university|institute|ministry|department|national|the |association|society|library|"
    r"bureau|office)\b"
    r"|\b(?:university|institute|company|press|inc|ltd|corporation|association|committee|council)\b",
    re.IGNORECASE,
)


def year_of(texts: list[str]) -> str:
    """The first year that dates state, or nothing."""
    found = _YEAR.search(" ".join(texts))
    return found[1] if found else ""


def language_code(text: str) -> str:
    """A MARC code for a language given by name or by any ISO 639 code, or nothing."""
    plain = folded(text)
    if code := LANGUAGES.get(plain) or LANGUAGES.get(plain.partition(" ")[0]):
        return code
    return plain if re.fullmatch("[a-z]{3}", plain) else ""


def fixed(*, year: str, language: str) -> Field:
    """008 with what is known."""
    date = f"s{year}" if year else "nuuuu"
    return control("008", f"||||||{date}    xx {'|' * 17}{language or '|||'}||")


def identifier(text: str) -> Field:
    """Where an identifier of unknown kind belongs: ISBN, ISSN, DOI, address, LCCN, or another number."""
    plain = text.strip()
    doi = _DOI.match(plain)
    if doi:
        return data("024", "7 ", ("a", doi[1]), ("2", "doi"))
    if _URL.match(plain):
        return data("856", "40", ("u", plain))
    number = re.sub(r"^(?:urn:)?is[bs]n[:\s]*", "", plain, flags=re.IGNORECASE)
    if numbers.isbn13(number):
        return data("020", "  ", ("a", number))
    if numbers.issn(number) and re.fullmatch(r"[0-9]{4}-?[0-9]{3}[0-9Xx]", number.strip()):
        return data("022", "  ", ("a", number.strip()))
    if _LCCN.match(plain):
        return data("010", "  ", ("a", _LCCN.sub("", plain)))
    return data("024", "8 ", ("a", plain))


def looks_corporate(name: str) -> bool:
    """Whether a name is that of a body rather than of a person."""
    return "," not in name and _CORPORATE.search(name) is not None


def name_field(
    name: str, *, first: bool, corporate: bool | None = None, role: str = "", more: tuple[Subfield, ...] = ()
) -> Field:
    """A main or an added entry for a name."""
    body = looks_corporate(name) if corporate is None else corporate
    tag = ("110" if body else "100") if first else ("710" if body else "700")
    subfields = [("a", name), *more]
    return data(tag, INDICATORS.get(tag, "1 "), *subfields, *([("e", role)] if role else []))


def finished(kind: str, fields: list[Field]) -> Record:
    """The record, its fields in the order of their tags; ``kind`` is leader/06-07."""
    return Record(f"00000n{kind} a22000007a 4500", sorted(fields, key=lambda field: field.tag))
