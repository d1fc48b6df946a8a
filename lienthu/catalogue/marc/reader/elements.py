"""Records of XML: MARCXML, Dublin Core, MODS."""

from collections.abc import Callable, Iterator

from lxml import etree

from lienthu.kernel.text import normalise

from .. import marcxml, sniff
from ..crosswalks import from_dc, from_mods
from ..frames import Framing, XmlFramer
from ..limits import ReadLimits
from ..oldtext import Mender
from ..problems import MarcError, problem
from ..record import Field, Record
from ..source import Source
from .values import Item, RawRecord, bad

_DC_CONTENT = r"<(?:[A-Za-z_][\w.\-]*:)?(?:title|creator|identifier|dcvalue|subject|date|publisher)[\s/>]"
_MODS_CONTENT = r"<(?:[A-Za-z_][\w.\-]*:)?(?:titleInfo|name|identifier|originInfo|recordInfo)[\s/>]"


def xml_items(source: Source, number: int, limits: ReadLimits, encoding: str, mender: Mender) -> Iterator[Item]:
    """Records of MARCXML."""
    reader = marcxml.ElementReader(sniff.xml_prolog(source.head), encoding=encoding)
    for frame in XmlFramer(source, limits.xml_record):
        number += 1
        trouble = frame.problem
        if trouble is None:
            try:
                record = reader.parse(frame.raw)
                found = ""
                if not frame.raw.isascii() or b"&#" in frame.raw or mender.reads_ascii:
                    record, found = mender.reviewed(number, record, _unrepaired(reader, frame.raw))
            except MarcError as error:
                trouble = error.problem
            else:
                yield RawRecord(number, frame.offset, frame.length, frame.raw, sniff.MARCXML, found or encoding, record)
                continue
        yield bad(number, frame, sniff.MARCXML, encoding, trouble)


def _unrepaired(reader: marcxml.ElementReader, raw: bytes) -> Callable[[], Record]:
    return lambda: reader.parse(raw, repair=False)


def described_items(
    source: Source, number: int, limits: ReadLimits, encoding: str, mender: Mender, format: str, element: str
) -> Iterator[Item]:
    """Records of Dublin Core or MODS, brought to MARC."""
    content = _MODS_CONTENT if format == sniff.MODS else _DC_CONTENT
    reader = marcxml.ElementReader(sniff.xml_prolog(source.head, element), encoding=encoding, keeps_default=True)
    for frame in XmlFramer(source, limits.xml_record, Framing.of(element, content=content)):
        number += 1
        trouble = frame.problem
        if trouble is None:
            try:
                plain = record_of_element(reader.element(frame.raw), format)
            except MarcError as error:
                trouble = error.problem
            else:
                record, found = mender.judged(number, plain, is_utf8=True)
                read_as = found if found != "utf-8" else encoding
                yield RawRecord(number, frame.offset, frame.length, frame.raw, format, read_as, record)
                continue
        yield bad(number, frame, format, encoding, trouble)


def record_of_element(root: etree._Element, format: str) -> Record:
    """The MARC record of an element of Dublin Core or MODS, or of an OAI record around one; characters as stored.

    Raises ``MarcError`` when it says nothing, or that the record is deleted.
    """
    header = next((node for node in root if marcxml.local_name(node) == "header"), None)
    if header is not None and header.get("status") == "deleted":
        raise MarcError(problem("record_deleted"))
    stated = (
        [node.text or "" for node in header if marcxml.local_name(node) == "identifier"] if header is not None else []
    )
    number = stated[0].strip() if stated else ""
    if format == sniff.DC:
        return from_dc.record_of(from_dc.elements_of(root), number=number)
    inner = root if marcxml.local_name(root) == "mods" else next(
        (node for node in root.iter() if marcxml.local_name(node) == "mods"), root
    )  # fmt: skip
    return from_mods.record_of(inner, number=number)


def standalone(raw: bytes, *, format: str, encoding: str) -> Record:
    """One stored element whose document is gone. Raises ``MarcError``."""
    reader = marcxml.ElementReader(marcxml.made_up_prefixes(raw), encoding=encoding)
    record = record_of_element(reader.element(raw), format)
    return Record(record.leader, [_normalised(field) for field in record.fields])


def _normalised(one: Field) -> Field:
    if not one.indicators:
        return Field(one.tag, normalise(one.value))
    return Field(one.tag, "", one.indicators, [(code, normalise(value)) for code, value in one.subfields])
