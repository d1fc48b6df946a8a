"""The real product, started by `lienthu serve` for a benchmark and stopped again."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import lc_books

CHECKOUT = Path(__file__).resolve().parent.parent
READY = "Liên Thư sẵn sàng: "
LARGE = 250_000
START_SECONDS = 300
STOP_SECONDS = 90
# The name under which `lienthu demo --large` keeps its file, and by which it knows that it has imported it.
_LARGE_FILE = "lc-books-2016-part01.mrc"


@dataclass(frozen=True)
class Product:
    """A running product; `start_seconds` from the command to the line that says it is ready."""

    url: str
    home: Path
    pid: int
    start_seconds: float


def standing_home() -> Path:
    """The home that benchmarks keep between runs, because filling it takes minutes."""
    return Path(os.environ.get("LIENTHU_HOME") or CHECKOUT / "var") / "benchmark"


@contextlib.contextmanager
def new_home() -> Iterator[Path]:
    """An empty home that goes away."""
    with tempfile.TemporaryDirectory(prefix="lienthu-bench-", ignore_cleanup_errors=True) as folder:
        # An embedded server that runs as another user must be able to pass.
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


def command(*arguments: str, home: Path) -> None:
    """Run one `lienthu` command to its end. Raises CalledProcessError."""
    subprocess.run([*_program(), *arguments, "--home", str(home)], cwd=CHECKOUT, env=_environment(), check=True)


def fill(home: Path) -> None:
    """The demonstration with the 250,000 records, loaded once."""
    kept = home / "cache" / _LARGE_FILE
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.symlink_to(lc_books().resolve())
    if not (home / "large-is-loaded").exists():
        print("Loading 250,000 records once …", flush=True)
        command("demo", "--large", home=home)
        (home / "large-is-loaded").touch()


@contextlib.contextmanager
def serve(home: Path) -> Iterator[Product]:
    """`lienthu serve` on a free port. Raises RuntimeError, with its last words, when it does not get ready."""
    port = _free_port()
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            [*_program(), "serve", "--port", str(port), "--home", str(home)],
            cwd=CHECKOUT,
            env=_environment(),
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            while READY.encode() not in (words := os.pread(said.fileno(), 1 << 20, 0)):
                if process.poll() is not None or time.perf_counter() - started > START_SECONDS:
                    raise RuntimeError(words.decode(errors="replace")[-2000:])
                time.sleep(0.02)
            yield Product(f"http://127.0.0.1:{port}", home, process.pid, time.perf_counter() - started)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)


def records(product: Product) -> int:
    """How many records readers can find."""
    with urllib.request.urlopen(f"{product.url}/api/v1/search?q=&size=1") as answer:
        return int(json.load(answer)["total"])


def wait_for_index(product: Product, *, seconds: float = 300) -> int:
    """Wait until the number of findable records stands still; that number."""
    deadline = time.monotonic() + seconds
    before = -1
    while (now := records(product)) != before and time.monotonic() < deadline:
        before = now
        time.sleep(3)
    return now


def family(product: Product) -> list[int]:
    """The command with all that descends from it; the database's keeper is found by its command line."""
    children: dict[int, list[int]] = {}
    roots = {product.pid}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if "lienthu.server.keeper" in words and str(product.home) in words:
                    roots.add(int(entry.name))
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += children.get(number, [])
    return sorted(found)


def kind_of(process: Path) -> str:
    """Which part of the product a process is, by its folder under /proc. Raises OSError when it is gone."""
    name = (process / "comm").read_text(errors="replace").strip()
    if name.startswith("lienthu "):
        return name.removeprefix("lienthu ")
    words = (process / "cmdline").read_bytes().decode(errors="replace")
    marks = {"keeper": "keeper", "postgres": "database", "lienthu": "command"}
    return next((kind for mark, kind in marks.items() if mark in words), "other")


def _program() -> list[str]:
    return [sys.executable, "-m", "lienthu.server.cli"]


def _environment() -> dict[str, str]:
    """Without what would turn the product to another database or home."""
    others = {"DATABASE_URL", "LIENTHU_HOME", "LIENTHU_TEST_DB", "PORT"}
    return {name: value for name, value in os.environ.items() if name not in others}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
