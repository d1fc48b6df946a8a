"""MARCXML: one record element from bytes and back.

The parser sees one framed element at a time, knows no document type, resolves no entity and no address,
and keeps libxml2's limits on depth and size.
"""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from lienthu.kernel.text import normalise

from .problems import MarcError, problem
from .record import Field, Record, Subfield, indicators_of, leader_of

NAMESPACE = "http://www.loc.gov/MARC21/slim"
OPENING = f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()
CLOSING = b"</collection>\n"

_DECLARATION = re.compile(rb"""xmlns(?::([A-Za-z_][\w.\-]*))?\s*=\s*("[^"<]*"|'[^'<]*')""")
_OWN_PREFIX = re.compile(rb"<([A-Za-z_][\w.\-]*):")
_ANY_PREFIX = re.compile(rb"[<\s]([A-Za-z_][\w.\-]*):[A-Za-z_]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff&<>\r]")
# A plain carriage return would be read back as a line feed.
_CARRIAGE_RETURN = {"\r": "&#13;"}
_KNOWN_PREFIXES = {b"xsi": b'"http://www.w3.org/2001/XMLSchema-instance"'}
_DEFAULT = b'"' + NAMESPACE.encode() + b'"'


class ElementReader:
    """Reads record elements that were cut out of one document.

    ``head`` is the beginning of that document: its namespace prefixes hold for the elements.
    """

    def __init__(self, head: bytes, *, encoding: str = "utf-8", keeps_default: bool = False) -> None:
        """``keeps_default``: the namespace without a prefix holds for the elements too; MARC is read without."""
        self._prefixes = dict(_KNOWN_PREFIXES)
        self._default = b""
        for prefix, address in _DECLARATION.findall(head):
            if prefix:
                self._prefixes[prefix] = address
            elif keeps_default:
                self._default = b" xmlns=" + address
        self._parser = etree.XMLParser(
            encoding=encoding,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._wrappers: dict[bytes, bytes] = {}

    def element(self, raw: bytes) -> etree._Element:
        """The element as a tree. Raises ``MarcError`` when it is not well-formed."""
        try:
            root = etree.fromstring(self._wrapper(raw) + raw + b"</w>", self._parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise MarcError(problem("xml_malformed", reason=_first_line(error))) from error
        if len(root) != 1:
            raise MarcError(problem("xml_not_a_record"))
        return root[0]

    def parse(self, raw: bytes, *, repair: bool = True) -> Record:
        """One record element. Raises ``MarcError`` when it is not well-formed or holds no MARC."""
        root = self.element(raw)
        leader = ""
        fields: list[Field] = []
        for element in root:
            name = local_name(element)
            if name == "datafield":
                fields.append(_data_field(element, repair=repair))
            elif name == "controlfield":
                fields.append(Field(_tag(element), _text(element, repair=repair)))
            elif name == "leader":
                leader = _text(element, repair=False)
        if not fields and not leader:
            raise MarcError(problem("xml_not_a_record"))
        if not fields:
            raise MarcError(problem("record_empty"))
        return Record(leader_of(leader), fields)

    def _wrapper(self, raw: bytes) -> bytes:
        """An element around the record that declares the prefixes declared before it in the document."""
        own = _OWN_PREFIX.match(raw)
        prefix = own[1] if own else b""
        if prefix not in self._wrappers:
            prefixes = {prefix: _DEFAULT, **self._prefixes} if prefix else self._prefixes
            declared = b"".join(b" xmlns:%s=%s" % pair for pair in prefixes.items())
            self._wrappers[prefix] = b"<w" + self._default + declared + b">"
        return self._wrappers[prefix]


def standalone(raw: bytes, *, encoding: str = "utf-8") -> Record:
    """One record element whose document is gone: prefixes that were declared there are made up again."""
    return ElementReader(made_up_prefixes(raw), encoding=encoding).parse(raw)


_USUAL = {
    b"dc": b"http://purl.org/dc/elements/1.1/",
    b"dcterms": b"http://purl.org/dc/terms/",
    b"mods": b"http://www.loc.gov/mods/v3",
    b"xsi": b"http://www.w3.org/2001/XMLSchema-instance",
}


def made_up_prefixes(raw: bytes) -> bytes:
    """Declarations for the prefixes in an element whose document is gone: the usual ones, others made up."""
    prefixes = set(_ANY_PREFIX.findall(raw)) - {b"xml", b"xmlns"}
    return b" ".join(b'xmlns:%s="%s"' % (prefix, _USUAL.get(prefix, b"urn:undeclared")) for prefix in prefixes)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; nothing for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element: etree._Element, *, repair: bool) -> str:
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return normalise(text) if repair and not text.isascii() else text


def _tag(element: etree._Element) -> str:
    # Some writers drop leading zeros.
    return (element.get("tag") or "").strip().zfill(3)


def _data_field(element: etree._Element, *, repair: bool) -> Field:
    parts = [child for child in element if local_name(child) == "subfield"]
    subfields: list[Subfield] = [((part.get("code") or " ")[:1], _text(part, repair=repair)) for part in parts]
    return Field(_tag(element), "", indicators_of(element.get("ind1", " "), element.get("ind2", " ")), subfields)


def build(record: Record) -> bytes:
    """The record as one element of a ``<collection>`` (UTF-8). Characters that XML cannot carry are left out."""
    return "".join(_lines(record)).encode()


def _lines(record: Record) -> Iterator[str]:
    yield f"  <record>\n    <leader>{_clean(record.leader)}</leader>\n"
    for field in record.fields:
        tag = _attribute(field.tag)
        if not field.indicators:
            yield f"    <controlfield tag={tag}>{_clean(field.value)}</controlfield>\n"
            continue
        first, second = _attribute(field.indicators[0]), _attribute(field.indicators[1:])
        yield f"    <datafield tag={tag} ind1={first} ind2={second}>\n"
        for code, value in field.subfields:
            yield f"      <subfield code={_attribute(code)}>{_clean(value)}</subfield>\n"
        yield "    </datafield>\n"
    yield "  </record>\n"


def _clean(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text), _CARRIAGE_RETURN) if _SPECIAL.search(text) else text


def _attribute(text: str) -> str:
    return f'"{text}"' if text.isalnum() or text == " " else quoteattr(_FORBIDDEN.sub(" ", text))
