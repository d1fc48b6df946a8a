"""The result page, the reasons for one result, and suggestions while typing."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from lienthu.catalogue.access import sight_of
from lienthu.discovery.forms import read_wanted
from lienthu.discovery.index import engine
from lienthu.discovery.notes import correction_sentence, note_sentence, why_sentences
from lienthu.discovery.queries import Found, corrections, find
from lienthu.discovery.queries.cards import also_spelled, card, cards
from lienthu.discovery.queries.finding import find_unlisted
from lienthu.discovery.views.facets import chips, counted, facet_groups
from lienthu.discovery.views.listing import result_list
from lienthu.discovery.views.missing import missing
from lienthu.discovery.wanted import SIZES, Wanted
from lienthu.identity.access import actor_of
from lienthu.kernel import ids
from lienthu.kernel.languages import per_language
from lienthu.kernel.text import normalise
from lienthu.search import Sort, SuggestionKind
from lienthu.web.components import Link

REGION = "ket-qua"
_TYPED = 200
_EXPORTS = (("BibTeX", "bibtex"), ("RIS", "ris"), ("CSV", "csv"))


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def results(request: HttpRequest) -> HttpResponse:
    """The result page; to htmx only the part that changes."""
    found = find(read_wanted(request.GET))
    # htmx sends the id of the region that it will replace; when it restores history it wants the whole page.
    swaps = request.headers.get("HX-Target") == REGION and "HX-History-Restore-Request" not in request.headers
    template = "discovery/_region.html" if swaps else "discovery/results.html"
    return render(request, template, {**_context(request, found), "swapped": swaps})


def _context(request: HttpRequest, found: Found) -> dict[str, Any]:
    wanted = found.wanted
    address = reverse("discovery:results")
    unlisted, unlisted_total = find_unlisted(wanted, sight=sight_of(actor_of(request)))
    shown = cards(found)
    return {
        "wanted": wanted,
        "unlisted": [card(hit, terms=found.terms) for hit in unlisted],
        "unlisted_total": unlisted_total,
        "found": found,
        "total": found.result.total,
        "headline": headline(found),
        "cards": shown,
        "listing": result_list(shown, why_parameters=wanted.bare().parameters()),
        "groups": facet_groups(found.result),
        "year_chips": [chip for (name, _v), chip in zip(wanted.choices, chips(wanted), strict=True) if "year" in name],
        "notes": [note_sentence(note) for note in found.result.notes],
        "corrections": [
            (
                correction_sentence(one),
                one.query,
                f"{address}?{replace(wanted.bare(), q=one.query).parameters()}",
                one.total,
            )
            for one in corrections(found)
        ],
        "also": also_spelled(found, shown),
        "sorts": _sorts(wanted.sort),
        "sizes": tuple([(size, size == wanted.size) for size in SIZES]),
        "kept": _kept(wanted),
        "parameters": wanted.parameters(page=False),
        "page_parameters": wanted.parameters(),
        "canonical": request.build_absolute_uri(f"{address}?{wanted.parameters()}".rstrip("?")),
        # One page for each query is enough for search engines; its facets and depths are ways to walk, not documents.
        "noindex": bool(wanted.choices) or wanted.page > 1 or wanted.sort is not Sort.RELEVANCE,
        "drops": _drops(found),
        "results_url": address,
        "exports": _EXPORTS,
    }


def headline(found: Found) -> str:
    """ "28 kết quả cho “truyen kieu”"."""
    total = found.result.total
    count = ngettext("%(count)s kết quả", "%(count)s kết quả", total) % {"count": counted(total)}
    if not found.wanted.q:
        return ngettext("%(count)s tài liệu", "%(count)s tài liệu", total) % {"count": counted(total)}
    return _("%(count)s cho “%(query)s”") % {"count": count, "query": found.wanted.q[:120]}


@per_language
def _sorts(chosen: Sort) -> tuple[tuple[str, str, bool], ...]:
    sorts = [
        (Sort.RELEVANCE, _("Sát nhất")),
        (Sort.NEWEST, _("Mới về")),
        (Sort.YEAR_DESC, _("Năm, mới trước")),
        (Sort.YEAR_ASC, _("Năm, cũ trước")),
        (Sort.TITLE, _("Nhan đề A–Y")),
    ]
    return tuple((sort.value, label, sort is chosen) for sort, label in sorts)


def _kept(wanted: Wanted) -> list[tuple[str, str]]:
    """Hidden fields of the sort form: everything but order, size and page."""
    return ([("q", wanted.q)] if wanted.q else []) + [(name, str(value)) for name, value in wanted.choices]


def _drops(found: Found) -> list[tuple[Link, int]]:
    """With nothing found: each filter that could be dropped, with what would be found then."""
    if found.result.total or not found.wanted.choices:
        return []
    offers = []
    for (name, value), chip in list(zip(found.wanted.choices, chips(found.wanted), strict=True))[:6]:
        total = engine().search(replace(found.wanted.without(name, value), size=1).request(facets=())).total
        if total:
            offers.append((chip, total))
    return offers


@require_safe
def why(request: HttpRequest, public: str) -> HttpResponse:
    """Why this record is among the results of a query: a page of its own, or a fragment for htmx."""
    cluster_id = ids.decode(public)
    wanted = read_wanted(request.GET)
    found = engine().why(cluster_id, wanted.q) if cluster_id is not None else None
    if found is None:
        return missing(request, public)
    fragment = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render(
        request,
        "discovery/_why.html" if fragment else "discovery/why.html",
        {"sentences": why_sentences(found, wanted=wanted), "wanted": wanted, "public": public},
    )


@require_safe
@cache_control(public=True, max_age=60)
def suggestions(request: HttpRequest) -> JsonResponse:
    """What stands in the search box so far, completed: titles, authors, subjects."""
    typed = normalise(request.GET.get("q", "")[:_TYPED].replace("\x00", "")).strip()
    kinds = {
        SuggestionKind.TITLE: (_("nhan đề"), "%s"),
        SuggestionKind.AUTHOR: (_("tác giả"), 'tác giả:"%s"'),
        SuggestionKind.SUBJECT: (_("chủ đề"), 'chủ đề:"%s"'),
    }
    items = []
    for one in engine().suggest(typed) if typed else ():
        note, pattern = kinds[one.kind]
        query = replace(Wanted(), q=pattern % one.text.replace('"', " "))
        url = reverse("discovery:record", args=[ids.encode(one.id)]) if one.id is not None else ""
        items.append(
            {"text": one.text, "note": note, "url": url or f"{reverse('discovery:results')}?{query.parameters()}"}
        )
    return JsonResponse({"items": items}, json_dumps_params={"ensure_ascii": False})
