"""Which format a file of records has, by its first bytes and never by its name."""

import codecs
import re

from lienthu.intake import types

from .frames import JSON_START
from .iso2709 import looks_unimarc, parse
from .problems import MarcError, UnreadableFile, problem
from .record import Record

ISO2709 = "iso2709"
MARCXML = "marcxml"
MARCJSON = "marcjson"
TABLE = "table"

_SAMPLE = 20
_LEADER = re.compile(rb"[0-9 ]{5}[\x20-\x7e]{5}[0-9 ]{2}[0-9 ]{5}")
_PRINTABLE = re.compile(r"^\s*[0-9]{5}[a-z][\x20-\x7e]{4}[0-9]{2}[0-9]{5}[\x20-\x7e]{3}4500[0-9]{12}", re.ASCII)
_TAGGED_LINE = re.compile(
    r"^(?:[=#*]?\s?(?:LDR|LEADER|FMT|[0-9]{3})(?:[\s#\\_0-9|:]|$)|[0-9]{9}\s(?:LDR|FMT|[0-9]{3}))"
)
_SUBFIELD_MARK = re.compile(r"[$|‡ǂ_^][a-z0-9]")
_XML_RECORD = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?(?:record|leader|controlfield|datafield)[\s/>]")
_XML_MARC = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?(?:leader|controlfield|datafield)[\s/>]|loc\.gov/MARC21/slim")
_XML_WHOLE_RECORD = re.compile(rb"</(?:[A-Za-z_][\w.\-]*:)?record\s*>")
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.\-]+)["']""")
_UNIMARC_XML = re.compile(rb"""format\s*=\s*["']UNIMARC["']""", re.IGNORECASE)


def format_of(head: bytes) -> str:
    """One of the formats above. Raises ``UnreadableFile``, with what was recognised, for everything else."""
    if not head.strip(b"\x00\r\n\t \x1a"):
        raise UnreadableFile(problem("empty_file"))
    text = head.removeprefix(codecs.BOM_UTF8)
    if _is_iso2709(text):
        _refuse_unimarc(text)
        return ISO2709
    kind = types.kind_of_head(head)
    start = text.lstrip()[:1]
    if start == b"<" or kind in (types.XML, types.SVG, types.HTML):
        _check_xml(head)
        return MARCXML
    if start in (b"{", b"[") or kind is types.JSON:
        if JSON_START.search(head):
            return MARCJSON
        raise UnreadableFile(problem("json_not_marc"))
    if kind is not types.TEXT:
        raise UnreadableFile(problem("unknown_format"))
    _check_text(text)
    return TABLE


def _is_iso2709(text: bytes) -> bool:
    """Delimiters of ISO 2709 are there, and a leader near the start or the terminators in a record's order."""
    if b"\x1e" not in text:
        return False
    start = text.lstrip(b"\r\n\x00\x1a\t ")
    return bool(_LEADER.match(start)) or b"\x1e\x1d" in text or bool(_LEADER.search(text) and b"\x1f" in text)


def _refuse_unimarc(head: bytes) -> None:
    records: list[Record] = []
    for chunk in head.split(b"\x1d")[:_SAMPLE]:
        try:
            records.append(parse(chunk.lstrip(b"\r\n\x00"), repair=False).record)
        except MarcError:
            continue
    if records and looks_unimarc(records):
        raise UnreadableFile(problem("unimarc"))


def _check_xml(head: bytes) -> None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFile(problem("xml_encoding", encoding="UTF-16"))
    prolog = xml_prolog(head)
    if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
        raise UnreadableFile(problem("xml_dtd"))
    if b"indexdata.com/turbomarc" in prolog or re.search(rb"<(?:collection[^>]*>\s*<)?r[\s>]\s*<l>", head):
        raise UnreadableFile(problem("turbomarc"))
    if _UNIMARC_XML.search(head):
        raise UnreadableFile(problem("unimarc"))
    xml_encoding(head)
    if not _XML_MARC.search(head) and (_XML_WHOLE_RECORD.search(head) or len(prolog) == len(head)):
        raise UnreadableFile(problem("xml_not_marc"))


def xml_prolog(head: bytes) -> bytes:
    """What stands before the first record: the namespace prefixes in it hold for the records."""
    record = _XML_RECORD.search(head)
    return head[: record.start()] if record else head


def xml_encoding(head: bytes) -> str:
    """The encoding an XML document states; it must contain ASCII. Raises ``UnreadableFile`` for others."""
    stated = _XML_ENCODING.match(head.removeprefix(codecs.BOM_UTF8))
    name = stated[1].decode("ascii") if stated else "utf-8"
    try:
        if "<record>".encode(name) == b"<record>" and not name.lower().startswith("utf-7"):
            return codecs.lookup(name).name
    except LookupError:
        pass
    raise UnreadableFile(problem("xml_encoding", encoding=name))


def _check_text(head: bytes) -> None:
    """Refuse the texts that look like MARC printed out; they need a reader of their own."""
    text = head[:20000].decode("utf-8", "replace")
    if _PRINTABLE.match(text) and "#" in text and "$" in text:
        raise UnreadableFile(problem("printable_2709"))
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    if len(lines) == 60 and len(head) > 20000:
        lines.pop()
    tagged = sum(1 for line in lines if _TAGGED_LINE.match(line.strip()))
    if tagged >= 3 and tagged * 10 >= len(lines) * 6 and _SUBFIELD_MARK.search(text):
        raise UnreadableFile(problem("tagged_text"))
