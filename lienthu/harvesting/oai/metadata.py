"""Metadata of a harvested record as MARCXML, and which of the formats on offer to take."""

from collections.abc import Callable, Sequence

from lxml import etree

from lienthu.catalogue.marc import Field, Record
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


Reader = Callable[[bytes], Record]
# Formats other than MARC, by the namespace of the element.
READERS: dict[str, Reader] = {}


def marcxml_of(metadata: bytes, *, number: str, keep: bool) -> bytes:
    """The record as one MARCXML element whose 001 is `number`.

    With `keep` (its 001 is `number` already) the bytes stay as they came. A former 001 goes to 035 with its 003.
    Raises UnknownMetadata, MarcError.
    """
    namespace, name = _root_name(metadata)
    if name == "record" and namespace in (MARC_NAMESPACE, ""):
        if keep:
            return metadata + b"\n"
        return build(_numbered(standalone(metadata), number))
    reader = READERS.get(namespace)
    if reader is None:
        raise UnknownMetadata(f"{{{namespace}}}{name}")
    return build(_numbered(reader(metadata), number))


def _root_name(metadata: bytes) -> tuple[str, str]:
    try:
        tag = etree.QName(etree.fromstring(metadata, etree.XMLParser(resolve_entities=False, no_network=True)))
    except etree.XMLSyntaxError as error:
        raise UnknownMetadata(str(error)[:200]) from error
    return tag.namespace or "", tag.localname


def _numbered(record: Record, number: str) -> Record:
    former, source = record.value("001").strip(), record.value("003").strip()
    fields = [Field("001", number), *(f for f in record.fields if f.tag not in ("001", "003"))]
    if former and former != number:
        at = next((place for place, f in enumerate(fields) if f.tag > "035"), len(fields))
        fields.insert(at, Field("035", "", "  ", [("a", f"({source}){former}" if source else former)]))
    return Record(record.leader, fields)


__all__ = ["READERS", "MarcError", "UnknownMetadata", "best_prefix", "kind_of_format", "marcxml_of"]
