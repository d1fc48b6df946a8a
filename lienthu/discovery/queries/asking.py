"""Questions that are already in the words of the engine: protocols ask by trees of their own."""

from lienthu.discovery.index import engine
from lienthu.search import SearchRequest, SearchResult
from lienthu.search.engine import MAX_DEPTH

__all__ = ["MAX_DEPTH", "ask", "ask_for_all"]


def ask(request: SearchRequest) -> SearchResult:
    """Put one question to the index of this installation."""
    return engine().search(request)


def ask_for_all(query: str, *, limit: int) -> tuple[tuple[int, ...], int]:
    """The ids of everything that a query finds, at most so many, and how many there are."""
    return engine().every(query, limit=limit)
