"""MARCXML in one line that is always valid: what the schema cannot say is mended or left out.

`marcxml.build` writes a record as it is, for files that must lose nothing. An answer to a stranger must pass his schema
check, so a broken leader is filled, an impossible indicator becomes a blank, and a field without subfields is dropped.
"""

import re

from ..record import Record
from .xmltext import xml_text

NAMESPACE = "http://www.loc.gov/MARC21/slim"
SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"

_valid_leader = re.compile(
    r"[0-9 ]{5}[0-9A-Za-z ][0-9A-Za-z][0-9A-Za-z ]{3}[2 ][2 ][0-9 ]{5}[0-9A-Za-z ]{3}(?:4500|    )"
).fullmatch
_control_tag = re.compile(r"00[1-9A-Za-z]").fullmatch
_data_tag = re.compile(r"0[1-9A-Z][0-9A-Z]|0[1-9a-z][0-9a-z]|[1-9A-Z][0-9A-Z]{2}|[1-9a-z][0-9a-z]{2}").fullmatch
_indicator = re.compile(r"[0-9a-z ]").fullmatch
_code = re.compile(r"""[0-9A-Za-z!"#$%&'()*+,\-./:;<=>?{}_^`~\[\]\\]""").fullmatch
_LIMIT = 20_000

# Openings of fields and subfields are few and come again and again.
_fields: dict[str, str] = {}
_subfields: dict[str, str] = {}


def marcxml_element(record: Record) -> str:
    """One `record` element with its namespace; control fields come first, as the schema asks."""
    controls: list[str] = []
    rest: list[str] = []
    for field in record.fields:
        if not field.indicators:
            if _control_tag(field.tag):
                controls.append(f'<controlfield tag="{field.tag}">{xml_text(field.value)}</controlfield>')
            continue
        opening = _fields.get(field.tag + field.indicators)
        if opening is None:
            opening = _field_opening(field.tag, field.indicators)
        if not opening:
            continue
        inside = [
            f"{start}{xml_text(value)}</subfield>"
            for code, value in field.subfields
            if (start := _subfields.get(code) or _subfield_opening(code))
        ]
        if inside:
            rest.append(f"{opening}{''.join(inside)}</datafield>")
    return (
        f'<record xmlns="{NAMESPACE}"><leader>{leader(record.leader)}</leader>'
        f"{''.join(controls)}{''.join(rest)}</record>"
    )


def leader(text: str) -> str:
    """A leader that the schema takes: unusable places get the value of a plain book, lengths are left blank."""
    if _valid_leader(text):
        return text
    places = text.ljust(24)[:24]
    wanted = f"     {places[5]}{places[6]}{places[7:10]}22     {places[17:20]}4500"
    if _valid_leader(wanted):
        return wanted
    status, kind = (sign if sign.isascii() and sign.isalnum() else "" for sign in places[5:7])
    level = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in places[7:10])
    return f"     {status or 'n'}{kind or 'a'}{level}22        4500"


def _field_opening(tag: str, indicators: str) -> str:
    first, second = (sign if _indicator(sign) else " " for sign in indicators[:2].ljust(2))
    opening = f'<datafield tag="{tag}" ind1="{first}" ind2="{second}">' if _data_tag(tag) else ""
    if len(_fields) < _LIMIT:
        _fields[tag + indicators] = opening
    return opening


def _subfield_opening(code: str) -> str:
    opening = f'<subfield code="{xml_text(code)}">' if _code(code) else ""
    if len(_subfields) < _LIMIT:
        _subfields[code] = opening
    return opening
