"""The search engine inside the product: tantivy, on files that one process writes and all others read."""

import time
from collections.abc import Mapping
from pathlib import Path

from tantivy import Occur, Order, Query

from lienthu.search import corrections, generations, reasons, similar, suggestions
from lienthu.search.compiler import Tier, positive_leaves, tiers_of
from lienthu.search.engine import (
    MAX_DEPTH,
    MAX_FACET_VALUES,
    MAX_PAGE,
    NO_FILTERS,
    Correction,
    Facet,
    FacetCount,
    Filters,
    SearchRequest,
    SearchResult,
    Sort,
    Stats,
    Suggestion,
    Why,
)
from lienthu.search.facets import count_facets, count_of, filter_queries, narrowed
from lienthu.search.nodes import Everything, Node, Pattern
from lienthu.search.query import Parsed, parse
from lienthu.search.reading import RELOAD_SECONDS, IndexReader, View
from lienthu.search.schema import SCHEMA_VERSION
from lienthu.search.writing import TantivyWriter, request_rebuild

_ORDERS: Mapping[Sort, tuple[str, Order]] = {
    Sort.NEWEST: ("newest", Order.Desc),
    Sort.YEAR_DESC: ("year", Order.Desc),
    Sort.YEAR_ASC: ("year", Order.Asc),
    Sort.TITLE: ("title_sort", Order.Asc),
}


class TantivyEngine:
    """Searches the index in a folder. Nothing is opened before the first question, so it may be made before a fork."""

    def __init__(self, path: Path, *, reload_seconds: float = RELOAD_SECONDS) -> None:
        self.path = Path(path)
        self._reader = IndexReader(self.path, reload_seconds=reload_seconds)

    def writer(self) -> TantivyWriter:
        """The writing right, until closed. Raises `WriterBusy` when another process has it."""
        return TantivyWriter(self.path)

    def request_rebuild(self) -> None:
        """Ask the process that has the writing right to rebuild; it sees this in `needs_rebuild`."""
        request_rebuild(self.path)

    def refresh(self) -> None:
        """See the last commit at once; otherwise it is seen within a second."""
        self._reader.refresh()

    def search(self, request: SearchRequest) -> SearchResult:
        """Never raises because of the query. Paging outside the bounds gives an empty page with the true total."""
        started = time.perf_counter()
        parsed = parse(request.query) if isinstance(request.query, str) else Parsed(request.query)
        offset, limit = max(0, request.offset), min(max(0, request.limit), MAX_PAGE)
        beyond = offset + limit > MAX_DEPTH
        view = self._reader.view()
        if view is None:
            return SearchResult((), 0, _since(started), {}, parsed.node, parsed.notes, beyond)
        question = _Question(view, parsed.node, request.filters)
        ids, total = question.page(request.sort, offset, 0 if beyond else limit)
        facets: Mapping[Facet, tuple[FacetCount, ...]] = {}
        if request.facets:
            facets = question.facets(request.facets, values=min(max(1, request.facet_values), MAX_FACET_VALUES))
        return SearchResult(ids, total, _since(started), facets, parsed.node, parsed.notes, beyond)

    def every(self, query: str, *, limit: int) -> tuple[tuple[int, ...], int]:
        """Ids of all results in no order, at most so many, and how many results there are: for work on all of them."""
        view = self._reader.view()
        return _Question(view, parse(query).node, NO_FILTERS).every(limit) if view else ((), 0)

    def suggest(self, typed: str, *, limit: int = 8) -> list[Suggestion]:
        """Titles, authors and subjects for what stands in the search box so far."""
        view = self._reader.view()
        return suggestions.suggest(view, typed, limit=limit) if view else []

    def did_you_mean(self, query: str, *, limit: int = 3) -> list[Correction]:
        """Other queries that find more; worth asking when a query found little."""
        view = self._reader.view()
        return corrections.did_you_mean(view, query, limit=limit) if view else []

    def more_like(self, id: int, *, limit: int = 6) -> list[int]:
        """Records near this one by subject, author and title, the nearest first; empty for an unknown id."""
        view = self._reader.view()
        return similar.more_like(view, id, limit=limit) if view else []

    def why(self, id: int, query: str | Node) -> Why | None:
        """Why this record answers this query; None when it does not."""
        view = self._reader.view()
        node = parse(query).node if isinstance(query, str) else query
        return reasons.why(view, id, node) if view else None

    def edition(self) -> object:
        """The state of the index that answers now: the same object while nothing has been committed."""
        return self._reader.view()

    def count(self) -> int:
        """Records in the index."""
        view = self._reader.view()
        return int(view.searcher.num_docs) if view else 0

    def stats(self) -> Stats:
        """The state of the index for those who run it."""
        view = self._reader.refresh()
        name = generations.current(self.path)
        complete = name is not None and generations.is_complete(self.path, name)
        return Stats(
            records=int(view.searcher.num_docs) if view else 0,
            segments=int(view.searcher.num_segments) if view else 0,
            bytes=generations.size(self.path, name) if name and view else 0,
            generation=name or "",
            schema_version=SCHEMA_VERSION,
            needs_rebuild=view is None or not complete,
        )


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


