"""One search as a value: words, filters, order and page. Every field is also a parameter of the address."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from lienthu.search import Facet, Filters, SearchRequest, Sort

SIZES = (20, 50, 100)
DEFAULT_SIZE = SIZES[0]
# The engine answers no further than its own depth; nobody reads that far.
LAST_RESULT = 10_000
# More choices than a person makes; a longer list is a machine playing.
MAX_CHOICES = 50
FACETS = (
    Facet.AVAILABLE, Facet.TYPE, Facet.LIBRARY, Facet.LANGUAGE, Facet.DECADE, Facet.SUBJECT, Facet.DIGITAL,
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """One search with its filters, order and page. Every field is also a parameter of the address."""

    q: str = ""
    available: bool = False
    digital: bool = False
    type: tuple[str, ...] = ()
    library: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    decade: tuple[int, ...] = ()
    subject: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = DEFAULT_SIZE

    @property
    def filters(self) -> Filters:
        """The choices as the engine takes them."""
        return Filters(
            libraries=self.library,
            types=self.type,
            languages=self.language,
            subjects=self.subject,
            decades=self.decade,
            year_from=self.year_from,
            year_to=self.year_to,
            available=self.available,
            digital=self.digital,
        )

    @property
    def last_page(self) -> int:
        """The furthest page that the engine can answer at this size."""
        return max(1, LAST_RESULT // self.size)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Each chosen filter as (parameter, value)."""
        chosen: list[tuple[str, Any]] = []
        for name in ("available", "digital"):
            if getattr(self, name):
                chosen.append((name, "1"))
        for name in ("type", "library", "language", "decade", "subject"):
            chosen += [(name, value) for value in getattr(self, name)]
        for name in ("year_from", "year_to"):
            if getattr(self, name) is not None:
                chosen.append((name, getattr(self, name)))
        return chosen

    def request(self, *, facets: tuple[Facet, ...] = FACETS, facet_values: int = 20) -> SearchRequest:
        """The question to the engine for this page."""
        return SearchRequest(
            query=self.q,
            filters=self.filters,
            facets=facets,
            facet_values=facet_values,
            sort=self.sort,
            offset=(self.page - 1) * self.size,
            limit=self.size,
        )

    def without(self, name: str, value: Any) -> "Wanted":
        """The same search with one choice taken back, from its first page."""
        current = getattr(self, name)
        left: Any
        if isinstance(current, tuple):
            left = tuple(one for one in current if one != value)
        else:
            left = None if name.startswith("year_") else False
        return replace(self, **{name: left, "page": 1})

    def bare(self) -> "Wanted":
        """Only the words."""
        return Wanted(q=self.q)

    def parameters(self, *, page: bool = True) -> str:
        """The query string that leads here, always in one order; what is not chosen is not written."""
        query = QueryDict(mutable=True)
        if self.q:
            query["q"] = self.q
        for name, value in self.choices:
            query.appendlist(name, str(value))
        if self.sort is not Sort.RELEVANCE:
            query["sort"] = self.sort.value
        if self.size != DEFAULT_SIZE:
            query["size"] = str(self.size)
        if page and self.page > 1:
            query["page"] = str(self.page)
        return query.urlencode()
