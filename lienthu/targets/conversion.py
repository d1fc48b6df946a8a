"""From the bytes that a target sent to a MARC record: ISO 2709 in any encoding, MARCXML, and MODS or Dublin Core."""

from dataclasses import dataclass

from lxml import etree

from lienthu.catalogue.marc import MarcError, Record
from lienthu.catalogue.marc.crosswalks import from_dc, from_mods
from lienthu.catalogue.marc.iso2709 import looks_unimarc
from lienthu.catalogue.marc.iso2709 import parse as parse_iso2709
from lienthu.catalogue.marc.marcxml import ElementReader
from lienthu.kernel.text import normalise
from lienthu.kernel.text.encodings.codecs import decode
from lienthu.targets.answers import RawFound
from lienthu.targets.problems import TargetProblem
from lienthu.targets.sru.response import local, parse

ISO2709, MARCXML, MODS, DC = "iso2709", "marcxml", "mods", "dc"
# models.Charset -> kernel.text.encodings
_OLD_ENCODINGS = {"CP1258": "cp1258", "TCVN3": "tcvn3", "VNI": "vni", "VISCII": "viscii"}


@dataclass(frozen=True, slots=True)
class Converted:
    """A MARC record, and in which format and encoding its bytes came."""

    record: Record
    format: str
    encoding: str


def convert(found: RawFound, *, charset: str) -> Converted:
    """Read one record. `charset` is a value of models.Charset. Raises TargetProblem `unreadable` or `unimarc`."""
    try:
        made = _iso2709(found.raw, charset) if found.syntax == "usmarc" else _xml(found.raw)
    except MarcError as error:
        raise TargetProblem("unreadable", reason=error.problem.code) from error
    if looks_unimarc([made.record]):
        raise TargetProblem("unimarc")
    return made


def _iso2709(raw: bytes, charset: str) -> Converted:
    if charset in ("AUTO", "UTF8", "MARC8"):
        parsed = parse_iso2709(raw)
        return Converted(parsed.record, ISO2709, parsed.encoding)
    # Taken apart by its signs with every byte as one letter; then each text gets its true letters.
    record = parse_iso2709(raw.decode("latin-1").encode(), repair=False).record
    for field in record.fields:
        field.value = _decoded(field.value, charset)
        field.subfields = [(code, _decoded(value, charset)) for code, value in field.subfields]
    return Converted(record, ISO2709, charset.lower())


def _decoded(text: str, charset: str) -> str:
    name = _OLD_ENCODINGS.get(charset)
    return normalise(decode(text.encode("latin-1", "replace"), name) if name else text)


def _xml(raw: bytes) -> Converted:
    root = parse(raw)
    name = local(root)
    if name in ("collection", "modsCollection"):
        root = next((one for one in root if local(one) in ("record", "mods")), root)
        name = local(root)
    if name == "record" and any(local(one) in ("leader", "controlfield", "datafield") for one in root):
        record = ElementReader(b"").parse(etree.tostring(root, encoding="utf-8", with_tail=False))
        return Converted(record, MARCXML, "utf-8")
    if name == "mods":
        return Converted(_repaired(from_mods.record_of(root)), MODS, "utf-8")
    elements = from_dc.elements_of(root)
    if any(element.name == "title" for element in elements):
        return Converted(_repaired(from_dc.record_of(elements)), DC, "utf-8")
    raise TargetProblem("unreadable", reason="unknown_format")


def _repaired(record: Record) -> Record:
    for field in record.fields:
        field.value = normalise(field.value)
        field.subfields = [(code, normalise(value)) for code, value in field.subfields]
    return record
