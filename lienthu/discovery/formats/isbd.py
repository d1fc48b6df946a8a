"""The record as an ISBD description (consolidated edition, 2011): areas parted by point, space, dash, space."""

from collections.abc import Mapping

from lienthu.catalogue.marc import Field, Record

_AREA = ". — "
# What ISBD writes before each subfield; the punctuation that the record carries itself is taken off first.
_TITLE = {"a": "", "b": " : ", "c": " / ", "h": " ", "n": ". ", "p": ". "}
_EDITION = {"a": "", "b": " / "}
_SCALE = {"a": "", "b": " ; ", "c": " "}
_IMPRINT = {"a": " ; ", "b": " : ", "c": ", "}
_EXTENT = {"a": "", "b": " : ", "c": " ; ", "e": " + "}
_SERIES = {"a": "", "v": " ; ", "x": ", ISSN ", "n": ". ", "p": ", "}
_NOTES = ("500", "501", "502", "504", "505", "508", "511", "515", "520", "533", "538", "546", "550", "580", "586")
_ENTRIES = ("100", "110", "111", "130")
_PUNCTUATION = " /:;,=+"


def isbd(record: Record) -> list[str]:
    """Lines of the description: heading, body, notes, numbers. Empty for a record without a title."""
    title = _joined(record.get("245"), _TITLE)
    if not title:
        return []
    areas = [
        title,
        _joined(record.get("250"), _EDITION),
        _joined(record.get("255"), _SCALE),
        _imprint(record),
        _joined(record.get("300"), _EXTENT),
        " ".join(f"({_joined(one, _SERIES)})" for one in record.all("440", "490")),
    ]
    body = _AREA.join(_unstopped(area) for area in areas if area)
    lines = [_heading(record), body if body.endswith((")", ".", "?", "!")) else f"{body}."]
    lines += [" ".join(value.strip() for value in one.values("abcdgt")) for one in record.all(*_NOTES)]
    lines += [f"ISBN {value.strip(_PUNCTUATION)}" for value in record.subfields("020", "a")]
    lines += [f"ISSN {value.strip(_PUNCTUATION)}" for value in record.subfields("022", "a")]
    return [line for line in lines if line.strip()]


def _heading(record: Record) -> str:
    for tag in _ENTRIES:
        field = record.get(tag)
        if field is not None:
            return " ".join(value.strip() for value in field.values("abcdnpqt")).rstrip(_PUNCTUATION)
    return ""


def _imprint(record: Record) -> str:
    fields = record.all("260") or [one for one in record.all("264") if one.indicators[1:] == "1"] or record.all("264")
    return _AREA.join(text for one in fields[:1] if (text := _joined(one, _IMPRINT)))


def _joined(field: Field | None, signs: Mapping[str, str]) -> str:
    if field is None:
        return ""
    text = ""
    for code, value in field.subfields:
        part = value.strip().strip(_PUNCTUATION)
        if code in signs and part:
            text += (signs[code] if text else "") + part
    return text


def _unstopped(area: str) -> str:
    return area[:-1] if area.endswith(".") and not area.endswith("..") else area
