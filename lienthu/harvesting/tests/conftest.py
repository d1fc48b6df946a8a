"""What the tests of harvesting share: a library, its people, a repository to harvest, and ways to run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import override_settings

from lienthu.catalogue.models import SourceRecord
from lienthu.harvesting.actions.runs import start_run
from lienthu.harvesting.actions.working import work_on
from lienthu.harvesting.models import Run, Source
from lienthu.harvesting.tests.repository import Repository, serving
from lienthu.identity.access import Actor, system_actor
from lienthu.kernel import clock
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import Person, library, person

SYSTEM = system_actor("tests")


@dataclass(frozen=True)
class Cast:
    """A library that is fed, another one, and the people around them."""

    main: Library
    other: Library
    manager: Person
    stranger: Person
    cataloguer: Person


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path) -> Iterator[None]:
    with override_settings(DOCUMENTS_ROOT=tmp_path / "documents", INDEX_ROOT=tmp_path / "index", HOME=tmp_path):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    main, other = library("VN-T-TINH", "Thư viện tỉnh", "PROVINCIAL"), library("VN-T-KHAC", "Thư viện khác")
    return Cast(
        main=main,
        other=other,
        manager=person("phutrach", "LIBRARY_MANAGER", main.scope),
        stranger=person("phutrachkhac", "LIBRARY_MANAGER", other.scope),
        cataloguer=person("bienmuc", "CATALOGUER", main.scope),
    )


@pytest.fixture
def repository(settings: Any) -> Iterator[Repository]:
    """A repository with seven books, three to a page, that this machine may reach."""
    with serving(Repository()) as served:
        settings.ALLOW_PRIVATE_FETCH = [urlsplit(served.url).netloc]
        for number in range(1, 8):
            served.put(f"k{number}", f"Sách số {number}")
        yield served


@pytest.fixture
def source(cast: Cast, repository: Repository) -> Source:
    return Source.objects.create(name="Kho thử", library=cast.main, base_url=repository.url, prefix="marcxml")


Harvester = Callable[..., Run]


@pytest.fixture
def harvest() -> Harvester:
    """Run a source to its end, waking it whenever it sleeps; `naps` bounds how often."""

    def run(source: Source, *, actor: Actor = SYSTEM, naps: int = 20, **more: Any) -> Run:
        source = Source.objects.select_related("library__scope").get(pk=source.pk)
        started = start_run(actor=actor, source=source, in_background=False, **more)
        done = work_on(started.pk)
        at = clock.now()
        while done.state in ("WAITING", "COLLECTING", "WORKING") and naps:
            naps -= 1
            at = max(at, done.resume_at or at) + timedelta(seconds=1)
            with clock.frozen(at):
                done = work_on(started.pk)
        return done

    return run


def titles(of: Library) -> dict[str, str]:
    """Control number -> title of the active records of a library."""
    rows = SourceRecord.objects.filter(library=of, status="ACTIVE").order_by("control_number")
    return dict(rows.values_list("control_number", "cluster__title"))
