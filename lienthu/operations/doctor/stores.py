"""The database, the index, the workers: parts that answer, or do not."""

import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.audit.queries import EntryFilter, find_entries, verify
from lienthu.kernel import clock
from lienthu.operations.backup.space import number_in_words
from lienthu.operations.doctor.findings import Finding
from lienthu.operations.policy import State
from lienthu.operations.queries.background import last_heartbeat, living_workers, queues
from lienthu.operations.queries.indexing import waiting_for_index
from lienthu.search import TantivyEngine
from lienthu.server.home import log_folder

LEAST_POSTGRESQL = 15
# Entries of the trail that are checked each time; `lienthu audit verify` checks all.
CHECKED_ENTRIES = 20_000
WARNING_LAG, WRONG_LAG = timedelta(seconds=30), timedelta(minutes=10)
WARNING_SKEW, WRONG_SKEW = timedelta(seconds=5), timedelta(minutes=2)


def database() -> Finding:
    """Does it answer, is it new enough, and does it have the tables of this version?"""
    label = _("Cơ sở dữ liệu")
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Finding(
            name="database",
            label=label,
            state=State.WRONG,
            sentence=_("Không kết nối được: %(reason)s") % {"reason": str(error).strip().splitlines()[0]},
            cure=_("Kiểm tra DATABASE_URL và máy chủ PostgreSQL.")
            if "DATABASE_URL" in os.environ
            else _("Chạy: lienthu serve --home %(home)s") % {"home": settings.HOME},
        )
    version = connection.connection.info.server_version
    words = f"{version // 10000}.{version % 10000}"
    if version // 10000 < LEAST_POSTGRESQL:
        return Finding(
            name="database",
            label=label,
            state=State.WRONG,
            sentence=_("PostgreSQL %(version)s quá cũ.") % {"version": words},
            cure=_("Nâng lên PostgreSQL %(least)d trở lên.") % {"least": LEAST_POSTGRESQL},
        )
    missing = [f"{app}.{name}" for (app, name), _applied in _plan()]
    if missing:
        return Finding(
            name="database",
            label=label,
            state=State.WRONG,
            sentence=ngettext(
                "Còn %(count)d thay đổi bảng chưa áp dụng (%(first)s…).",
                "Còn %(count)d thay đổi bảng chưa áp dụng (%(first)s…).",
                len(missing),
            )
            % {"count": len(missing), "first": missing[0]},
            cure=_("Chạy: lienthu manage migrate, hoặc khởi động lại lienthu serve."),
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return Finding(
        name="database",
        label=label,
        state=State.OK,
        sentence=_("PostgreSQL %(version)s trả lời; các bảng đúng phiên bản.") % {"version": words},
        facts={"version": words, "bytes": size},
    )


def _plan() -> list[tuple[tuple[str, str], bool]]:
    """Migrations that are still to be applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [((migration.app_label, migration.name), backwards) for migration, backwards in plan]


def clocks() -> Finding:
    """Two clocks that disagree make wrong due dates and a trail that nobody can follow."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = abs(cursor.fetchone()[0] - clock.now())
    state = State.WRONG if skew > WRONG_SKEW else State.WARNING if skew > WARNING_SKEW else State.OK
    return Finding(
        name="clock",
        label=_("Đồng hồ"),
        state=state,
        sentence=_("Lệch %(seconds)s giây so với máy chủ cơ sở dữ liệu.")
        % {"seconds": formats.number_format(skew.total_seconds(), decimal_pos=1)},
        cure="" if state == State.OK else _("Bật đồng bộ giờ (NTP) trên cả hai máy, ví dụ: timedatectl set-ntp true."),
        facts={"skew_seconds": skew.total_seconds()},
    )


def trail() -> Finding:
    """The end of the chain; the whole of it is for `lienthu audit verify`."""
    newest = find_entries(EntryFilter()).values_list("seq", flat=True).first() or 0
    outcome = verify(max(1, newest - CHECKED_ENTRIES))
    return Finding(
        name="audit",
        label=_("Nhật ký"),
        state=State.OK if outcome.ok else State.WRONG,
        sentence=_("%(count)s mục cuối cùng nguyên vẹn.") % {"count": number_in_words(outcome.checked)}
        if outcome.ok
        else outcome.message,
        cure=""
        if outcome.ok
        else _("Giữ nguyên hệ thống, báo người phụ trách an toàn thông tin, so với bản sao lưu và các mốc neo."),
        facts={"checked": outcome.checked, "head": outcome.head},
    )


def index() -> Finding:
    """Is there an index of this version, and how far is it behind the database?"""
    label = _("Chỉ mục tìm kiếm")
    stats = TantivyEngine(Path(settings.INDEX_ROOT)).stats()
    waiting = waiting_for_index()
    facts = {"records": stats.records, "bytes": stats.bytes, "schema": stats.schema_version, "waiting": waiting.count}
    if stats.needs_rebuild:
        return Finding(
            name="index",
            label=label,
            state=State.WRONG if waiting.records else State.WARNING,
            sentence=_("Chưa có chỉ mục hoàn chỉnh của phiên bản này."),
            cure=_("Tiến trình lập chỉ mục tự dựng khi lienthu serve chạy; hoặc chạy: lienthu index rebuild."),
            facts=facts,
        )
    state = State.WRONG if waiting.age > WRONG_LAG else State.WARNING if waiting.age > WARNING_LAG else State.OK
    sentence = _("%(records)s biểu ghi tìm được; %(waiting)s thay đổi đang chờ.") % {
        "records": number_in_words(stats.records),
        "waiting": number_in_words(waiting.count),
    }
    if state != State.OK:
        sentence += " " + _("Thay đổi cũ nhất đã chờ %(seconds)d giây.") % {"seconds": waiting.age.total_seconds()}
    return Finding(
        name="index",
        label=label,
        state=state,
        sentence=sentence,
        cure=""
        if state == State.OK
        else _("Xem %(log)s; khởi động lại lienthu serve nếu tiến trình lập chỉ mục đã dừng.")
        % {"log": log_folder(Path(settings.HOME)) / "indexer.log"},
        facts=facts,
    )


def workers() -> Finding:
    """Does anybody do the work in the background?"""
    label = _("Việc nền")
    living, all_queues = living_workers(), queues()
    waiting, failed = sum(one.waiting for one in all_queues), sum(one.failed for one in all_queues)
    facts = {"workers": living, "waiting": waiting, "failed": failed}
    if not living:
        last = last_heartbeat()
        return Finding(
            name="workers",
            label=label,
            state=State.WRONG,
            sentence=_("Không có tiến trình nào làm việc nền; %(count)d việc đang chờ.") % {"count": waiting},
            cure=_("Khởi động lại lienthu serve; xem %(log)s.") % {"log": log_folder(Path(settings.HOME)) / "jobs.log"},
            facts={**facts, "last_heartbeat": last.isoformat() if last else ""},
        )
    return Finding(
        name="workers",
        label=label,
        state=State.WARNING if failed else State.OK,
        sentence=_("%(living)d tiến trình đang làm; %(waiting)d việc chờ, %(failed)d việc hỏng.")
        % {"living": living, "waiting": waiting, "failed": failed},
        cure=_("Xem các việc hỏng ở trang Tình trạng hệ thống và cho chạy lại.") if failed else "",
        facts=facts,
    )
