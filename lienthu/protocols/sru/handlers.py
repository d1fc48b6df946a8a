"""The address /sru: one request in, one answer out, in the version that was asked."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation as language
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lienthu.catalogue.marc.crosswalks import to_dc, to_marcxml, to_mods
from lienthu.catalogue.queries import ExchangeRecord, exchange_records
from lienthu.discovery.queries import MAX_DEPTH, ask
from lienthu.kernel.text import normalise
from lienthu.protocols.sru import cql, description, messages
from lienthu.protocols.sru.diagnostics import Diagnostic
from lienthu.protocols.sru.facets import facet_lists, wanted_facets
from lienthu.protocols.sru.messages import EXPLAIN, SCAN, SEARCH, Found, Request
from lienthu.protocols.sru.scanning import scanned_terms
from lienthu.protocols.sru.translation import Translation, index_name, sort_of, sort_of_keys
from lienthu.search import Node, SearchRequest, Sort
from lienthu.web.tags.frame import network_name

_FAST = 1
_UNCOMPRESSED = 1_000
_DIAGNOSTICS_SCHEMA = "info:srw/schema/1/diagnostics-v1.1"


@dataclass(frozen=True, slots=True)
class Schema:
    """A record schema: its names, and how a record is written in it; `site` is our address for links."""

    name: str
    address: str
    title: str
    also: tuple[str, ...]
    write: Callable[[ExchangeRecord, str], str]


def _page_of(record: ExchangeRecord, site: str) -> str:
    return site + reverse("discovery:record", args=[record.public_id])


SCHEMAS = (
    Schema(
        "marcxml",
        "info:srw/schema/1/marcxml-v1.1",
        "MARC 21 (MARCXML)",
        ("marc21", "info:srw/schema/1/marcxml-v1.0", to_marcxml.NAMESPACE),
        lambda one, site: to_marcxml.marcxml_element(one.record()),
    ),
    Schema(
        "dc",
        "info:srw/schema/1/dc-v1.1",
        "Dublin Core",
        ("info:srw/schema/1/dc-v1.0", to_dc.NAMESPACE),
        lambda one, site: to_dc.dc_element(one.record(), container=to_dc.SRW_DC, identifiers=[_page_of(one, site)]),
    ),
    Schema(
        "mods",
        "info:srw/schema/1/mods-v3.7",
        "MODS 3.7",
        (to_mods.NAMESPACE, *(f"info:srw/schema/1/mods-v3.{minor}" for minor in range(9))),
        lambda one, site: to_mods.mods_element(
            one.record(), identifier=one.public_id, source=settings.OAI_NAMESPACE, url=_page_of(one, site)
        ),
    ),
)
_BY_NAME = {name: one for one in SCHEMAS for name in (one.name, one.address, *one.also)}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint(request: HttpRequest) -> HttpResponse:
    """SRU 1.1, 1.2 and 2.0. What is wrong with a request is a diagnostic in an answer with status 200."""
    sent = request.body if request.method == "POST" else request.META.get("QUERY_STRING", "").encode("latin-1")
    site = (settings.SITE_URL or request.build_absolute_uri("/")).rstrip("/")
    # Names of libraries and the like are in Vietnamese, whoever asks.
    with language.override("vi"):
        body = answer(messages.read_request(sent), site=site)
    response = HttpResponse(content_type="application/xml; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Accept-Encoding"])
    if len(body) > _UNCOMPRESSED and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, _FAST)
        response["Content-Encoding"] = "gzip"
    response.content = body
    return response


def answer(request: Request, *, site: str) -> bytes:
    """The whole answer to a request."""
    try:
        messages.check(request)
        return _HANDLERS[request.operation](request, site)
    except Diagnostic as diagnostic:
        if request.operation == SCAN:
            return messages.scan_answer(request, diagnostics=[diagnostic])
        if request.operation == EXPLAIN:
            return _explain(request, site, diagnostic)
        return messages.search_answer(request, total=0, diagnostics=[diagnostic])


def _explain(request: Request, site: str, diagnostic: Diagnostic | None = None) -> bytes:
    scheme, _, rest = site.partition("://")
    host, _, port = rest.partition("/")[0].partition(":")
    with language.override("en"):
        title_en = network_name()
    record = description.zeerex(
        host=host,
        port=int(port) if port.isdigit() else (443 if scheme == "https" else 80),
        path=reverse("sru:endpoint"),
        title=network_name(),
        title_en=title_en,
        schemas=[(one.name, one.address, one.title) for one in SCHEMAS],
    )
    found = [diagnostic] if diagnostic else []
    return messages.explain_answer(request, schema=description.SCHEMA, record=record, diagnostics=found)


def _search(request: Request, site: str) -> bytes:
    schema = _schema(request.get("recordSchema"))
    start = request.number("startRecord", default=1, least=1)
    size = min(
        request.number("maximumRecords", default=messages.DEFAULT_RECORDS, least=0),
        messages.MAX_RECORDS,
    )
    query, sort = _query(request)
    facets = wanted_facets(request.get("facetLimit")) if request.dress.version == "2.0" else {}
    if start > MAX_DEPTH:
        raise Diagnostic(61, str(MAX_DEPTH))
    size = min(size, MAX_DEPTH - start + 1)
    result = ask(
        SearchRequest(
            query=query,
            sort=sort,
            offset=start - 1,
            limit=size,
            facets=tuple(facets),
            facet_values=max(facets.values(), default=1),
        )
    )
    if start > max(result.total, 1):
        raise Diagnostic(61, str(result.total))
    records = exchange_records(result.ids)
    following = start + len(result.ids)
    return messages.search_answer(
        request,
        total=result.total,
        records=[
            _found(request, place, records.get(cluster_id), schema, site)
            for place, cluster_id in enumerate(result.ids, start=start)
        ],
        following=following if size and following <= min(result.total, MAX_DEPTH) else 0,
        facets=facet_lists(facets, result.facets),
    )


def _found(request: Request, place: int, record: ExchangeRecord | None, schema: Schema, site: str) -> Found:
    if record is None:
        # Found a moment ago, hidden or withdrawn since.
        gone = messages.diagnostic_element(request.dress, Diagnostic(64))
        return Found(place, _DIAGNOSTICS_SCHEMA, gone)
    return Found(place, schema.address, schema.write(record, site), record.public_id)


def _schema(name: str) -> Schema:
    if not name:
        return SCHEMAS[0]
    if name not in _BY_NAME:
        raise Diagnostic(66, name)
    return _BY_NAME[name]


def _query(request: Request) -> tuple[str | Node, Sort]:
    written = normalise(request.get("query"))
    if not written.strip():
        raise Diagnostic(7, "query")
    kind = request.get("queryType") or "cql"
    if kind == "searchTerms":
        # Words as on the search page.
        return written[: cql.MAX_CHARACTERS], sort_of_keys(request.get("sortKeys"))
    if kind != "cql":
        raise Diagnostic(11, kind)
    read = cql.parse(written)
    sort = sort_of(read.keys) if read.keys else sort_of_keys(request.get("sortKeys"))
    return Translation().node(read.query), sort


def _scan(request: Request, site: str) -> bytes:
    if not request.get("scanClause"):
        raise Diagnostic(7, "scanClause")
    clause = cql.parse_clause(normalise(request.get("scanClause")))
    size = min(request.number("maximumTerms", default=messages.DEFAULT_TERMS, least=1), messages.MAX_TERMS)
    position = request.number("responsePosition", default=1, least=0)
    if position > size + 1:
        raise Diagnostic(120, str(position))
    terms = scanned_terms(index_name(clause), clause.term, position=position, size=size)
    return messages.scan_answer(request, terms=terms)


_HANDLERS: dict[str, Callable[[Request, str], bytes]] = {
    EXPLAIN: lambda request, site: _explain(request, site),
    SEARCH: _search,
    SCAN: _scan,
}
