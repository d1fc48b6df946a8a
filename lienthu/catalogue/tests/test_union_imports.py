"""Imports that join what is there: the trial, the revert, two at once, matching afterwards."""

import io
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from lienthu.catalogue.actions.batches import commit_import, move, request_revert, start_import
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.actions.merging import merge_clusters
from lienthu.catalogue.actions.rematching import rematch
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.actions.trial import check_import
from lienthu.catalogue.models import (
    Batch,
    Cluster,
    HeadingLink,
    Identifier,
    Item,
    MatchKey,
    MatchRecord,
    Merge,
    ReviewPair,
    SourceRecord,
    Work,
)
from lienthu.catalogue.tests.conftest import Desk, Importer, make_desk
from lienthu.catalogue.tests.factories import field
from lienthu.catalogue.tests.test_union import at_other, book, clusters, copy, sound

ISBN = field("020", "  ", ("a", "9786041000001"))


def _start(desk: Desk, data: bytes, *, at: Any = None) -> Batch:
    return start_import(actor=desk.system, library=at or desk.main, source=io.BytesIO(data), file_name="tep.mrc")


def test_the_trial_tells_what_would_join_and_writes_nothing(desk: Desk, take: Importer) -> None:
    take(book("a1"))
    before = _everything()
    # one joins what is there, two come together inside the file, chunks apart
    data = (
        book("b1")
        + book("b2", "Cỏ lau")
        + b"".join(book(f"c{n}", f"Sách số {n}") for n in range(1100))
        + book("b3", "Cỏ lau")
    )
    batch = _start(desk, data, at=desk.other)
    move(batch, "CHECKING")
    report = check_import(actor=desk.system, batch=batch).dry_run
    assert report is not None
    assert (report["counts"]["created"], report["counts"]["merged"]) == (1103, 2)
    assert [(one["title"], one["with_title"]) for one in report["merging"]] == [("Bến quê", "Bến quê"), ("Cỏ lau", "")]
    assert _everything() == before
    commit_import(actor=desk.system, batch=batch, in_background=False)
    assert run_import(actor=desk.system, batch=batch).counts["merged"] == 2
    sound()


def _everything() -> dict[str, object]:
    """All tables that say what the catalogue holds, without ids that sequences give, times and history."""
    shown = Cluster.objects.filter(is_active=True).order_by("title_sort", "pk")
    active = SourceRecord.objects.filter(status="ACTIVE").order_by("library", "control_number")
    return {
        "clusters": list(shown.values("pk", "title", "title_sort", "summary", "provenance", "visibility", "work_key")),
        "works": [(c.pk, c.work.title if c.work else None) for c in shown.select_related("work")],
        "all works": list(Work.objects.values_list("key", "title")),
        "records": list(active.values("pk", "control_number", "cluster", "digest")),
        "items": list(
            Item.objects.order_by("library", "accession_number").values("record", "accession_number", "shelf")
        ),
        "headings": sorted(HeadingLink.objects.values_list("heading__text", "record", "tag")),
        "identifiers": sorted(Identifier.objects.values_list("kind", "value", "record")),
        "evidence": [(m.record_id, bytes(m.evidence)) for m in MatchRecord.objects.order_by("record")],
        "keys": sorted(MatchKey.objects.values_list("key", "record")),
        "pairs": sorted(ReviewPair.objects.values_list("left", "right", "state")),
    }


def test_an_import_that_joined_and_moved_records_is_reverted_to_an_equal_database(desk: Desk, take: Importer) -> None:
    take(book("a1", "Bến quê", ISBN, copy("VN-T-TINH", "TQ.1")) + book("a2", "Cỏ lau") + book("a3", "Số phận"))
    at_other(desk, take, book("b2", "Cỏ lau", copy("VN-T-KHAC", "HY.1")) + book("b9", "Bến sông"))
    before = _everything()
    batch = at_other(
        desk,
        take,
        # new and joins; known and leaves its union record; known, was alone and joins; new alone, same work as another
        book("b1", "Bến quê", ISBN, copy("VN-T-KHAC", "HY.2"))
        + book("b2", "Mảnh đất tình yêu", copy("VN-T-KHAC", "HY.1", "Kho đọc"))
        + book("b9", "Số phận")
        + book("b10", "Số phận", year=1999),
    )
    assert batch.counts["merged"] == 2
    assert Merge.objects.filter(batch=batch).count() == 3 and _everything() != before
    sound()
    request_revert(actor=desk.other_cataloguer, batch=batch, in_background=False)
    revert_import(actor=desk.other_cataloguer, batch=batch)
    after = _everything()
    for name, rows in before.items():
        if name == "records":
            continue
        assert after[name] == rows, name
    assert [(r["control_number"], r["cluster"]) for r in after["records"]] == [  # type: ignore[attr-defined]
        (r["control_number"], r["cluster"])
        for r in before["records"]  # type: ignore[attr-defined]
    ]
    assert not Merge.objects.filter(batch=batch, undone_at=None).exists()
    sound()


