"""The port: what the rest of the product may ask of a search engine, whichever it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from lienthu.search.compiler import Tier
from lienthu.search.nodes import Node, Note
from lienthu.search.printer import canonical
from lienthu.search.schema import Document

MAX_DEPTH = 10_000
"""Results one can page to; further ones exist in `total` only, and `SearchResult.beyond_limit` says so."""
MAX_PAGE = 500
MAX_FACET_VALUES = 200


class Sort(StrEnum):
    """Orders of results. Records without the key come last in every order."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    YEAR_DESC = "year_desc"
    YEAR_ASC = "year_asc"
    TITLE = "title"


class Facet(StrEnum):
    """Groups of counts beside the results."""

    LIBRARY = "library"
    AVAILABLE = "available"
    """One value, `true`: copies that can be had now (at the chosen libraries, if any are chosen)."""
    TYPE = "type"
    LANGUAGE = "language"
    DECADE = "decade"
    """Values are first years of decades: `1990`."""
    SUBJECT = "subject"
    DIGITAL = "digital"
    """One value, `true`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Choices made beside the query. Values of one group add up (or), groups narrow (and)."""

    libraries: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    decades: tuple[int, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    available: bool = False
    digital: bool = False


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One question. `query` is what a reader typed, or a tree made by a protocol."""

    query: str | Node = ""
    filters: Filters = NO_FILTERS
    facets: tuple[Facet, ...] = ()
    facet_values: int = 20
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many results have this value."""

    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer. `total` is exact."""

    ids: tuple[int, ...]
    total: int
    took_ms: float
    facets: Mapping[Facet, tuple[FacetCount, ...]]
    node: Node
    notes: tuple[Note, ...] = ()
    beyond_limit: bool = False

    @property
    def understood(self) -> str:
        """The query as understood, in canonical form."""
        return canonical(self.node)


class Reason(StrEnum):
    """Why a record is among the results."""

    WHOLE_TITLE = "whole_title"
    TOGETHER_IN_TITLE = "together_in_title"
    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"
    PUBLISHER = "publisher"
    SERIES = "series"
    ELSEWHERE = "elsewhere"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Why:
    """The plain reasons for one result."""

    tier: Tier
    """Marks as typed, letters without tone, or plain letters."""
    reasons: tuple[tuple[Reason, tuple[str, ...]], ...]
    """Where which of the typed words stand, the weightiest place first."""


class SuggestionKind(StrEnum):
    """What a suggestion while typing is."""

    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line under the search box; `id` is the record when only one is meant."""

    kind: SuggestionKind
    text: str
    id: int | None = None


class CorrectionKind(StrEnum):
    """What was amiss with a query that found little."""

    KEYSTROKES = "keystrokes"
    """Typed with the Vietnamese keyboard off: `truyeenj kieeuf`."""
    SOUND = "sound"
    """Written as it is pronounced somewhere: `chuyen kieu`, `nguyen zu`."""
    SPELLING = "spelling"
    SPACING = "spacing"
    """Words run together or torn apart."""
    FEWER_WORDS = "fewer_words"


@dataclass(frozen=True, slots=True)
class Correction:
    """Another query and how many records it finds."""

    kind: CorrectionKind
    query: str
    total: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The state of an index."""

    records: int
    segments: int
    bytes: int
    generation: str
    schema_version: int
    needs_rebuild: bool


class WriterBusy(Exception):
    """Another process is writing this index."""


class Writer(Protocol):
    """The one that may change an index."""

    def upsert(self, documents: Iterable[Document]) -> int: ...

    def delete(self, ids: Iterable[int]) -> int: ...

    def commit(self) -> None: ...

    def close(self) -> None: ...


class SearchEngine(Protocol):
    """What the product needs of a search engine."""

    def search(self, request: SearchRequest) -> SearchResult: ...

    def every(self, query: str, *, limit: int) -> tuple[tuple[int, ...], int]: ...

    def suggest(self, typed: str, *, limit: int = 8) -> list[Suggestion]: ...

    def did_you_mean(self, query: str, *, limit: int = 3) -> list[Correction]: ...

    def more_like(self, id: int, *, limit: int = 6) -> list[int]: ...

    def why(self, id: int, query: str | Node) -> Why | None: ...

    def edition(self) -> object: ...

    def count(self) -> int: ...

    def stats(self) -> Stats: ...

    def writer(self) -> Writer: ...
