"""The search index of this installation, for reading."""

from functools import cache
from pathlib import Path

from django.conf import settings

from lienthu.search import TantivyEngine

# A record must be found within a second of its commit; the indexer needs its part of that second too.
RELOAD_SECONDS = 0.4


def engine() -> TantivyEngine:
    """The engine over settings.INDEX_ROOT; one for the whole process."""
    return _engine(Path(settings.INDEX_ROOT))


@cache
def _engine(path: Path) -> TantivyEngine:
    return TantivyEngine(path, reload_seconds=RELOAD_SECONDS)
