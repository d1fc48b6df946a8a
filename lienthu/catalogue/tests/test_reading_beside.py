"""The file of a large import is read by a process of its own; what comes of it is what one process makes of it."""

import gzip
import io
from typing import Any, NoReturn

import pytest
from django.db import connection

from lienthu.catalogue.actions import beside
from lienthu.catalogue.actions.batches import commit_import, move, start_import
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.actions.planning import CHUNK_RECORDS
from lienthu.catalogue.actions.trial import check_import
from lienthu.catalogue.marc import Field
from lienthu.catalogue.marc.tests.old_files import isis, lc_records
from lienthu.catalogue.models import Batch, Item, MatchRecord, Revision, SourceRecord
from lienthu.catalogue.tests.conftest import Desk, make_desk, marc

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is large enough, and this process must not read."""

    def read_here(_reading: object) -> NoReturn:
        raise AssertionError("read in the process that writes")

    monkeypatch.setattr(beside, "WORTH_IT", 0)
    monkeypatch.setattr(beside, "chunks_of", read_here)


def _waiting(desk: Desk, content: bytes) -> Batch:
    return start_import(actor=desk.cataloguer, library=desk.main, source=io.BytesIO(content), file_name="tep")


def _imported(desk: Desk, content: bytes) -> Batch:
    batch = _waiting(desk, content)
    commit_import(actor=desk.cataloguer, batch=batch, in_background=False)
    return run_import(actor=desk.system, batch=batch)


def _tried(desk: Desk, content: bytes) -> Batch:
    batch = _waiting(desk, content)
    move(batch, "CHECKING")
    return check_import(actor=desk.system, batch=batch)


def _shelves(note: str = "") -> bytes:
    """More than one chunk: copies, a record stated twice, one without a title, one that is cut in the middle."""
    copy = Field("852", "", "  ", [("c", "Kho mở"), ("h", "895.922")])
    same = Field("100", "", "0 ", [("a", "Nguyễn Minh Châu")]), Field("520", "", "  ", [("a", note)])
    records = [
        marc(f"b{n}", f"Nhan đề số {n % 700}", *same, Field("852", "", "  ", [*copy.subfields, ("p", f"T.{n}")]))
        for n in range(CHUNK_RECORDS + 40)
    ]
    return b"".join([*records, marc("b7", "Nhan đề số 7 khác"), marc("b8000", ""), records[0][:60] + b"\x1d"])


def _state() -> list[Any]:
    """What an import leaves behind, without the numbers that sequences give."""
    batch = Batch.objects.get()
    records = SourceRecord.objects.order_by("control_number")
    return [
        batch.status, batch.counts, batch.format, batch.encoding, batch.done_offset, batch.done_number,
        list(batch.rejections.order_by("number").values_list("number", "offset", "code", "raw")),
        list(records.values_list("control_number", "digest", "cluster__summary", "cluster__work_key")),
        [sorted(c.records.values_list("control_number", flat=True)) for c in {r.cluster for r in records}],
        list(Revision.objects.order_by("record__control_number", "number").values_list("original", "content")),
        list(MatchRecord.objects.order_by("record__control_number").values_list("evidence", "keys")),
        list(Item.objects.order_by("accession_number").values_list("accession_number", "call_number", "shelf")),
    ]  # fmt: skip


def _comparable(state: list[Any]) -> list[Any]:
    return [sorted(part) if part and isinstance(part, list) and isinstance(part[0], list) else part for part in state]


@pytest.mark.parametrize("old", [False, True], ids=["utf-8", "tcvn3"])
def test_a_large_file_read_beside_leaves_the_same_database(request: pytest.FixtureRequest, old: bool) -> None:
    content = b"".join(isis(record, "tcvn3") for record in lc_records()[:40]) if old else _shelves()
    desk = make_desk()
    _imported(desk, content)
    alone = _comparable(_state())
    connection.cursor().execute("TRUNCATE catalogue_batch, catalogue_cluster, catalogue_heading CASCADE")
    request.getfixturevalue("elsewhere")
    _imported(desk, content)
    assert _comparable(_state()) == alone
    assert alone[3 if old else 0] == ("tcvn3" if old else "DONE")
    assert alone[1]["created"] == (40 if old else CHUNK_RECORDS + 40)


def test_the_trial_of_a_large_file_read_beside_reports_the_same(request: pytest.FixtureRequest) -> None:
    desk = make_desk()
    content = b"".join(isis(record, "tcvn3") for record in lc_records()[:40])
    alone = _tried(desk, content).dry_run
    request.getfixturevalue("elsewhere")
    batch = _tried(desk, content)
    assert batch.dry_run == alone and batch.encoding == "tcvn3"
    assert batch.dry_run["encodings"] == {"tcvn3": 40}


def test_an_import_whose_reader_dies_goes_on_later(monkeypatch: pytest.MonkeyPatch, elsewhere: None) -> None:
    desk = make_desk()
    with monkeypatch.context() as broken:
        broken.setattr(beside, "COMMAND", "version")
        with pytest.raises(beside.ReaderLost):
            _imported(desk, _shelves())
    batch = Batch.objects.get()
    assert (batch.status, SourceRecord.objects.count()) == ("RUNNING", 0)
    run_import(actor=desk.system, batch=batch)
    batch.refresh_from_db()
    assert (batch.status, batch.counts["created"]) == ("DONE", CHUNK_RECORDS + 40)


def test_an_archive_that_breaks_off_is_told_by_the_reader_beside(elsewhere: None) -> None:
    packed = gzip.compress(_shelves("Tóm tắt " * 400), compresslevel=0)
    batch = _imported(make_desk(), packed[: len(packed) * 3 // 4])
    last = batch.rejections.order_by("number").last()
    assert batch.status == "DONE" and 0 < batch.counts["created"] < CHUNK_RECORDS + 40
    assert last is not None and last.code == "archive_broken"
