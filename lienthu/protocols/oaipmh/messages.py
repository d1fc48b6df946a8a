"""OAI-PMH 2.0 on the wire: what a request asks, and answers as XML. No Django, no tables.

Answers are joined text: an answer of 500 records is made in the time that a tree would take for fifty.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl

from lienthu.catalogue.marc.crosswalks.xmltext import xml_text
from lienthu.protocols.oaipmh.policy import BadDate, moment_of, written

MAX_REQUEST = 16_000
"""Bytes of a request; ours are far shorter."""

_OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/'
    ' http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
)
_IDENTIFIER_NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai-identifier"
# verb -> (arguments it needs, arguments it may have besides); resumptionToken stands alone where it is allowed
_LIST = (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set", "resumptionToken"}))
VERBS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}
_FORMS = {
    "identifier": re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*"),
    "metadataPrefix": re.compile(r"[A-Za-z0-9\-_.!~*'()]+"),
    "set": re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*"),
}


class ProtocolError(Exception):
    """An error condition of the protocol, by its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Request:
    """One request that keeps the grammar of the protocol."""

    verb: str
    arguments: dict[str, str] = field(default_factory=dict)
    since: datetime | None = None
    before: datetime | None = None

    def get(self, name: str) -> str:
        return self.arguments.get(name, "")


@dataclass(frozen=True, slots=True)
class Item:
    """One record in an answer; `metadata` is its XML, empty for a deleted one and in lists of headers."""

    identifier: str
    stamp: datetime
    specs: Sequence[str]
    is_deleted: bool
    metadata: str = ""


@dataclass(frozen=True, slots=True)
class Resumption:
    """How a list goes on; an empty token ends it."""

    token: str
    size: int
    cursor: int


def read_request(sent: bytes) -> Request:
    """A request from a query string or a form body. Raises ProtocolError (badVerb, badArgument)."""
    if len(sent) > MAX_REQUEST:
        raise ProtocolError("badArgument", "The request is too long.")
    pairs = parse_qsl(sent.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=40)
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise ProtocolError("badVerb", "The verb is missing, repeated or unknown.")
    arguments = dict(pairs)
    del arguments["verb"]
    if len(arguments) + 1 != len(pairs):
        raise ProtocolError("badArgument", "An argument is repeated.")
    _check(verbs[0], arguments)
    since, before = _span(arguments)
    return Request(verbs[0], arguments, since, before)


def _check(verb: str, arguments: dict[str, str]) -> None:
    needed, more = VERBS[verb]
    if strange := sorted(arguments.keys() - needed - more):
        raise ProtocolError("badArgument", f"{verb} takes no argument {strange[0]}.")
    if "resumptionToken" in arguments:
        if len(arguments) > 1:
            raise ProtocolError("badArgument", "resumptionToken stands alone.")
        return
    if missing := sorted(needed - arguments.keys()):
        raise ProtocolError("badArgument", f"{verb} needs the argument {missing[0]}.")
    for name, form in _FORMS.items():
        if name in arguments and not form.fullmatch(arguments[name]):
            raise ProtocolError("badArgument", f"{name} has an illegal syntax.")


def _span(arguments: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    first, last = arguments.get("from"), arguments.get("until")
    if first is not None and last is not None and len(first) != len(last):
        raise ProtocolError("badArgument", "from and until have different granularities.")
    try:
        since = moment_of(first) if first is not None else None
        before = moment_of(last, last=True) if last is not None else None
    except BadDate as error:
        raise ProtocolError("badArgument", "A date is not YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.") from error
    if since and before and since >= before:
        raise ProtocolError("badArgument", "from is later than until.")
    return since, before


def error_answer(error: ProtocolError, *, base: str, at: datetime, request: Request | None) -> bytes:
    """An answer that says what was wrong; the request is repeated only where it was legal."""
    return _answer(base, at, request, f'<error code="{error.code}">{xml_text(error.message)}</error>')


def identify(
    *, base: str, at: datetime, request: Request, name: str, email: str, earliest: datetime, namespace: str, sample: str
) -> bytes:
    """Who we are and how we harvest."""
    inside = (
        f"<Identify><repositoryName>{xml_text(name)}</repositoryName><baseURL>{xml_text(base)}</baseURL>"
        f"<protocolVersion>2.0</protocolVersion><adminEmail>{xml_text(email)}</adminEmail>"
        f"<earliestDatestamp>{written(earliest)}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity><compression>gzip</compression>"
        f'<description><oai-identifier xmlns="{_IDENTIFIER_NAMESPACE}" xsi:schemaLocation="{_IDENTIFIER_NAMESPACE}'
        f' {_IDENTIFIER_NAMESPACE}.xsd"><scheme>oai</scheme>'
        f"<repositoryIdentifier>{xml_text(namespace)}</repositoryIdentifier><delimiter>:</delimiter>"
        f"<sampleIdentifier>{xml_text(sample)}</sampleIdentifier></oai-identifier></description></Identify>"
    )
    return _answer(base, at, request, inside)


def list_formats(*, base: str, at: datetime, request: Request, formats: Iterable[tuple[str, str, str]]) -> bytes:
    """(prefix, schema, namespace) of each format."""
    inside = "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{schema}</schema>"
        f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
        for prefix, schema, namespace in formats
    )
    return _answer(base, at, request, f"<ListMetadataFormats>{inside}</ListMetadataFormats>")


def list_sets(*, base: str, at: datetime, request: Request, sets: Iterable[tuple[str, str]]) -> bytes:
    """(spec, name) of each set."""
    inside = "".join(f"<set><setSpec>{spec}</setSpec><setName>{xml_text(name)}</setName></set>" for spec, name in sets)
    return _answer(base, at, request, f"<ListSets>{inside}</ListSets>")


def get_record(*, base: str, at: datetime, request: Request, item: Item) -> bytes:
    """One record."""
    return _answer(base, at, request, f"<GetRecord>{_record(item)}</GetRecord>")


def list_items(
    *, base: str, at: datetime, request: Request, items: Iterable[Item], resumption: Resumption | None
) -> bytes:
    """A list of records, or of headers for ListIdentifiers."""
    write = _header if request.verb == "ListIdentifiers" else _record
    inside = "".join(map(write, items))
    if resumption is not None:
        inside += (
            f'<resumptionToken completeListSize="{resumption.size}" cursor="{resumption.cursor}">'
            f"{xml_text(resumption.token)}</resumptionToken>"
        )
    return _answer(base, at, request, f"<{request.verb}>{inside}</{request.verb}>")


def _header(item: Item) -> str:
    status = ' status="deleted"' if item.is_deleted else ""
    specs = "".join([f"<setSpec>{spec}</setSpec>" for spec in item.specs])
    return (
        f"<header{status}><identifier>{item.identifier}</identifier>"
        f"<datestamp>{written(item.stamp)}</datestamp>{specs}</header>"
    )


def _record(item: Item) -> str:
    metadata = f"<metadata>{item.metadata}</metadata>" if item.metadata else ""
    return f"<record>{_header(item)}{metadata}</record>"


def _answer(base: str, at: datetime, request: Request | None, inside: str) -> bytes:
    attributes = ""
    if request is not None:
        asked = {"verb": request.verb, **request.arguments}
        attributes = "".join(f' {name}="{xml_text(value)}"' for name, value in asked.items())
    return (
        f"{_OPENING}<responseDate>{written(at)}</responseDate><request{attributes}>{xml_text(base)}</request>"
        f"{inside}</OAI-PMH>\n"
    ).encode()
