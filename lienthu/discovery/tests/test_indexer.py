"""The indexer as a process of its own: quick, unhurt by kill -9, alone with the writing right."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from lienthu.catalogue.models import Cluster
from lienthu.catalogue.tests.factories import cluster, field, marc, take
from lienthu.discovery.actions import drain_if_alone, queue_copies
from lienthu.discovery.index import engine
from lienthu.discovery.indexing import CALM_SECONDS, Draining, pending, rebuild
from lienthu.discovery.models import PendingIndex
from lienthu.discovery.queries import count_of
from lienthu.libraries.tests.factories import library
from lienthu.search import TantivyWriter

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30.0


def _database_url() -> str:
    wanted = connection.settings_dict
    host = wanted["OPTIONS"].get("host") or wanted["HOST"]
    return f"postgresql://{wanted['USER']}@/{wanted['NAME']}?host={host}"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start an indexer over the database and the index of this test."""
    started: list[subprocess.Popen[bytes]] = []

    def run() -> subprocess.Popen[bytes]:
        # INDEX_ROOT is LIENTHU_HOME/index, which is where the test looks too.
        environment = {**os.environ, "DATABASE_URL": _database_url(), "LIENTHU_HOME": str(tmp_path)}
        environment["PGAPPNAME"] = "indexer of a test"
        command = [sys.executable, "-m", "django", "indexer", "--settings", "lienthu.config.settings"]
        with (tmp_path / "indexer.log").open("ab") as log:
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()
    # The server notices a killed client a moment later; the database could not be dropped before.
    _until(lambda: _other_sessions() == 0)


def _other_sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND application_name = 'indexer of a test'"
        )
        return int(cursor.fetchone()[0])


