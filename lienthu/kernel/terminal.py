"""Progress of long work for those who watch a command: a bar on a terminal, one line every few seconds elsewhere."""

import time
from typing import Any

BAR = 24
BAR_SECONDS, LINE_SECONDS = 0.2, 5.0


class ProgressLine:
    """What a command has done so far, on a Django `OutputWrapper`; cheap to call for every record."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._terminal = stream, bool(stream.isatty())
        self.began = self._shown = time.monotonic()
        self._label = ""

    def is_due(self, label: str = "") -> bool:
        """Whether it is time to show again; a new label begins a new stage with its own clock, shown at once."""
        now = time.monotonic()
        if label != self._label:
            self.end()
            self._label, self.began = label, now
            return True
        return now - self._shown >= (BAR_SECONDS if self._terminal else LINE_SECONDS)

    @property
    def elapsed(self) -> float:
        """Seconds since the stage began."""
        return time.monotonic() - self.began

    def show(self, words: str, *, done: int, total: int) -> None:
        """Put the label, a bar of `done` in `total` (0: unknown) and the words on the line."""
        self._shown = time.monotonic()
        share = min(1.0, done / total) if total else 0.0
        if self._terminal:
            filled = round(share * BAR)
            bar = "█" * filled + "·" * (BAR - filled)
            self._stream.write(f"\r\x1b[K{self._label} {bar} {share:4.0%} {words}", ending="")
            self._stream.flush()
        else:
            self._stream.write(": ".join(filter(None, (self._label, words))))

    def end(self) -> None:
        """Leave the line of the bar."""
        if self._terminal:
            self._stream.write("\r\x1b[K", ending="")
            self._stream.flush()