def test_reverting_leaves_a_merge_by_hand_that_came_since(desk: Desk, take: Importer) -> None:
    take(book("a1") + book("a2", "Cỏ lau"))
    batch = at_other(desk, take, book("b1"))
    keep, absorb = Cluster.objects.order_by("pk").values_list("pk", flat=True)
    merge_clusters(actor=desk.cataloguer, keep=keep, absorb=absorb)
    request_revert(actor=desk.other_cataloguer, batch=batch, in_background=False)
    revert_import(actor=desk.other_cataloguer, batch=batch)
    assert [len(records) for _, records in clusters()] == [2]
    sound()


def _run_at_once(desk: Desk, batches: list[Batch]) -> list[BaseException]:
    """Run imports in threads of their own; what they died of."""
    failures: list[BaseException] = []

    def run(batch: Batch) -> None:
        try:
            run_import(actor=desk.system, batch=Batch.objects.get(pk=batch.pk))
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_book_at_the_same_moment_give_one_union_record() -> None:
    desk = make_desk()
    batches = []
    for library in (desk.main, desk.other):
        data = b"".join(book(f"x{n}", f"Sách số {n}") for n in range(300))
        batch = _start(desk, data, at=library)
        commit_import(actor=desk.system, batch=batch, in_background=False)
        batches.append(batch)
    assert _run_at_once(desk, batches) == []
    assert SourceRecord.objects.count() == 600
    assert Cluster.objects.filter(is_active=True).count() == 300
    assert sum(batch.counts["merged"] for batch in Batch.objects.all()) == 300
    sound()


@pytest.mark.parametrize("matching", ["on", "later"])
@pytest.mark.django_db(transaction=True)
def test_one_file_imported_twice_at_the_same_moment_is_there_once(settings: Any, matching: str) -> None:
    settings.MATCHING = matching
    desk = make_desk()
    data = b"".join(book(f"x{n}", f"Sách số {n}") for n in range(2_500))
    batches = [_start(desk, data + book("x0", f"Sách số 0, lần {time}"), at=desk.main) for time in (1, 2)]
    for batch in batches:
        commit_import(actor=desk.system, batch=batch, in_background=False)
    assert _run_at_once(desk, batches) == []
    done = list(Batch.objects.order_by("pk"))
    assert [batch.status for batch in done] == ["DONE", "DONE"]
    assert SourceRecord.objects.count() == 2_500
    assert sum(batch.counts["created"] for batch in done) == 2_500
    sound()


@pytest.fixture
def later() -> Iterator[None]:
    with override_settings(MATCHING="later"):
        yield


def test_a_first_load_may_leave_matching_for_later(desk: Desk, take: Importer, later: None) -> None:
    batch = take(book("a1", "Bến quê", ISBN) + book("a2") + book("a3", "Cỏ lau"))
    at_other(desk, take, book("b1") + book("b3", "Cỏ lau"))
    assert batch.counts["merged"] == 0 and len(clusters()) == 5 and not MatchRecord.objects.exists()
    assert rematch(actor=desk.system) == (5, 3)
    assert [len(records) for _, records in clusters()] == [3, 2]
    assert rematch(actor=desk.system) == (0, 0)
    sound()


@pytest.mark.parametrize("way", ["on", "later"])
def test_matching_afterwards_gives_the_same_union_records_as_matching_on_the_way(
    desk: Desk, take: Importer, way: str
) -> None:
    titles = ["Bến quê", "Cỏ lau", "Số phận", "Bến quê", "Cỏ lau", "Bền quê"]
    data = b"".join(book(f"a{n}", title) for n, title in enumerate(titles))
    with override_settings(MATCHING=way):
        take(data)
        at_other(desk, take, data)
    rematch(actor=desk.system)
    found = {title: len(records) for title, records in clusters()}
    assert found == {"Bến quê": 4, "Cỏ lau": 4, "Số phận": 2, "Bền quê": 2}
    sound()