def _until(true: Callable[[], bool], *, seconds: float = PATIENCE) -> float:
    """Wait until it is true; how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - began


def _is_found(words: str) -> bool:
    return count_of(words) == 1


def _book(number: str, title: str) -> bytes:
    return marc(number, field("245", "10", ("a", title)))


def test_a_committed_record_is_found_within_a_second(start: Callable[[], subprocess.Popen[bytes]]) -> None:
    main = library("VN-T-TINH", "Thư viện tỉnh")
    take(main, _book("a", "Lục Vân Tiên"))
    start()
    _until(lambda: count_of("lục vân tiên") == 1)
    waits = []
    for number in range(3):
        take(main, _book(f"b{number}", f"Chinh phụ ngâm khúc thứ{number}"))
        waits.append(_until(partial(_is_found, f"thứ{number}"), seconds=5))
    assert sorted(waits)[1] < 1.0
    _until(lambda: pending() == 0)


def test_an_indexer_killed_at_any_moment_loses_nothing(start: Callable[[], subprocess.Popen[bytes]]) -> None:
    main = library("VN-T-TINH", "Thư viện tỉnh")
    process = start()
    _until(lambda: engine().stats().needs_rebuild is False)
    for part in range(4):
        take(main, *(_book(f"p{part}-{n}", f"Tập {part} số {n} khai thác") for n in range(60)))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process = start()
    _until(lambda: count_of("khai thác") == 240)
    _until(lambda: pending() == 0)
    assert engine().stats().records == 240


def test_a_second_indexer_waits_for_the_writing_right(start: Callable[[], subprocess.Popen[bytes]]) -> None:
    main = library("VN-T-TINH", "Thư viện tỉnh")
    with engine().writer():
        process = start()
        take(main, _book("a", "Cung oán ngâm khúc"))
        assert drain_if_alone() is False
        time.sleep(1.5)
        assert process.poll() is None and pending() > 0
    _until(lambda: count_of("cung oán") == 1)


def test_stopping_is_prompt_and_clean(start: Callable[[], subprocess.Popen[bytes]]) -> None:
    process = start()
    _until(lambda: engine().stats().needs_rebuild is False)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0


def test_a_lost_index_is_built_again_from_the_database() -> None:
    main = library("VN-T-TINH", "Thư viện tỉnh")
    take(main, _book("a", "Hoàng Lê nhất thống chí"), _book("b", "Thượng kinh ký sự"))
    assert drain_if_alone()
    root = Path(settings.INDEX_ROOT)
    for path in sorted(root.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert drain_if_alone()
    assert (engine().stats().records, count_of("kinh ký sự")) == (2, 1)


def test_an_import_that_waits_for_the_first_index_is_read_once() -> None:
    take(library("VN-T-TINH", "Thư viện tỉnh"), _book("a", "Hoàng Lê nhất thống chí"), _book("b", "Bình Ngô đại cáo"))
    ids = list(Cluster.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM discovery_pendingindex")
        # a row of an import: many records, most of which are gone by now
        cursor.execute(
            "INSERT INTO discovery_pendingindex (cluster_ids) VALUES (%s)", [[*ids, *range(900_000, 900_400)]]
        )
    indexed: list[int] = []
    with engine().writer() as writer, connection.execute_wrapper(partial(_note_reads, indexed)):
        rebuild(writer)
    assert sorted(indexed) == sorted(ids)
    assert (pending(), count_of("bình ngô"), engine().stats().records) == (0, 1, 2)


def _note_reads(indexed: list[int], execute: Callable[..., object], sql: str, params: list, *rest: object) -> object:
    """Notes which union records are read from the database as documents."""
    if "unnest" in sql and "catalogue_cluster" in sql:
        indexed += params[0]
    return execute(sql, params, *rest)


def test_changes_and_withdrawals_reach_the_index() -> None:
    main = library("VN-T-TINH", "Thư viện tỉnh")
    take(main, _book("a", "Tên cũ"), _book("b", "Sẽ rút"))
    assert drain_if_alone()
    take(main, _book("a", "Nhan đề mới"))
    gone = cluster("b")
    Cluster.objects.filter(pk=gone.pk).update(is_active=False)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO discovery_pendingindex (cluster_ids) VALUES (%s)", [[gone.pk, 999_999]])
    assert drain_if_alone()
    assert [count_of(words) for words in ("tên cũ", "nhan đề mới", "sẽ rút")] == [0, 1, 0]
    assert pending() == 0


def test_what_only_moved_copies_waits_some_seconds_and_is_taken_together() -> None:
    take(library("VN-T-TINH", "Thư viện tỉnh"), _book("a", "Thơ"), _book("b", "Truyện"))
    assert drain_if_alone()
    for name in "ab":
        queue_copies({"cluster_ids": [cluster(name).pk]}, 0)
    with engine().writer() as writer:
        assert Draining(writer).step() == 0
        assert PendingIndex.objects.count() == 2
        first = PendingIndex.objects.earliest("pk")
        first.at -= timedelta(seconds=CALM_SECONDS)
        first.save()
        draining = Draining(writer)
        assert draining.step() == 2
        assert draining.step() == 0
    assert not PendingIndex.objects.exists()


def test_the_queue_is_kept_when_the_engine_cannot_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    take(library("VN-T-TINH", "Thư viện tỉnh"), _book("a", "Vũ trung tùy bút"))

    def broken(writer: TantivyWriter) -> None:
        raise OSError("no space left on device")

    with engine().writer() as writer:
        writer.start_rebuild().finish()
    waiting = pending()
    monkeypatch.setattr(TantivyWriter, "commit", broken)
    with pytest.raises(OSError, match="no space"):
        drain_if_alone()
    assert pending() == waiting > 0
    monkeypatch.undo()
    assert drain_if_alone() and pending() == 0 and count_of("vũ trung") == 1


def test_rebuild_and_status_are_commands(capsys: pytest.CaptureFixture[str]) -> None:
    take(library("VN-T-TINH", "Thư viện tỉnh"), _book("a", "Quốc âm thi tập"))
    call_command("index", "rebuild")
    call_command("index", "status")
    told = capsys.readouterr().out
    assert "Chỉ mục mới có 1 biểu ghi" in told and "Cần dựng lại: không" in told
