"""The facets of a result page and the chips of what is chosen, from the engine's counts."""

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lienthu.discovery.wanted import Wanted
from lienthu.discovery.wording import choice_name, decade_name, language_name, names_of_libraries, type_name
from lienthu.search import Facet, FacetCount, SearchResult
from lienthu.web.components import FacetGroup, FacetOption, Link

_SHOWN = 6


def facet_groups(result: SearchResult) -> list[FacetGroup]:
    """Groups in the order a reader narrows: can I have it now, what kind, where, which language, when, what about."""
    libraries = names_of_libraries()
    yes = [FacetOption(_("Có sẵn lúc này"), "1", count.count, count.selected) for count in _of(result, Facet.AVAILABLE)]
    online = [
        FacetOption(_("Đọc trực tuyến"), "1", count.count, count.selected) for count in _of(result, Facet.DIGITAL)
    ]
    return [
        FacetGroup(_("Dùng được ngay"), "available", yes),
        FacetGroup(_("Trên mạng"), "digital", online),
        FacetGroup(_("Loại tài liệu"), "type", _options(result, Facet.TYPE, type_name), shown=_SHOWN),
        FacetGroup(
            _("Thư viện"),
            "library",
            _options(result, Facet.LIBRARY, lambda code: libraries.get(code, code)),
            shown=_SHOWN,
        ),
        FacetGroup(_("Ngôn ngữ"), "language", _options(result, Facet.LANGUAGE, language_name), shown=_SHOWN),
        FacetGroup(_("Năm xuất bản"), "decade", _options(result, Facet.DECADE, decade_name), shown=_SHOWN),
        FacetGroup(_("Chủ đề"), "subject", _options(result, Facet.SUBJECT, str), shown=_SHOWN),
    ]


def chips(wanted: Wanted) -> list[Link]:
    """Every choice with the address that takes it back."""
    base = reverse("discovery:results")
    return [
        Link(choice_name(name, value), f"{base}?{wanted.without(name, value).parameters()}")
        for name, value in wanted.choices
    ]


def counted(number: int) -> str:
    """A number as it is written in sentences."""
    return number_format(number, use_l10n=True, force_grouping=True)


def _of(result: SearchResult, facet: Facet) -> Sequence[FacetCount]:
    return result.facets.get(facet, ())


def _options(result: SearchResult, facet: Facet, name: Callable[[str], str]) -> list[FacetOption]:
    return [FacetOption(name(count.value), count.value, count.count, count.selected) for count in _of(result, facet)]
