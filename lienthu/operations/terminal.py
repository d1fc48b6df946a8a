"""Progress of backups and restores in words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lienthu.kernel.terminal import ProgressLine
from lienthu.operations.backup.space import size_in_words
from lienthu.operations.models import Phase

# Phases that count tables; the others count bytes.
_COUNTED = {"COUNTING", "COMPARING"}


class PhaseProgress:
    """Call it with (phase, done, total) as the work goes on."""

    def __init__(self, stream: Any) -> None:
        self._line = ProgressLine(stream)

    def __call__(self, phase: str, done: int, total: int) -> None:
        if self._line.is_due(str(phase_label(phase))):
            self._line.show(_words(phase, done, total, self._line.elapsed), done=done, total=total)

    def end(self) -> None:
        """Leave the line of the bar."""
        self._line.end()


class LoadProgress:
    """What a long loading of records has done so far."""

    def __init__(self, stream: Any, name: str) -> None:
        self._line, self._name = ProgressLine(stream), name
        self._line.is_due(name)

    def imported(self, counts: dict[str, int], done: int, total: int) -> None:
        """Records of a file; `done` and `total` in bytes."""
        if self._line.is_due(self._name):
            read, elapsed = counts.get("read", 0), max(self._line.elapsed, 0.001)
            words = _("%(count)d biểu ghi, %(rate)d mỗi giây, còn khoảng %(left)d giây") % {
                "count": read,
                "rate": read / elapsed,
                "left": elapsed * (total - done) / max(done, 1),
            }
            self._line.show(words, done=done, total=total)

    def shelved(self, copies: int, done: int, total: int) -> None:
        """Copies put on shelves; `done` and `total` are libraries."""
        if self._line.is_due(self._name):
            words = _("%(copies)d bản tài liệu, thư viện %(done)d/%(total)d") % {
                "copies": copies,
                "done": done,
                "total": total,
            }
            self._line.show(words, done=done, total=total)

    def end(self) -> None:
        """Leave the line of the bar."""
        self._line.end()


def phase_label(phase: str) -> str | Promise:
    """What a phase is called for people."""
    return str(Phase(phase).label) if phase in Phase.values else ""


def _words(phase: str, done: int, total: int, elapsed: float) -> str:
    if phase in _COUNTED:
        return _("%(done)d/%(total)d bảng") % {"done": done, "total": total} if total else ""
    if not done:
        return ""
    rate = done / elapsed if elapsed > 0.5 else 0.0
    parts = [f"{size_in_words(done)} / {size_in_words(total)}" if total else size_in_words(done)]
    if rate:
        parts.append(_("%(rate)s mỗi giây") % {"rate": size_in_words(int(rate))})
        if total:
            parts.append(_("còn khoảng %(seconds)d giây") % {"seconds": max(0, total - done) / rate})
    return ", ".join(parts)
