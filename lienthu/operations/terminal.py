"""Progress of long work: a bar with rate and time left on a terminal, one line every few seconds elsewhere."""

import time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lienthu.operations.backup.space import size_in_words
from lienthu.operations.models import Phase

BAR = 24
LINE_SECONDS, BAR_SECONDS = 5.0, 0.2
# Phases that count tables; the others count bytes.
_COUNTED = {"COUNTING", "COMPARING"}


class PhaseProgress:
    """Call it with (phase, done, total) as the work goes on."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._terminal = stream, bool(stream.isatty())
        self._phase, self._began, self._shown = "", 0.0, 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        now = time.monotonic()
        if phase != self._phase:
            self.end()
            self._phase, self._began, self._shown = phase, now, now if self._terminal else 0.0
        elif now - self._shown < (BAR_SECONDS if self._terminal else LINE_SECONDS):
            return
        self._shown = now
        words = _words(phase, done, total, now - self._began)
        label = phase_label(phase)
        if self._terminal:
            share = min(1.0, done / total) if total else 0.0
            filled = round(share * BAR)
            self._stream.write(f"\r\x1b[K{label} {'█' * filled}{'·' * (BAR - filled)} {words}", ending="")
            self._stream.flush()
        else:
            self._stream.write(f"{label}: {words}" if words else str(label))

    def end(self) -> None:
        """Leave the bar's line."""
        if self._terminal and self._phase:
            self._stream.write("\r\x1b[K", ending="")
            self._stream.flush()


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
