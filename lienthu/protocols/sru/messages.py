"""SRU on the wire: requests from query strings and forms, answers as XML in the dress of 1.1, 1.2 or 2.0. No Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from lienthu.catalogue.marc.crosswalks.xmltext import xml_text
from lienthu.protocols.sru.diagnostics import Diagnostic

MAX_REQUEST = 200_000
"""Bytes; a query of the greatest length in three-byte letters, escaped, is shorter."""
DEFAULT_RECORDS = 10
MAX_RECORDS = 100
DEFAULT_TERMS = 20
MAX_TERMS = 100

EXPLAIN, SEARCH, SCAN = "explain", "searchRetrieve", "scan"
VERSIONS = ("1.1", "1.2", "2.0")

_PARAMETERS = {
    EXPLAIN: frozenset({"recordPacking", "recordXMLEscaping", "stylesheet"}),
    SEARCH: frozenset({
        "query", "queryType", "startRecord", "maximumRecords", "recordPacking", "recordXMLEscaping", "recordSchema",
        "recordXPath", "resultSetTTL", "sortKeys", "stylesheet", "renderedBy", "facetLimit",
    }),
    SCAN: frozenset({"scanClause", "responsePosition", "maximumTerms", "stylesheet"}),
}  # fmt: skip
_ANYWHERE = frozenset({"operation", "version", "httpAccept", "responseType", "extraRequestData"})


@dataclass(frozen=True, slots=True)
class Dress:
    """What differs between the versions in names and namespaces."""

    version: str
    namespace: str
    scan: str
    diagnostic: str
    packing: str
    """The element and the parameter that tell whether a record is XML or text."""

    @property
    def says_version(self) -> str:
        return f"<version>{self.version}</version>" if self.version != "2.0" else ""


_ZING = "http://www.loc.gov/zing/srw/"
_OASIS = "http://docs.oasis-open.org/ns/search-ws/"
DRESSES = {
    "1.1": Dress("1.1", _ZING, _ZING, _ZING + "diagnostic/", "recordPacking"),
    "1.2": Dress("1.2", _ZING, _ZING, _ZING + "diagnostic/", "recordPacking"),
    "2.0": Dress("2.0", _OASIS + "sruResponse", _OASIS + "scan", _OASIS + "diagnostic", "recordXMLEscaping"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `check` and `number` find its faults, which are answered in the dress of the request."""

    operation: str
    dress: Dress
    parameters: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.parameters.get(name, "")

    def number(self, name: str, *, default: int, least: int) -> int:
        """A whole number of at least `least`. Raises Diagnostic(6)."""
        given = self.get(name).strip()
        if not given:
            return default
        if not (given.isascii() and given.isdigit()) or len(given) > 9 or int(given) < least:
            raise Diagnostic(6, name)
        return int(given)

    @property
    def is_packed_as_text(self) -> bool:
        """Whether records are wanted as escaped text."""
        return self.get(self.dress.packing) == "string"


