"""What programs read of the public catalogue: Atom of any search, OpenSearch description, sitemap, robots.txt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lienthu.catalogue.queries import active_ids, sitemap_starts
from lienthu.discovery.forms import read_wanted
from lienthu.discovery.queries import find
from lienthu.discovery.queries.cards import cards
from lienthu.discovery.views.results import headline
from lienthu.kernel import clock, ids
from lienthu.search import Sort
from lienthu.web.tags.frame import network_name

SITEMAP_PART = 50_000
FEED_SIZE = 50


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """Any search as an Atom feed (RFC 4287), the newest first unless another order is asked for."""
    wanted = read_wanted(request.GET)
    if "sort" not in request.GET:
        wanted = replace(wanted, sort=Sort.NEWEST)
    found = find(replace(wanted, size=FEED_SIZE), facets=())
    entries = [(hit.record, card) for hit, card in zip(found.hits, cards(found), strict=True)]
    parameters = wanted.parameters()
    context = {
        "title": headline(found),
        "network": network_name(),
        "self": request.build_absolute_uri(),
        "alternate": request.build_absolute_uri(f"{reverse('discovery:results')}?{parameters}"),
        "base": request.build_absolute_uri("/").rstrip("/"),
        "host": request.get_host().split(":")[0],
        # Before the first record there is nothing to date but the feed itself.
        "updated": max((record.updated_at for record, _card in entries), default=clock.now()),
        "entries": entries,
    }
    return render(request, "discovery/atom.xml", context, content_type="application/atom+xml; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def opensearch(request: HttpRequest) -> HttpResponse:
    """Lets a browser offer this catalogue as a search engine."""
    context = {
        "network": network_name(),
        "base": request.build_absolute_uri("/").rstrip("/"),
        "description": _("Mục lục chung của các thư viện trong tỉnh"),
    }
    return render(
        request,
        "discovery/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Which addresses are no documents, and where the list of documents is."""
    lines = [
        "User-agent: *",
        "Disallow: /tai-khoan/",
        "Disallow: /ban-lam-viec/",
        "Disallow: /giam-sat/",
        f"Disallow: {reverse('discovery:result_file')}",
        f"Disallow: {reverse('discovery:suggestions')}",
        "Disallow: /*/vi-sao",
        f"Sitemap: {request.build_absolute_uri(reverse('discovery:sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the sitemap: one part for each 50,000 records."""
    parts = [
        request.build_absolute_uri(reverse("discovery:sitemap_part", args=[ids.encode(first)]))
        for first in sitemap_starts(SITEMAP_PART)
    ]
    return render(request, "discovery/sitemap.xml", {"parts": parts}, content_type="application/xml; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_part(request: HttpRequest, first: str) -> StreamingHttpResponse:
    """Up to 50,000 records from one on, streamed."""
    start = ids.decode(first)
    if start is None:
        raise Http404
    base = request.build_absolute_uri("/").rstrip("/")
    return StreamingHttpResponse(_part(base, start), content_type="application/xml; charset=utf-8")


def _part(base: str, first: int) -> Iterator[bytes]:
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    lines: list[str] = []
    for cluster_id, changed in active_ids(first=first, count=SITEMAP_PART):
        lines.append(_line(base, cluster_id, changed))
        if len(lines) == 1_000:
            yield "".join(lines).encode()
            lines = []
    yield "".join([*lines, "</urlset>\n"]).encode()


def _line(base: str, cluster_id: int, changed: datetime) -> str:
    address = escape(base + reverse("discovery:record", args=[ids.encode(cluster_id)]))
    return f"<url><loc>{address}</loc><lastmod>{changed.date().isoformat()}</lastmod></url>\n"
