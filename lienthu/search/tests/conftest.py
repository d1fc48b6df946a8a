from collections.abc import Iterable
from pathlib import Path

import pytest

from lienthu.search.schema import Document
from lienthu.search.tantivy_engine import TantivyEngine
from lienthu.search.tests.records import loc_records, works
from lienthu.testing import shared_data


def filled(path: Path, documents: Iterable[Document]) -> TantivyEngine:
    """An engine whose index holds these documents."""
    engine = TantivyEngine(path, reload_seconds=0)
    with engine.writer() as writer:
        rebuild = writer.start_rebuild()
        rebuild.add(documents)
        rebuild.finish()
    return engine


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> TantivyEngine:
    """The well-known works; read only."""
    return filled(tmp_path_factory.mktemp("shelf"), works())


@pytest.fixture(scope="session")
def loc(tmp_path_factory: pytest.TempPathFactory) -> TantivyEngine:
    """The well-known works among Library of Congress records on Vietnam; read only."""
    records = loc_records(shared_data("ship/marc/lc_vietnam"))
    return filled(tmp_path_factory.mktemp("loc"), [*works(), *records])