@dataclass(frozen=True, slots=True)
class Found:
    """One record of an answer, or a diagnostic in its place."""

    position: int
    schema: str
    data: str
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a scanned list."""

    value: str
    records: int
    where: str


@dataclass(frozen=True, slots=True)
class FacetList:
    """Counts of one index: (value, query that finds it, number)."""

    label: str
    index: str
    terms: Sequence[tuple[str, str, int]]


def read_request(sent: bytes) -> Request:
    """Never raises: the faults of a request are answered in the version that it asks for."""
    text = sent[:MAX_REQUEST].decode("utf-8", "replace")
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        parameters.setdefault(name, value)
    operation = parameters.get("operation") or _implied(parameters)
    return Request(operation, DRESSES[_version(parameters)], parameters)


def _implied(parameters: Mapping[str, str]) -> str:
    """2.0 names no operation: what is asked tells it."""
    if "query" in parameters:
        return SEARCH
    return SCAN if "scanClause" in parameters else EXPLAIN


def _version(parameters: Mapping[str, str]) -> str:
    given = parameters.get("version", "")
    if given in DRESSES:
        return given
    # 1.x requires an operation, 2.0 has none.
    return "1.2" if "operation" in parameters or given else "2.0"


def check(request: Request) -> None:
    """Raises Diagnostic for what no version or no operation of ours knows."""
    version = request.get("version")
    if version and version not in DRESSES:
        raise Diagnostic(5, "2.0")
    if request.operation not in _PARAMETERS:
        raise Diagnostic(4, request.operation)
    known = _PARAMETERS[request.operation] | _ANYWHERE
    for name in request.parameters:
        if name not in known and not name.startswith("x-"):
            raise Diagnostic(8, name)
    if request.operation != SCAN and (given := request.get(request.dress.packing)) not in ("", "xml", "string"):
        raise Diagnostic(71, given)
    if request.get("recordXPath"):
        raise Diagnostic(72)
    if request.get("stylesheet"):
        raise Diagnostic(110)


def search_answer(
    request: Request,
    *,
    total: int,
    records: Sequence[Found] = (),
    following: int = 0,
    facets: Sequence[FacetList] = (),
    diagnostics: Sequence[Diagnostic] = (),
) -> bytes:
    """Records found; `following` is the place of the next one, 0 when there is none."""
    dress = request.dress
    inside = [dress.says_version, f"<numberOfRecords>{total}</numberOfRecords>"]
    if records:
        inside.append(f"<records>{''.join(_record(request, one) for one in records)}</records>")
    if following:
        inside.append(f"<nextRecordPosition>{following}</nextRecordPosition>")
    first = "queryType" if dress.version == "2.0" else "version"
    echoed = (first, "query", "startRecord", "maximumRecords", dress.packing, "recordSchema")
    inside.append(_echo("echoedSearchRetrieveRequest", request, echoed))
    inside.append(_diagnostics(dress, diagnostics))
    if dress.version == "2.0":
        inside.append("<resultCountPrecision>info:srw/vocabulary/resultCountPrecision/1/exact</resultCountPrecision>")
        inside.append(_facets(facets))
    return _document("searchRetrieveResponse", dress.namespace, inside)


def scan_answer(request: Request, *, terms: Sequence[Term] = (), diagnostics: Sequence[Diagnostic] = ()) -> bytes:
    """A stretch of a list."""
    inside = [request.dress.says_version]
    if terms:
        lines = "".join(
            f"<term><value>{xml_text(one.value)}</value><numberOfRecords>{one.records}</numberOfRecords>"
            f"<whereInList>{one.where}</whereInList></term>"
            for one in terms
        )
        inside.append(f"<terms>{lines}</terms>")
    echoed = ("scanClause", "responsePosition", "maximumTerms")
    if request.get("scanClause"):
        shown = echoed if request.dress.version == "2.0" else ("version", *echoed)
        inside.append(_echo("echoedScanRequest", request, shown))
    inside.append(_diagnostics(request.dress, diagnostics))
    return _document("scanResponse", request.dress.scan, inside)


def explain_answer(request: Request, *, schema: str, record: str, diagnostics: Sequence[Diagnostic] = ()) -> bytes:
    """What this server is; `record` is its ZeeRex description."""
    dress = request.dress
    as_text = request.is_packed_as_text
    data = xml_text(record) if as_text else record
    inside = [
        dress.says_version,
        f"<record><recordSchema>{schema}</recordSchema>{_packing(dress, as_text)}"
        f"<recordData>{data}</recordData></record>",
        _diagnostics(dress, diagnostics),
    ]
    return _document("explainResponse", dress.namespace, inside)


def diagnostic_element(dress: Dress, one: Diagnostic) -> str:
    """A diagnostic as XML, also in the place of a record."""
    details = f"<details>{xml_text(one.details)}</details>" if one.details else ""
    return (
        f'<diagnostic xmlns="{dress.diagnostic}"><uri>{one.uri}</uri>{details}'
        f"<message>{one.message}</message></diagnostic>"
    )


def _diagnostics(dress: Dress, found: Sequence[Diagnostic]) -> str:
    return f"<diagnostics>{''.join(diagnostic_element(dress, one) for one in found)}</diagnostics>" if found else ""


def _packing(dress: Dress, as_text: bool) -> str:
    return f"<{dress.packing}>{'string' if as_text else 'xml'}</{dress.packing}>"


def _record(request: Request, one: Found) -> str:
    dress, as_text = request.dress, request.is_packed_as_text
    data = xml_text(one.data) if as_text else one.data
    named = ""
    if dress.version == "1.2" and one.identifier:
        named = f"<recordIdentifier>{xml_text(one.identifier)}</recordIdentifier>"
    return (
        f"<record><recordSchema>{one.schema}</recordSchema>{_packing(dress, as_text)}<recordData>{data}</recordData>"
        f"{named}<recordPosition>{one.position}</recordPosition></record>"
    )


_NUMBERS = frozenset({"startRecord", "maximumRecords", "responsePosition", "maximumTerms"})


def _echo(element: str, request: Request, names: Iterable[str]) -> str:
    parts = []
    for name in names:
        value = request.dress.version if name == "version" else request.get(name)
        # A number that is none would make the echo invalid; the diagnostic names it.
        if value and (name not in _NUMBERS or (value.isascii() and value.isdigit() and int(value))):
            parts.append(f"<{name}>{xml_text(value)}</{name}>")
    return f"<{element}>{''.join(parts)}</{element}>"


def _facets(facets: Sequence[FacetList]) -> str:
    if not facets:
        return ""
    lines = []
    for one in facets:
        terms = "".join(
            f"<term><actualTerm>{xml_text(value)}</actualTerm><query>{xml_text(query)}</query><count>{count}</count></term>"
            for value, query, count in one.terms
        )
        lines.append(
            # The list is an element of the answer, what is in it belongs to the schema of facets.
            f'<facet xmlns="{_OASIS}facetedResults">'
            f"<facetDisplayLabel>{xml_text(one.label)}</facetDisplayLabel><index>{one.index}</index>"
            f"<relation>==</relation><terms>{terms}</terms></facet>"
        )
    return f"<facetedResults>{''.join(lines)}</facetedResults>"


def _document(element: str, namespace: str, inside: Iterable[str]) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} xmlns="{namespace}">{"".join(inside)}</{element}>\n'
    ).encode()
