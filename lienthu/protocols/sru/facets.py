"""The parameter facetLimit of SRU 2.0, and counts in its answer."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from lienthu.protocols.sru.diagnostics import Diagnostic
from lienthu.protocols.sru.messages import FacetList
from lienthu.search import Facet, FacetCount

MAX_VALUES = 100

_INDEXES = {"dc.subject": Facet.SUBJECT, "dc.language": Facet.LANGUAGE, "dc.date": Facet.DECADE}


def wanted_facets(limit: str) -> dict[Facet, int]:
    """`10` (of every index) or `10:dc.subject,5:dc.language`. Raises Diagnostic(6, 16)."""
    if not limit:
        return {}
    found: dict[Facet, int] = {}
    for part in limit.split(","):
        number, _colon, index = part.strip().partition(":")
        if not (number.isascii() and number.isdigit() and len(number) < 6):
            raise Diagnostic(6, "facetLimit")
        name = index if "." in index or not index else f"dc.{index}"
        if name and name not in _INDEXES:
            raise Diagnostic(16, index)
        for facet in [_INDEXES[name]] if name else _INDEXES.values():
            found[facet] = min(int(number), MAX_VALUES)
    return {facet: number for facet, number in found.items() if number}


def facet_lists(wanted: Mapping[Facet, int], counted: Mapping[Facet, Sequence[FacetCount]]) -> list[FacetList]:
    """The counts as the answer shows them, each with a query that finds just these."""
    labels = {"dc.subject": _("Chủ đề"), "dc.language": _("Ngôn ngữ"), "dc.date": _("Thập niên")}
    found = []
    for index, facet in _INDEXES.items():
        counts = [one for one in counted.get(facet, ()) if one.count][: wanted.get(facet, 0)]
        if counts:
            terms = [(one.value, _query(index, one.value), one.count) for one in counts]
            found.append(FacetList(label=labels[index], index=index, terms=terms))
    return found


def _query(index: str, value: str) -> str:
    if index == "dc.date":
        return f'dc.date within "{value} {int(value) + 9}"'
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*").replace("?", "\\?").replace("^", "\\^")
    return f'{index} == "{quoted}"'
