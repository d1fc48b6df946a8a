"""Questions that are already in the words of the engine: protocols ask by trees of their own."""

from lienthu.discovery.index import engine
from lienthu.search import SearchRequest, SearchResult
from lienthu.search.engine import MAX_DEPTH

__all__ = ["MAX_DEPTH", "ask"]


def ask(request: SearchRequest) -> SearchResult:
    """Put one question to the index of this installation."""
    return engine().search(request)
