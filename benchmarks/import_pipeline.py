"""Import end to end: read, validate, store, copies, identifiers, headings, audit and index, in one run.

    python -m benchmarks.import_pipeline [--records N]

A new embedded database, the product's own indexer beside it, and `manage import_records` on Library of Congress records
with one copy each, as separate processes. The clock stops when the index has taken the last record. The peer is pymarc
doing nothing but reading the same records.
"""

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pymarc

from benchmarks.corpus import lc_books
from benchmarks.table import Row, show
from lienthu.catalogue.marc import Field, MarcError, RawRecord, open_records
from lienthu.catalogue.marc.iso2709 import build
from lienthu.server.postgres import EmbeddedPostgres

TARGET = 4_000
MEMORY_TARGET = 600
PEER_SAMPLE = 10_000
LIBRARY = "VN-BENCH"
SETUP = f"""
from lienthu.identity.access import system_actor
from lienthu.identity.actions import create_scope
from lienthu.libraries.actions import LibraryData, create_library
actor = system_actor("benchmark")
root = create_scope(actor=actor, kind="PROVINCE", code="VN-B", name="Tỉnh đo tốc độ", parent=None)
data = LibraryData(name_vi="Thư viện đo tốc độ", kind="PROVINCIAL")
create_library(actor=actor, code={LIBRARY!r}, data=data, under=root)
"""


def with_copies(source: Path, target: Path, limit: int) -> int:
    """Write the first `limit` records with one copy each; the number written."""
    written = 0
    with source.open("rb") as stream, target.open("wb") as out:
        for item in open_records(stream):
            if written >= limit:
                break
            if not isinstance(item, RawRecord):
                continue
            copy = Field("852", "", "  ", [("c", "Kho mở"), ("h", "895.922"), ("p", f"DO.{written:07d}")])
            item.record.fields.append(copy)
            try:
                out.write(build(item.record))
            except MarcError:
                continue
            written += 1
    return written


def pymarc_rate(path: Path) -> float:
    """Records per CPU second of pymarc only reading."""
    with path.open("rb") as stream:
        sample = b"".join(chunk + b"\x1d" for chunk in stream.read(PEER_SAMPLE * 1200).split(b"\x1d")[:PEER_SAMPLE])
    started = time.process_time()
    count = sum(1 for record in pymarc.MARCReader(io.BytesIO(sample)) if record is not None)
    return count / (time.process_time() - started)


class Watched:
    """A process of the product, with its memory peak as the kernel saw it."""

    def __init__(self, *arguments: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "django", *arguments], env=environment, stdout=subprocess.PIPE, text=True
        )
        self.peak_mb = 0

    def look(self) -> None:
        """Note the peak so far; a process that has ended keeps its last one."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except FileNotFoundError:
            return
        found = re.search(r"VmHWM:\s+(\d+)", status)
        self.peak_mb = max(self.peak_mb, int(found[1]) >> 10) if found else self.peak_mb


@contextmanager
def product(home: Path) -> Iterator[dict[str, str]]:
    """A migrated database with one library; the environment to reach it."""
    home.chmod(0o711)
    server = EmbeddedPostgres(home)
    server.start()
    environment = os.environ | {
        "DATABASE_URL": server.dsn(),
        "LIENTHU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "lienthu.config.settings",
        "LIENTHU_LOG_LEVEL": "WARNING",
    }
    try:
        for arguments in (["migrate"], ["shell", "-c", SETUP]):
            subprocess.run(
                [sys.executable, "-m", "django", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL
            )
        yield environment
    finally:
        server.stop()


def run(path: Path, home: Path) -> tuple[float, dict[str, int]]:
    """Seconds until the last record is found, and the memory peak of each process in MB."""
    with product(home) as environment, psycopg.connect(environment["DATABASE_URL"], autocommit=True) as db:
        indexer = Watched("indexer", environment=environment)
        time.sleep(4)
        started = time.perf_counter()
        importer = Watched("import_records", str(path), "--library", LIBRARY, environment=environment)
        while importer.process.poll() is None:
            importer.look()
            time.sleep(0.05)
        while db.execute("SELECT count(*) FROM discovery_pendingindex").fetchone() != (0,):
            time.sleep(0.02)
        seconds = time.perf_counter() - started
        indexer.look()
        if importer.process.returncode == 2:
            raise SystemExit("the import failed")
        indexer.process.terminate()
        indexer.process.wait()
    return seconds, {"import": importer.peak_mb, "indexer": indexer.peak_mb}


def main() -> int:
    """Run once and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=250_000)
    wanted = parser.parse_args().records
    with tempfile.TemporaryDirectory(prefix="lienthu-import-") as folder:
        path = Path(folder) / "records.mrc"
        count = with_copies(lc_books(), path, wanted)
        peer = pymarc_rate(path)
        home = Path(folder) / "home"
        home.mkdir()
        Path(folder).chmod(0o711)
        seconds, peaks = run(path, home)
    rate = count / seconds
    return show(
        [
            Row(
                name=f"import and index, {count:,} records, end to end",
                figure=f"{rate:,.0f} rec/s",
                peer=f"pymarc, reading only: {peer:,.0f} rec/s",
                ratio=rate / peer,
                target=f"≥ {TARGET:,} rec/s",
                met=rate >= TARGET,
            ),
            *(
                Row(
                    name=f"memory peak, {name} process",
                    figure=f"{peak} MB",
                    target=f"< {MEMORY_TARGET} MB",
                    met=peak < MEMORY_TARGET,
                )
                for name, peak in peaks.items()
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
