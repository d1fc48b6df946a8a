"""Fields in another script (880) stay with the field that they belong to ($6), also when it moves or goes."""

import re
from collections.abc import Sequence

from lienthu.catalogue.marc import Field, Record

_LINK = re.compile(r"(?P<tag>[0-9]{3})-(?P<number>[0-9]{2})")
OTHER_SCRIPT = "880"


def follow(record: Record, gone: Sequence[Field], *, to_tag: str) -> Record:
    """The record whose 880 fields follow fields that left their tag: renamed to the new tag, or gone with them."""
    pairs = {(one.tag, found["number"]) for one in gone if (found := _LINK.match(one.get("6")))}
    pairs = {pair for pair in pairs if pair[1] != "00" and not _still_there(record, *pair)}
    if not pairs:
        return record
    fields: list[Field] = []
    for one in record.fields:
        found = _LINK.match(one.get("6")) if one.tag == OTHER_SCRIPT else None
        if found is None or (found["tag"], found["number"]) not in pairs:
            fields.append(one)
        elif to_tag:
            fields.append(_relinked(one, to_tag))
    return Record(record.leader, fields)


def without_link(one: Field) -> Field:
    """A copy of a field belongs to no other script."""
    return Field(one.tag, "", one.indicators, [(code, value) for code, value in one.subfields if code != "6"])


def _still_there(record: Record, tag: str, number: str) -> bool:
    return any(one.tag == tag and one.get("6").startswith(f"{OTHER_SCRIPT}-{number}") for one in record.fields)


def _relinked(one: Field, tag: str) -> Field:
    subfields = [(code, f"{tag}{value[3:]}" if code == "6" else value) for code, value in one.subfields]
    return Field(one.tag, "", one.indicators, subfields)
