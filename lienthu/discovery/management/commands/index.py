"""`lienthu index rebuild | status | drain`: the search index for those who run the product."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lienthu.discovery.index import engine
from lienthu.discovery.indexing import Draining, drain_if_alone, pending, rebuild
from lienthu.kernel.terminal import ProgressLine
from lienthu.search import WriterBusy

_WAIT_SECONDS = 0.5


class Command(BaseCommand):
    """Where an indexer runs, it does the rebuilding; else this command does it itself."""

    help = "The search index: rebuild it behind live search, show its state, or index what waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["rebuild", "status", "drain"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        {"rebuild": self._rebuild, "status": self._status, "drain": self._drain}[what]()

    def _rebuild(self) -> None:
        began = time.monotonic()
        try:
            writer = engine().writer()
        except WriterBusy:
            self._ask_the_indexer()
        else:
            progress = _Progress(self.stderr)
            with writer:
                rebuild(writer, progress=progress)
                Draining(writer).all()
            progress.end()
        stats = engine().stats()
        seconds = f"{time.monotonic() - began:.1f}".replace(".", ",")
        self.stdout.write(
            _("Chỉ mục mới có %(records)d biểu ghi, dựng trong %(seconds)s giây.")
            % {"records": stats.records, "seconds": seconds}
        )

    def _ask_the_indexer(self) -> None:
        """The running indexer holds the writing right; it rebuilds and this command waits for it."""
        old = engine().stats().generation
        engine().request_rebuild()
        self.stderr.write(_("Tiến trình lập chỉ mục đang chạy sẽ dựng lại; tiến độ ở nhật ký của nó. Đang chờ…"))
        while True:
            stats = engine().stats()
            if stats.generation != old and not stats.needs_rebuild:
                return
            time.sleep(_WAIT_SECONDS)

    def _status(self) -> None:
        stats = engine().stats()
        lines = [
            _("Thư mục: %(path)s") % {"path": engine().path},
            _("Biểu ghi trong chỉ mục: %(records)d") % {"records": stats.records},
            _("Dung lượng: %(size)d KB, %(segments)d đoạn, lược đồ số %(version)d")
            % {"size": stats.bytes // 1024, "segments": stats.segments, "version": stats.schema_version},
            _("Thay đổi chờ lập chỉ mục: %(count)d") % {"count": pending()},
            _("Cần dựng lại: có") if stats.needs_rebuild else _("Cần dựng lại: không"),
        ]
        self.stdout.write("\n".join(lines))
        if stats.needs_rebuild:
            raise CommandError(_("Chạy: lienthu index rebuild"), returncode=1)

    def _drain(self) -> None:
        if drain_if_alone():
            self.stdout.write(_("Đã lập chỉ mục mọi thay đổi."))
        else:
            self.stdout.write(_("Tiến trình lập chỉ mục đang chạy và sẽ làm việc này ngay."))


class _Progress:
    """Call it with records done and in all."""

    def __init__(self, stream: Any) -> None:
        self._line = ProgressLine(stream)

    def __call__(self, done: int, total: int) -> None:
        if not self._line.is_due():
            return
        rate = done / max(self._line.elapsed, 0.001)
        words = _("%(done)d/%(total)d biểu ghi, %(rate)d mỗi giây, còn %(left)d giây") % {
            "done": done,
            "total": total,
            "rate": rate,
            "left": (total - done) / max(rate, 1),
        }
        self._line.show(words, done=done, total=total)

    def end(self) -> None:
        """Leave the line of the bar."""
        self._line.end()
