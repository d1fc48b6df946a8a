"""Progress of long work on a terminal: a bar with rate and time left; elsewhere a line every few seconds."""

import time
from typing import Any

BAR = 24
LINE_EVERY = 5.0
BAR_EVERY = 0.2


class ProgressLine:
    """Call it with (counts, done, total) as the work goes on; `done` and `total` are in one unit of any kind."""

    def __init__(self, stream: Any, name: str) -> None:
        self.stream, self.name = stream, name
        self.started = self.shown = time.monotonic()
        self.terminal = bool(stream.isatty())

    def __call__(self, counts: dict[str, int], done: int, total: int) -> None:
        now = time.monotonic()
        if now - self.shown < (BAR_EVERY if self.terminal else LINE_EVERY):
            return
        self.shown = now
        elapsed = now - self.started
        share = min(1.0, done / total) if total else 0.0
        left = elapsed / share - elapsed if share else 0.0
        rate = counts.get("read", 0) / elapsed if elapsed else 0.0
        words = f"{counts.get('read', 0)} biểu ghi, {rate:.0f} biểu ghi/giây, còn khoảng {left:.0f} giây"
        if self.terminal:
            filled = round(share * BAR)
            bar = "█" * filled + "·" * (BAR - filled)
            self.stream.write(f"\r{self.name} {bar} {share:4.0%} {words}   ", ending="")
            self.stream.flush()
        else:
            self.stream.write(f"{self.name}: {share:.0%}, {words}")

    def end(self) -> None:
        """Leave the bar's line."""
        if self.terminal:
            self.stream.write("\r\x1b[K", ending="")
            self.stream.flush()
