"""Which format a file of records has, by its first bytes and never by its name."""

import codecs
import re

from lienthu.intake import types

from . import printed2709, tagged
from .frames import JSON_START
from .iso2709 import looks_unimarc, parse
from .problems import MarcError, UnreadableFile, problem
from .record import Record

ISO2709 = "iso2709"
MARCXML = "marcxml"
MARCJSON = "marcjson"
TABLE = "table"
PRINTED = "printed2709"
TAGGED = "tagged"
DC = "dc"
MODS = "mods"

_SAMPLE = 20
_LEADER = re.compile(rb"[0-9 ]{5}[\x20-\x7e]{5}[0-9 ]{2}[0-9 ]{5}")
_XML_RECORD = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?(?:record|leader|controlfield|datafield)[\s/>]")
_XML_MARC = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?(?:leader|controlfield|datafield)[\s/>]|loc\.gov/MARC21/slim")
_XML_WHOLE_RECORD = re.compile(rb"</(?:[A-Za-z_][\w.\-]*:)?record\s*>")
_ANY_PREFIX = rb"<(?:[A-Za-z_][\w.\-]*:)?"
_XML_MODS = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?mods[\s/>]|xmlns[:\w]*\s*=\s*[\"']http://www\.loc\.gov/mods/")
_XML_DC = re.compile(rb"purl\.org/dc/(?:elements|terms)|<dcvalue[\s>]")
_DC_STATEMENT = re.compile(rb"<(?:(?:dc|dcterms|dct):\w+|dcvalue)[\s>]|<(?:title|creator)[\s>]")
_OAI_RECORD = re.compile(
    rb"<(?:[\w.\-]+:)?record[\s>](?:(?!</?(?:[\w.\-]+:)?record[\s>]).){0,200}?<(?:[\w.\-]+:)?header[\s>]", re.DOTALL
)
_XML_TAG = re.compile(rb"<(?P<close>/?)(?P<name>[A-Za-z_][\w.\-:]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(?P<empty>/?)>")
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.\-]+)["']""")
_UNIMARC_XML = re.compile(rb"""format\s*=\s*["']UNIMARC["']""", re.IGNORECASE)


def format_of(head: bytes) -> str:
    """One of the formats above. Raises ``UnreadableFile``, with what was recognised, for everything else."""
    if not head.strip(b"\x00\r\n\t \x1a"):
        raise UnreadableFile(problem("empty_file"))
    text = head.removeprefix(codecs.BOM_UTF8)
    if printed2709.layout_of(text):
        return PRINTED
    if _is_iso2709(text):
        _refuse_unimarc(text)
        return ISO2709
    kind = types.kind_of_head(head)
    start = text.lstrip()[:1]
    if start == b"<" or kind in (types.XML, types.SVG, types.HTML):
        return _xml_format(head)
    if start in (b"{", b"[") or kind is types.JSON:
        if JSON_START.search(head):
            return MARCJSON
        raise UnreadableFile(problem("json_not_marc"))
    if kind is not types.TEXT:
        raise UnreadableFile(problem("unknown_format"))
    return TAGGED if tagged.style_of(text[:20000].decode("utf-8", "replace")) else TABLE


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


def _xml_format(head: bytes) -> str:
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
    if _XML_MARC.search(head):
        return MARCXML
    if _XML_MODS.search(head):
        return MODS
    if _XML_DC.search(head):
        return DC
    if _XML_WHOLE_RECORD.search(head) or len(prolog) == len(head):
        raise UnreadableFile(problem("xml_not_marc"))
    return MARCXML


def xml_prolog(head: bytes, element: str = "") -> bytes:
    """What stands before the first record: the namespace prefixes in it hold for the records.

    ``element`` is the local name of a record where it is not one of MARC's.
    """
    pattern = re.compile(_ANY_PREFIX + re.escape(element).encode() + rb"(?=[\s/>])") if element else _XML_RECORD
    record = pattern.search(head)
    return head[: record.start()] if record else head


def record_element(head: bytes, format: str) -> str:
    """The local name of the elements that hold one record of Dublin Core or MODS each.

    It is OAI's record where there is one, since that has the identifier; else MODS's own, and for Dublin Core whatever
    element the first statement stands in.
    """
    if _OAI_RECORD.search(head):
        return "record"
    if format == MODS:
        return "mods"
    first = _DC_STATEMENT.search(head)
    opened: list[str] = []
    for tag in _XML_TAG.finditer(head, 0, first.start() if first else len(head)):
        name = tag["name"].decode("ascii", "replace").rpartition(":")[2]
        if tag["close"]:
            if name in opened:
                del opened[len(opened) - 1 - opened[::-1].index(name) :]
        elif not tag["empty"]:
            opened.append(name)
    return opened[-1] if opened else "dc"


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
