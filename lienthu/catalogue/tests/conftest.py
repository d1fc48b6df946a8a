"""What the tests of the catalogue share: two libraries, people who may and may not import, a way to make files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from lienthu.catalogue.actions.batches import commit_import, start_import
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from lienthu.catalogue.models import Batch
from lienthu.identity.access import Actor, system_actor
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import library, person

LC = Path(__file__).resolve().parents[2] / "operations" / "demo" / "data" / "lc_vietnam"


@dataclass(frozen=True)
class Desk:
    """Two libraries and the cast around an import."""

    main: Library
    other: Library
    cataloguer: Actor
    librarian: Actor
    other_cataloguer: Actor
    system: Actor
    account: Any


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path) -> Iterator[None]:
    with override_settings(DOCUMENTS_ROOT=tmp_path / "documents", INDEX_ROOT=tmp_path / "index", HOME=tmp_path):
        yield


def make_desk() -> Desk:
    """Build the cast; for tests that cannot use the fixture because they leave transactions behind."""
    main, other = library("VN-T-TINH", "Thư viện tỉnh", "PROVINCIAL"), library("VN-T-KHAC", "Thư viện khác")
    cataloguer = person("bienmuc", "CATALOGUER", main.scope)
    return Desk(
        main=main,
        other=other,
        cataloguer=cataloguer.actor,
        librarian=person("thuthu", "LIBRARIAN", main.scope).actor,
        other_cataloguer=person("bienmuckhac", "CATALOGUER", other.scope).actor,
        system=system_actor("tests"),
        account=cataloguer.account,
    )


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def marc(number: str, title: str, *fields: Field, leader: str = "00000nam a2200000 a 4500") -> bytes:
    """One ISO 2709 record with a title."""
    control = [Field("001", number)] if number else []
    titles = [Field("245", "", "00", [("a", title)])] if title else []
    return build(Record(leader, [*control, *titles, *fields]))


Importer = Callable[..., Batch]


@pytest.fixture
def take(desk: Desk, tmp_path: Path) -> Importer:
    """Import bytes for the main library and return the finished import."""

    def run(
        data: bytes, *, name: str = "tep.mrc", actor: Actor | None = None, at: Library | None = None, **more: Any
    ) -> Batch:
        path = tmp_path / "incoming"
        path.write_bytes(data)
        by = actor or desk.cataloguer
        with path.open("rb") as source:
            batch = start_import(actor=by, library=at or desk.main, source=source, file_name=name, **more)
        commit_import(actor=by, batch=batch, in_background=False)
        return run_import(actor=by, batch=batch)

    return run
