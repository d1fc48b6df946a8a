"""What an SRU server answers, taken apart: 1.1, 1.2 and 2.0 differ in namespaces only, which are not looked at.

The document is a stranger's: no document type is accepted, no entity, nothing is fetched, and libxml2's limits on depth
and on the size of texts stay on.
"""

import re

from lxml import etree

from lienthu.targets.answers import RECORD_BYTES, RawAnswer, RawFound
from lienthu.targets.problems import TargetProblem

# Encodings whose ASCII letters are ASCII bytes: a document type in them cannot hide from a search for its letters.
_PLAIN = {"", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "windows-1258"}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_NUMBER = re.compile(r"([0-9]{1,6})\s*$")
_DIAGNOSTIC = "info:srw/schema/1/diagnostics"


def read_response(body: bytes, *, most: int) -> RawAnswer:
    """The records of an answer, at most `most`. Raises TargetProblem: `sru` with what the server says is wrong."""
    root = parse(body)
    if local(root) not in {"searchRetrieveResponse", "diagnostics"}:
        if local(root) == "explainResponse":
            raise TargetProblem("sru_explain")
        raise TargetProblem("not_sru", element=local(root)[:60])
    hits = _number(text_of(child(root, "numberOfRecords")))
    elements = _children(child(root, "records"), "record")
    if not elements:
        _raise_diagnostics(root if local(root) == "diagnostics" else child(root, "diagnostics"))
    found: list[RawFound] = []
    skipped = 0
    for element in elements[:most]:
        one = _record(element)
        found += [one] if one else []
        skipped += 0 if one else 1
    return RawAnswer(hits=max(hits, len(found)), records=tuple(found), skipped=skipped)


def parse(body: bytes) -> etree._Element:
    """An XML document without document type. Raises TargetProblem doctype or xml_broken."""
    plain = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _DECLARED.match(plain)
    named = declared[1].decode("ascii").lower() if declared else ""
    # The parser would find out other encodings by itself, and read in them what the next lines look for in vain.
    if not plain.startswith(b"<") or b"\x00" in plain or named not in _PLAIN:
        raise TargetProblem("xml_broken")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise TargetProblem("doctype")
    try:
        return etree.fromstring(plain, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TargetProblem("xml_broken") from error


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _record(element: etree._Element) -> RawFound | None:
    """One record as bytes of its own; None for a diagnostic in its place, for nothing, and for what is too large."""
    schema = text_of(child(element, "recordSchema"))
    holder = child(element, "recordData")
    if holder is None or schema.startswith(_DIAGNOSTIC):
        return None
    inner = next((one for one in holder if isinstance(one.tag, str)), None)
    if inner is None:
        raw = "".join(holder.itertext()).strip().encode()
    else:
        raw = etree.tostring(inner, encoding="utf-8", with_tail=False)
    return RawFound(raw, "xml", schema) if raw and len(raw) <= RECORD_BYTES else None


def _raise_diagnostics(holder: etree._Element | None) -> None:
    for one in _children(holder, "diagnostic"):
        uri = text_of(child(one, "uri"))
        number = _NUMBER.search(uri.replace("/", " "))
        raise TargetProblem(
            "sru",
            number=int(number[1]) if number else 0,
            message=text_of(child(one, "message"))[:300],
            detail=text_of(child(one, "details"))[:300],
        )


def local(element: etree._Element) -> str:
    """The name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of this name."""
    return next(iter(_children(element, name)), None)


def _children(element: etree._Element | None, name: str) -> list[etree._Element]:
    return [one for one in element if local(one) == name] if element is not None else []


def text_of(element: etree._Element | None) -> str:
    """All text below an element, in one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
