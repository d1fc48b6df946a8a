import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lienthu.search import generations, schema
from lienthu.search.engine import SearchRequest, WriterBusy
from lienthu.search.schema import Document
from lienthu.search.tantivy_engine import TantivyEngine
from lienthu.search.tests.conftest import filled
from lienthu.search.tests.records import works

WRITER = """
import sys, time
from pathlib import Path
from lienthu.search.schema import Document
from lienthu.search.tantivy_engine import TantivyEngine

writer = TantivyEngine(Path(sys.argv[1])).writer()
writer.upsert(Document(id=number, title=f"đã ghi {number}") for number in range(1, 101))
writer.commit()
print("committed", flush=True)
writer.upsert(Document(id=number, title="chưa ghi") for number in range(50, 5_000))
print("pending", flush=True)
sys.stdin.readline()
writer.commit()
print("committed again", flush=True)
time.sleep(60)
"""


def other_process(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def hear(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout
    assert process.stdout.readline().strip() == word


def total(engine: TantivyEngine, query: str) -> int:
    return engine.search(SearchRequest(query=query)).total


def test_a_commit_of_another_process_is_seen_within_a_second(tmp_path):
    engine = TantivyEngine(tmp_path)
    assert engine.count() == 0
    process = other_process(tmp_path)
    try:
        hear(process, "committed")
        seen_by = time.monotonic() + 1.2
        while total(engine, "đã ghi") != 100:
            assert time.monotonic() < seen_by
            time.sleep(0.05)
        hear(process, "pending")
        engine.refresh()
        assert total(engine, "chưa ghi") == 0
        with pytest.raises(WriterBusy):
            engine.writer()
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
        hear(process, "committed again")
        engine.refresh()
        assert total(engine, "chưa ghi") == 4_950
        assert engine.count() == 4_999
    finally:
        process.kill()
        process.wait()


def test_a_killed_writer_loses_only_what_it_had_not_committed(tmp_path):
    process = other_process(tmp_path)
    hear(process, "committed")
    hear(process, "pending")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    engine = TantivyEngine(tmp_path)
    assert (total(engine, "đã ghi"), total(engine, "chưa ghi"), engine.count()) == (100, 0, 100)
    with engine.writer() as writer:
        writer.upsert([Document(id=1, title="sửa lại")])
        writer.commit()
    engine.refresh()
    assert (total(engine, "đã ghi"), total(engine, "sửa lại"), engine.count()) == (99, 1, 100)


def test_upsert_replaces_and_delete_removes(tmp_path):
    engine = filled(tmp_path, works())
    before = engine.count()
    with engine.writer() as writer:
        assert writer.upsert([Document(id=1, title="Đoạn trường tân thanh")]) == 1
        assert writer.delete([2, 999]) == 2
        writer.commit()
        assert engine.count() == before - 1
        assert total(engine, 'nhan đề:"truyện kiều" nguyễn') == 0
        assert engine.search(SearchRequest(query="đoạn trường tân thanh")).ids == (1,)
        writer.upsert([Document(id=3, title="bị bỏ")])
        writer.rollback()
        writer.commit()
    assert total(engine, "bị bỏ") == 0
    assert total(engine, "dế mèn") == 1


def test_an_index_of_another_version_is_not_read_and_asks_for_a_rebuild(tmp_path, monkeypatch):
    engine = filled(tmp_path, works())
    assert not engine.stats().needs_rebuild
    monkeypatch.setattr(generations, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    newer = TantivyEngine(tmp_path)
    assert total(newer, "tắt đèn") == 0
    assert newer.stats().needs_rebuild
    with newer.writer() as writer:
        assert writer.needs_rebuild
        rebuild = writer.start_rebuild()
        rebuild.add(works())
        rebuild.finish()
        assert not writer.needs_rebuild
    newer.refresh()
    assert total(newer, "tắt đèn") == 1
    assert len(generations.others(tmp_path, set())) == 1 + 1


def test_a_damaged_index_is_answered_emptily_and_replaced(tmp_path):
    engine = filled(tmp_path, works())
    folder = tmp_path / engine.stats().generation
    (folder / "meta.json").write_text("{broken")
    damaged = TantivyEngine(tmp_path)
    assert total(damaged, "tắt đèn") == 0
    assert damaged.stats().needs_rebuild
    with damaged.writer() as writer:
        assert writer.needs_rebuild
        rebuild = writer.start_rebuild()
        rebuild.add(works())
        rebuild.finish()
    damaged.refresh()
    assert total(damaged, "tắt đèn") == 1


def test_a_rebuild_goes_on_behind_live_search_and_keeps_live_writes(tmp_path):
    engine = filled(tmp_path, works())
    old = engine.stats().generation
    with engine.writer() as writer:
        rebuild = writer.start_rebuild()
        stream = works()
        rebuild.add(stream[:10])
        writer.upsert([Document(id=1, title="Kim Vân Kiều mới"), Document(id=500, title="Sách mới nhập")])
        writer.delete([2])
        writer.commit()
        assert total(engine, "sách mới nhập") == 1
        assert total(engine, "đất rừng phương nam") == 0
        rebuild.add(stream[10:20])
        writer.upsert([Document(id=30, title="Sửa trong khi dựng lại")])
        rebuild.add(stream[20:])
        assert engine.stats().generation == old
        rebuild.finish()
        assert engine.stats().generation != old
        for query, found in (
            ("kim vân kiều mới", 1),
            ("sách mới nhập", 1),
            ("đất rừng phương nam", 0),
            ("sửa trong khi dựng lại", 1),
            ("khảo cứu", 0),
            ("tắt đèn", 1),
        ):
            assert total(engine, query) == found, query
        assert engine.count() == len(stream)
        writer.upsert([Document(id=501, title="Sau khi dựng lại")])
        writer.commit()
        engine.refresh()
        assert total(engine, "sau khi dựng lại") == 1


def test_searches_never_fail_while_indexes_are_rebuilt(tmp_path):
    engine = filled(tmp_path, works())
    stop = threading.Event()
    seen: list[int] = []

    def keep_searching() -> None:
        while not stop.is_set():
            seen.append(total(engine, "nam cao"))

    searching = [threading.Thread(target=keep_searching) for _ in range(2)]
    for thread in searching:
        thread.start()
    for _ in range(5):
        with engine.writer() as writer:
            rebuild = writer.start_rebuild()
            rebuild.add(works())
            rebuild.finish()
    stop.set()
    for thread in searching:
        thread.join()
    assert set(seen) == {2}


def test_an_abandoned_or_killed_rebuild_leaves_the_index_in_use_alone(tmp_path):
    engine = filled(tmp_path, works())
    kept = engine.stats().generation
    with engine.writer() as writer:
        rebuild = writer.start_rebuild()
        rebuild.add(works()[:3])
        rebuild.abandon()
        assert generations.others(tmp_path, {kept}) == []
    leftover = generations.create(tmp_path)
    with engine.writer():
        assert leftover not in generations.others(tmp_path, set())
    assert engine.stats().generation == kept
    assert total(engine, "nam cao") == 2


def test_a_rebuild_can_be_asked_for_from_outside(tmp_path):
    engine = filled(tmp_path, works())
    with engine.writer() as writer:
        assert not writer.needs_rebuild
        TantivyEngine(tmp_path).request_rebuild()
        assert writer.needs_rebuild
        rebuild = writer.start_rebuild()
        rebuild.add(works())
        rebuild.finish()
        assert not writer.needs_rebuild


def search_in_child(engine: TantivyEngine, answers) -> None:  # pragma: no cover
    answers.put(total(engine, "nam cao"))


def test_an_engine_used_before_a_fork_works_in_the_child(shelf: TantivyEngine):
    assert total(shelf, "nam cao") == 2
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=search_in_child, args=(shelf, answers))
    child.start()
    assert answers.get(timeout=20) == 2
    child.join()
