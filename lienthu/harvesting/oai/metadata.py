"""Metadata of a harvested record as MARCXML, and which of the formats on offer to take."""

from collections.abc import Sequence

from lxml import etree

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.crosswalks import from_dc, from_mods
from lienthu.catalogue.marc.marcxml import build, standalone
from lienthu.catalogue.marc.problems import MarcError
from lienthu.harvesting.oai.answers import Format

MARC, MODS, DC = "marc", "mods", "dc"
MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"
_NAMESPACES = {
    MARC_NAMESPACE: MARC,
    "http://www.loc.gov/mods/v3": MODS,
    "http://www.openarchives.org/OAI/2.0/oai_dc/": DC,
}
# In order of preference; servers name MARCXML as they like.
_PREFIXES = {
    "marc21": MARC,
    "marcxml": MARC,
    "marc21slim": MARC,
    "marc": MARC,
    "mods": MODS,
    "oai_dc": DC,
}
# What repositories call the element around Dublin Core.
DC_ROOTS = {"dc", "qualifieddc", "dcterms", "dublin_core"}
_ORDER = (MARC, MODS, DC)


class UnknownMetadata(ValueError):
    """The metadata of a record is in no format that can be read."""


def kind_of_format(offered: Format) -> str:
    """marc, mods, dc, or "" for a format that cannot be read: the namespace decides, else the name."""
    return _NAMESPACES.get(offered.namespace.strip()) or _PREFIXES.get(offered.prefix.lower(), "")


def best_prefix(offered: Sequence[Format]) -> str:
    """The prefix to harvest: MARC before MODS before Dublin Core; "" when none can be read."""
    readable = [(kind_of_format(one), one.prefix) for one in offered]
    for kind in _ORDER:
        prefixes = [prefix for found, prefix in readable if found == kind]
        if prefixes:
            return min(prefixes, key=lambda p: list(_PREFIXES).index(p.lower()) if p.lower() in _PREFIXES else 99)
    return ""


def marcxml_of(metadata: bytes, *, number: str, keep: bool) -> bytes:
    """The record as one MARCXML element whose 001 is `number`.

    With `keep` (its 001 is `number` already) the bytes stay as they came. A former 001 goes to 035 with its 003.
    Raises UnknownMetadata, and MarcError for damaged MARC.
    """
    if keep:
        return metadata + b"\n"
    root = _root(metadata)
    tag = etree.QName(root)
    if tag.localname == "record" and tag.namespace in (MARC_NAMESPACE, None):
        return build(_numbered(standalone(metadata), number))
    try:
        if tag.localname == "mods":
            return build(_numbered(from_mods.record_of(root, number=number), number))
        if tag.localname in DC_ROOTS:
            return build(_numbered(from_dc.record_of(from_dc.elements_of(root), number=number), number))
    except MarcError as error:
        raise UnknownMetadata(str(error)[:200]) from error
    raise UnknownMetadata(str(tag)[:200])


def _root(metadata: bytes) -> etree._Element:
    try:
        return etree.fromstring(metadata, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise UnknownMetadata(str(error)[:200]) from error


def _numbered(record: Record, number: str) -> Record:
    former, source = record.value("001").strip(), record.value("003").strip()
    fields = [Field("001", number), *(f for f in record.fields if f.tag not in ("001", "003"))]
    if former and former != number:
        at = next((place for place, f in enumerate(fields) if f.tag > "035"), len(fields))
        fields.insert(at, Field("035", "", "  ", [("a", f"({source}){former}" if source else former)]))
    return Record(record.leader, fields)
