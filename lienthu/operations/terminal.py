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
