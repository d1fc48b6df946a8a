"""Progress of imports and exports in words."""

from typing import Any

from django.utils.translation import gettext as _

from lienthu.kernel.terminal import ProgressLine


class RecordProgress:
    """Call it with (counts, done, total) as the work goes on; `done` and `total` are in one unit of any kind."""

    def __init__(self, stream: Any, name: str) -> None:
        self._line, self._name = ProgressLine(stream), name
        self._line.is_due(name)

    def __call__(self, counts: dict[str, int], done: int, total: int) -> None:
        if not self._line.is_due(self._name):
            return
        elapsed, read = self._line.elapsed, counts.get("read", 0)
        rate = read / max(elapsed, 0.001)
        if done:
            left = elapsed * (total - done) / done
            words = _("%(count)d biểu ghi, %(rate)d mỗi giây, còn khoảng %(left)d giây") % {
                "count": read,
                "rate": rate,
                "left": left,
            }
        else:
            words = _("%(count)d biểu ghi, %(rate)d mỗi giây") % {"count": read, "rate": rate}
        self._line.show(words, done=done, total=total)

    def end(self) -> None:
        """Leave the line of the bar."""
        self._line.end()
