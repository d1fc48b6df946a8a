"""The home page and the pages that explain the network: about, help, accessibility, privacy, open data."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lienthu.portal import queries
from lienthu.portal.manual import CHAPTERS, EXAMPLES, LETTERS, Chapter
from lienthu.web.components import Crumb, Figure, MapPoint, PointMap, Tab

NEW_ARRIVALS = 6
OPEN_LIBRARIES = 7


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first; then what is new, where the libraries are, and which of them are open."""
    network = queries.network()
    context = {
        "figures": _figures(network),
        "tries": queries.suggested_searches(),
        "shelf": queries.new_arrivals(NEW_ARRIVALS),
        "classes": queries.main_classes(),
        "map": _map(network),
        "network": network,
        "open_now": network.open_now[:OPEN_LIBRARIES],
        "opening_next": [] if network.open_now else network.opening_next[:OPEN_LIBRARIES],
        "base": request.build_absolute_uri("/"),
    }
    return render(request, "portal/home.html", context)


def _figures(network: queries.Network) -> list[Figure]:
    """Each figure leads to the page where it can be counted again."""
    results = reverse("discovery:results")
    figures = [
        Figure(_("Thư viện trong mạng"), len(network.libraries), url=reverse("libraries:list")),
        Figure(_("Đầu tài liệu"), network.titles, url=results),
        Figure(_("Bản tài liệu"), network.copies, url=reverse("portal:about") + "#so-lieu"),
        Figure(_("Đầu tài liệu có sẵn lúc này"), network.available_titles, url=f"{results}?available=1"),
    ]
    if network.digital_titles:
        figures.append(Figure(_("Đọc trực tuyến"), network.digital_titles, url=f"{results}?digital=1"))
    return figures


def _map(network: queries.Network) -> PointMap | None:
    points = [
        MapPoint(
            label=library.name,
            latitude=library.latitude,
            longitude=library.longitude,
            url=library.url,
            note=library.note,
        )
        for library in network.libraries
        if library.latitude is not None and library.longitude is not None
    ]
    return PointMap(title=_("Các thư viện trên bản đồ"), points=points) if points else None


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the network is, and its figures by library."""
    network = queries.network()
    context = {"figures": _figures(network), "rows": queries.titles_by_library(), "crumbs": _crumbs(_("Giới thiệu"))}
    return render(request, "portal/about.html", context)


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """The chapters of the manual."""
    return render(request, "portal/help.html", {"chapters": CHAPTERS, "crumbs": _crumbs(_("Trợ giúp"))})


@require_safe
def help_page(request: HttpRequest, name: str) -> HttpResponse:
    """One chapter of the manual."""
    chapter = next((one for one in CHAPTERS if one.name == name), None)
    if chapter is None:
        raise Http404
    return render(request, f"portal/help/{chapter.template}.html", _chapter_context(request, chapter))


def _chapter_context(request: HttpRequest, chapter: Chapter) -> dict[str, Any]:
    return {
        "chapter": chapter,
        "examples": queries.counted_examples(EXAMPLES) if chapter.name == "cau-tim" else [],
        "letters": LETTERS,
        "about_record": queries.record_title(request.GET.get("bieu-ghi", "")) if chapter.name == "bao-loi" else None,
        "tabs": [
            Tab(one.title, reverse("portal:help_page", args=[one.name]), current=one is chapter) for one in CHAPTERS
        ],
        "crumbs": [
            Crumb(_("Trang chủ"), reverse("portal:home")),
            Crumb(_("Trợ giúp"), reverse("portal:help")),
            Crumb(chapter.title),
        ],
    }


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How everybody can use these pages, and what is not good enough yet."""
    return render(request, "portal/accessibility.html", {"crumbs": _crumbs(_("Khả năng tiếp cận"))})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a visitor and why (Law 91/2025/QH15)."""
    return render(request, "portal/privacy.html", {"crumbs": _crumbs(_("Quyền riêng tư"))})


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """Addresses for programs."""
    base = request.build_absolute_uri("/").rstrip("/")
    return render(
        request,
        "portal/open_data.html",
        {"example": f"curl '{base}/api/v1/search?q=truyen+kieu&size=5'", "crumbs": _crumbs(_("Dữ liệu mở"))},
    )


def _crumbs(label: str) -> list[Crumb]:
    return [Crumb(_("Trang chủ"), reverse("portal:home")), Crumb(label)]
