"""Filters as queries, and counts of facet groups. A group's counts ignore that group's own selection (multi-select)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import tantivy
from tantivy import Occur, Query

from lienthu.search.engine import Facet, FacetCount, Filters
from lienthu.search.reading import View

_TERMS = {
    Facet.LIBRARY: "library",
    Facet.TYPE: "type",
    Facet.LANGUAGE: "language",
    Facet.SUBJECT: "subject_name",
}
# Candidates each segment of the index hands in. Groups of few values come whole; of the many subjects only the most
# frequent, because each costs a look into a dictionary. Counts shown are exact: they are taken again where candidates
# were left out; only the last places may go to a value of nearly the same count.
_SEGMENT_VALUES = 3_000
_SEGMENT_SUBJECTS = 100
# A pattern is too dear to be matched again for every subject: more candidates instead, and small errors at the end.
_SEGMENT_SUBJECTS_OF_PATTERNS = 1_000
_YEARS = (1000, 2100)
_TRUE = "true"


def filter_queries(view: View, filters: Filters, *, but: Facet | None = None) -> list[Query]:
    """One query for each group of choices, except those of one facet."""
    found: list[Query] = []
    for facet, values in (
        (Facet.LIBRARY, filters.libraries),
        (Facet.TYPE, filters.types),
        (Facet.LANGUAGE, filters.languages),
        (Facet.SUBJECT, filters.subjects),
    ):
        if values and facet is not but:
            found.append(_any_of(view, _TERMS[facet], values))
    if filters.available and but is not Facet.AVAILABLE:
        # Choosing libraries and "available now" means available at one of them.
        found.append(available_query(view, filters if but is not Facet.LIBRARY else replace(filters, libraries=())))
    if filters.digital and but is not Facet.DIGITAL:
        found.append(_digital(view))
    if but is not Facet.DECADE:
        found.extend(_year_queries(view, filters))
    return [Query.const_score_query(query, 0.0) for query in found]


def _any_of(view: View, field: str, values: Iterable[str]) -> Query:
    chosen = list(values)
    if len(chosen) == 1:
        return Query.term_query(view.schema, field, chosen[0])
    return Query.term_set_query(view.schema, field, chosen)


def available_query(view: View, filters: Filters) -> Query:
    """Records with a copy that can be had now, at the chosen libraries if any are chosen."""
    if filters.libraries:
        return _any_of(view, "available", filters.libraries)
    return Query.exists_query("available")


def _digital(view: View) -> Query:
    return Query.term_query(view.schema, "digital", True)


def _year_queries(view: View, filters: Filters) -> list[Query]:
    found = []
    if filters.year_from is not None or filters.year_to is not None:
        found.append(_years(view, filters.year_from, filters.year_to))
    if filters.decades:
        found.append(Query.boolean_query([(Occur.Should, _years(view, first, first + 9)) for first in filters.decades]))
    return found


def _years(view: View, low: int | None, high: int | None) -> Query:
    return Query.range_query(view.schema, "year", tantivy.FieldType.Integer, low, high)


def narrowed(query: Query, filters: list[Query]) -> Query:
    """The query within all filters."""
    if not filters:
        return query
    return Query.boolean_query([(Occur.Must, query), *((Occur.Must, one) for one in filters)])


def count_facets(
    view: View, query: Query, filters: Filters, facets: Iterable[Facet], *, values: int, with_patterns: bool
) -> dict[Facet, tuple[FacetCount, ...]]:
    """Counts of each asked group among the records of the (folded) query."""
    asked = list(dict.fromkeys(facets))
    together = [facet for facet in asked if not _selected(facet, filters)]
    buckets: dict[Facet, list[FacetCount]] = {}
    for alike, but in [(together, None), *(([facet], facet) for facet in asked if facet not in together)]:
        within = narrowed(query, filter_queries(view, filters, but=but))
        buckets.update(_aggregated(view, within, filters, alike, values, with_patterns=with_patterns))
    return {facet: tuple(buckets[facet]) for facet in asked}


def _selected(facet: Facet, filters: Filters) -> tuple[str, ...]:
    """Chosen values of a group."""
    match facet:
        case Facet.LIBRARY:
            return filters.libraries
        case Facet.TYPE:
            return filters.types
        case Facet.LANGUAGE:
            return filters.languages
        case Facet.SUBJECT:
            return filters.subjects
        case Facet.DECADE:
            if filters.decades:
                return tuple(map(str, filters.decades))
            return ("years",) if filters.year_from is not None or filters.year_to is not None else ()
        case Facet.AVAILABLE:
            return (_TRUE,) if filters.available else ()
        case Facet.DIGITAL:
            return (_TRUE,) if filters.digital else ()


def _aggregated(
    view: View, within: Query, filters: Filters, facets: list[Facet], values: int, *, with_patterns: bool
) -> dict[Facet, list[FacetCount]]:
    wanted: dict[str, Any] = {}
    for facet in facets:
        if facet in _TERMS:
            subjects = max(_SEGMENT_SUBJECTS_OF_PATTERNS if with_patterns else _SEGMENT_SUBJECTS, values)
            segment = subjects if facet is Facet.SUBJECT else _SEGMENT_VALUES
            size = {"size": values, "segment_size": segment, "order": {"_count": "desc"}}
            wanted[facet] = {"terms": {"field": _TERMS[facet], **size}}
        elif facet is Facet.DECADE:
            bounds = {"min": float(_YEARS[0]), "max": float(_YEARS[1])}
            wanted[facet] = {"histogram": {"field": "year", "interval": 10, "min_doc_count": 1, "hard_bounds": bounds}}
    answer = view.searcher.aggregate(within, wanted) if wanted else {}
    found: dict[Facet, list[FacetCount]] = {}
    for facet in facets:
        chosen = _selected(facet, filters)
        if facet in _TERMS:
            found[facet] = _terms(view, within, facet, answer[facet], chosen, again=not with_patterns)
        elif facet is Facet.DECADE:
            found[facet] = _decades(answer[facet]["buckets"], chosen)
        else:
            found[facet] = _flag(view, within, filters, facet, chosen)
    return found


def _terms(
    view: View, within: Query, facet: Facet, answer: dict[str, Any], chosen: tuple[str, ...], *, again: bool
) -> list[FacetCount]:
    """Most frequent first; chosen values are always there, so that they can be unchosen."""

    def counted(value: str) -> int:
        only = Query.term_query(view.schema, _TERMS[facet], value)
        return count_of(view, Query.boolean_query([(Occur.Must, only), (Occur.Must, within)]))

    counts = {bucket["key"]: int(bucket["doc_count"]) for bucket in answer["buckets"]}
    if again and answer.get("doc_count_error_upper_bound"):
        counts = {value: counted(value) for value in counts}
    for value in chosen:
        if value not in counts:
            counts[value] = counted(value)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [FacetCount(value, count, value in chosen) for value, count in ordered]


def _decades(buckets: list[dict[str, Any]], chosen: tuple[str, ...]) -> list[FacetCount]:
    counts = [
        FacetCount(key, int(bucket["doc_count"]), key in chosen)
        for bucket in reversed(buckets)
        if bucket["doc_count"] and (key := str(int(bucket["key"])))
    ]
    shown = {count.value for count in counts}
    return counts + [FacetCount(value, 0, selected=True) for value in chosen if value not in shown and value.isdigit()]


def _flag(view: View, within: Query, filters: Filters, facet: Facet, chosen: tuple[str, ...]) -> list[FacetCount]:
    only = _digital(view) if facet is Facet.DIGITAL else available_query(view, filters)
    count = count_of(view, narrowed(within, [only]))
    return [FacetCount(_TRUE, count, bool(chosen))] if count or chosen else []


def count_of(view: View, query: Query) -> int:
    """How many records, without scoring any."""
    return view.found(Query.const_score_query(query, 0.0), 1)[1]
