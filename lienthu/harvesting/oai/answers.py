"""Answers of an OAI-PMH server, taken apart without trusting them.

No document type, no entities, no addresses are followed; libxml2's limits on depth and size hold. A page that breaks
off gives the records before the break. Servers differ in prefixes and sometimes in the namespace: local names decide.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from lxml import etree

from lienthu.harvesting.oai.requests import DAY, SECOND, moment

MOST_SETS = 500
LONGEST_IDENTIFIER = 500
# Characters that XML 1.0 forbids, raw or as references: the commonest damage in exported MARC.
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FORBIDDEN_REFERENCE = re.compile(rb"&#(?:x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));")


class Broken(ValueError):
    """The answer is no OAI-PMH: `code` is not_oai, xml_broken or xml_dtd; `detail` what the parser said."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Error:
    """An error that the server states: badArgument, badResumptionToken, noRecordsMatch …"""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a list. `metadata` is its element as canonical XML, None for a deleted one."""

    identifier: str
    datestamp: datetime | None
    deleted: bool
    metadata: bytes | None
    control_number: str = ""


@dataclass(slots=True)
class Page:
    """One answer to ListRecords. `broken` says where a page ended early; `mended` that forbidden characters went."""

    server_time: datetime | None = None
    records: list[Record] = field(default_factory=list)
    errors: list[Error] = field(default_factory=list)
    token: str = ""
    complete_size: int | None = None
    nameless: int = 0
    broken: str = ""
    mended: bool = False

    def error(self, code: str) -> Error | None:
        """The stated error of this code, if there is one."""
        return next((error for error in self.errors if error.code == code), None)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a server says of itself. `keeps_deleted`: no, transient or persistent."""

    name: str
    granularity: str
    earliest: datetime | None
    keeps_deleted: str
    protocol: str


@dataclass(frozen=True, slots=True)
class Format:
    """A format on offer."""

    prefix: str
    schema: str
    namespace: str


@dataclass(frozen=True, slots=True)
class SetOffered:
    """A set on offer."""

    spec: str
    name: str


def read_page(data: bytes) -> Page:
    """Take an answer to ListRecords apart. Raises Broken when it is no OAI-PMH at all or has a document type."""
    page = Page()
    try:
        _fill(page, data)
    except etree.XMLSyntaxError as first:
        mended = _FORBIDDEN_REFERENCE.sub(b"", _FORBIDDEN.sub(b"", data))
        if mended == data:
            page.broken = _line(first)
            return page
        page = Page(mended=True)
        try:
            _fill(page, mended)
        except etree.XMLSyntaxError as second:
            page.broken = _line(second)
    return page


def _fill(page: Page, data: bytes) -> None:
    for element in _elements(data, {"record", "resumptionToken", "responseDate", "error"}):
        name = _local(element)
        if name == "record":
            _add_record(page, element)
        elif name == "resumptionToken":
            page.token = (element.text or "").strip()
            page.complete_size = _whole(element.get("completeListSize"))
        elif name == "responseDate":
            page.server_time = moment(element.text or "")
        else:
            page.errors.append(_error(element))


def _elements(data: bytes, names: set[str]) -> Iterator[etree._Element]:
    """The named elements at the places where OAI-PMH has them, each complete and freed after use."""
    walk = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    seen = False
    try:
        for event, element in walk:
            if event == "start":
                depth += 1
                if not seen:
                    seen = True
                    _check_root(element)
                continue
            depth -= 1
            if depth in (1, 2) and _local(element) in names:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        if not seen:
            raise Broken("not_oai", _line(error)) from error
        raise


def _check_root(element: etree._Element) -> None:
    info = element.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise Broken("xml_dtd")
    if _local(element) != "OAI-PMH":
        raise Broken("not_oai", _local(element)[:80])


def _add_record(page: Page, element: etree._Element) -> None:
    header = metadata = None
    for child in element:
        name = _local(child)
        if name == "header":
            header = child
        elif name == "metadata":
            metadata = child
    identifier = _text(header, "identifier")
    if header is None or not identifier or len(identifier) > LONGEST_IDENTIFIER or "\x00" in identifier:
        page.nameless += 1
        return
    root = next((child for child in metadata if isinstance(child.tag, str)), None) if metadata is not None else None
    root = _unwrapped(root)
    deleted = header.get("status") == "deleted"
    page.records.append(
        Record(
            identifier=identifier,
            datestamp=moment(_text(header, "datestamp")),
            deleted=deleted,
            metadata=None
            if deleted or root is None
            else etree.tostring(root, method="c14n", exclusive=True, with_comments=False),
            control_number="" if deleted or root is None else _control_number(root),
        )
    )


def _unwrapped(root: etree._Element | None) -> etree._Element | None:
    """Some servers put a collection of one record where the record belongs."""
    if root is not None and _local(root) in ("collection", "modsCollection"):
        return next((child for child in root if isinstance(child.tag, str)), None)
    return root


def _control_number(root: etree._Element) -> str:
    if _local(root) != "record":
        return ""
    for child in root:
        if _local(child) == "controlfield" and (child.get("tag") or "").strip() == "001":
            return " ".join((child.text or "").split())
    return ""


def read_identity(data: bytes) -> Identity:
    """Take an answer to Identify apart. Raises Broken."""
    root = _small(data)
    found = next((child for child in root if _local(child) == "Identify"), None)
    if found is None:
        raise Broken("not_oai", "; ".join(_error(e).text for e in root if _local(e) == "error")[:200])
    granularity = _text(found, "granularity").replace(" ", "")
    return Identity(
        name=_text(found, "repositoryName")[:200],
        granularity=SECOND if granularity == SECOND else DAY,
        earliest=moment(_text(found, "earliestDatestamp")),
        keeps_deleted=(_text(found, "deletedRecord") or "no")[:20],
        protocol=_text(found, "protocolVersion")[:20],
    )


def read_formats(data: bytes) -> list[Format]:
    """The formats of an answer to ListMetadataFormats. Raises Broken."""
    return [
        Format(_text(e, "metadataPrefix")[:60], _text(e, "schema")[:300], _text(e, "metadataNamespace")[:300])
        for e in _small(data).iter()
        if _local(e) == "metadataFormat" and _text(e, "metadataPrefix")
    ]


def read_sets(data: bytes) -> tuple[list[SetOffered], str]:
    """The sets of an answer to ListSets and its resumption token. Raises Broken."""
    root = _small(data)
    sets = [
        SetOffered(_text(e, "setSpec")[:300], _text(e, "setName")[:300])
        for e in root.iter()
        if _local(e) == "set" and _text(e, "setSpec")
    ]
    token = next((e.text or "" for e in root.iter() if _local(e) == "resumptionToken"), "")
    return sets[:MOST_SETS], token.strip()


def _small(data: bytes) -> etree._Element:
    """An answer that is read as a whole."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Broken("not_oai", _line(error)) from error
    _check_root(root)
    return root


def _error(element: etree._Element) -> Error:
    return Error((element.get("code") or "")[:60], " ".join((element.text or "").split())[:300])


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(parent: etree._Element | None, name: str) -> str:
    if parent is None:
        return ""
    for child in parent:
        if _local(child) == name:
            return " ".join("".join(child.itertext()).split())
    return ""


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def _line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
