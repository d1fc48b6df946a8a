"""Our own repository harvested by our own harvester: one library's set comes to another, changes and deletions too."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from lienthu.catalogue.actions.feeds import withdraw_numbers
from lienthu.catalogue.models import SourceRecord
from lienthu.catalogue.queries import record_of
from lienthu.catalogue.tests.factories import field, marc, take
from lienthu.harvesting.actions.sources import try_source
from lienthu.harvesting.models import Source
from lienthu.harvesting.tests.conftest import SYSTEM, Cast, Harvester, titles
from lienthu.protocols.oaipmh import handlers
from lienthu.protocols.oaipmh.actions import stamp_all_changes

pytestmark = pytest.mark.django_db(transaction=True)


def book(number: str, title: str, *more: Any) -> bytes:
    return marc(number, field("100", "1 ", ("a", "Nguyễn Minh Châu")), field("245", "10", ("a", title)), *more)


def test_a_set_of_ours_comes_whole_follows_changes_and_loses_what_is_withdrawn(
    cast: Cast, live_server: Any, harvest: Harvester, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(handlers, "RECORDS_IN_PAGE", 60)
    settings.ALLOW_PRIVATE_FETCH = [urlsplit(live_server.url).netloc]
    take(cast.main, *(book(f"a{n}", f"Tuyển tập truyện, quyển {n}") for n in range(1, 151)))
    stamp_all_changes()

    trial = try_source(actor=SYSTEM, base_url=f"{live_server.url}/oai")
    assert trial.problem == {} and trial.prefix == "marc21" and cast.main.code in {one.spec for one in trial.sets}
    source = Source.objects.create(
        name="Chính mình",
        library=cast.other,
        base_url=f"{live_server.url}/oai",
        prefix=trial.prefix,
        set_spec=cast.main.code,
        numbering="IDENTIFIER",
    )
    run = harvest(source)
    assert run.state == "DONE" and run.notes == [] and run.counts["records"] == 150 and run.counts["pages"] == 3
    assert sorted(titles(cast.other).values()) == sorted(titles(cast.main).values())

    take(cast.main, book("a7", "Tuyển tập truyện, quyển 7", field("520", "  ", ("a", "Có thêm lời giới thiệu."))))
    take(cast.main, book("b1", "Bến quê"))
    withdraw_numbers(actor=SYSTEM, library=cast.main, numbers=["a9"], reason="tests")
    stamp_all_changes()
    run = harvest(source)
    assert run.state == "DONE" and run.counts["withdrawn"] == 1
    assert sorted(titles(cast.other).values()) == sorted(titles(cast.main).values())
    changed = SourceRecord.objects.get(library=cast.other, revisions__number=2, status="ACTIVE")
    revision = changed.revisions.get(number=2)
    assert record_of(revision).subfields("520", "a") == ["Có thêm lời giới thiệu."]

    run = harvest(source, full=True)
    assert run.state == "DONE" and run.counts.get("missing", 0) == 0
    assert run.batch.counts["created"] == 0 and len(titles(cast.other)) == 150