class _Question:
    """One query with its filters over one view."""

    def __init__(self, view: View, node: Node, filters: Filters) -> None:
        self._view = view
        self._node = node
        self._filters = filters
        self._narrowing = filter_queries(view, filters) if filters is not NO_FILTERS else []

    def page(self, sort: Sort, offset: int, limit: int) -> tuple[tuple[int, ...], int]:
        """Ids of the page, and the number of all results."""
        if sort is Sort.RELEVANCE and isinstance(self._node, Everything):
            sort = Sort.NEWEST
        if limit == 0:
            return (), count_of(self._view, self._all())
        if sort is Sort.RELEVANCE:
            return self._by_relevance(offset, limit)
        field, order = _ORDERS[sort]
        hits, total = self._view.found(self._all(), limit, order_by_field=field, offset=offset, order=order)
        return self._view.ids(hits), total

    def every(self, limit: int) -> tuple[tuple[int, ...], int]:
        """Ids of all results, and their number."""
        hits, total = self._view.found(self._all(), limit)
        return self._view.ids(hits), total

    def facets(self, facets: tuple[Facet, ...], *, values: int) -> Mapping[Facet, tuple[FacetCount, ...]]:
        """Counts beside the results."""
        query = self._view.compiler.matching(self._node, Tier.FOLDED)
        with_patterns = any(isinstance(leaf, Pattern) for leaf in positive_leaves(self._node))
        return count_facets(self._view, query, self._filters, facets, values=values, with_patterns=with_patterns)

    def _all(self) -> Query:
        """Every result: the widest tier holds the others."""
        return narrowed(self._view.compiler.matching(self._node, Tier.FOLDED), self._narrowing)

    def _by_relevance(self, offset: int, limit: int) -> tuple[tuple[int, ...], int]:
        """Tier after tier, each in the order of its scores, until the page is full."""
        compiler, ranking = self._view.compiler, self._view.ranking
        tiers = tiers_of(self._node)
        if len(tiers) > 1 and ranking.are_few(self._node):
            hits, total = self._view.found(
                narrowed(ranking.in_all_tiers(self._node), self._narrowing), limit, offset=offset
            )
            return self._view.ids(hits), total
        ids: list[int] = []
        before = 0
        closer: Query | None = None
        for tier in tiers:
            query = narrowed(ranking.in_tier(self._node, tier), self._narrowing)
            if closer is not None:
                query = Query.boolean_query([(Occur.Must, query), (Occur.MustNot, closer)])
            hits, total = self._view.found(query, limit - len(ids), offset=max(0, offset - before))
            ids.extend(self._view.ids(hits))
            before += total
            if tier is tiers[-1]:
                return tuple(ids), before
            if len(ids) >= limit:
                break
            closer = compiler.matching(self._node, tier)
        return tuple(ids), count_of(self._view, self._all())
