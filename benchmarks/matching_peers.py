"""The peers of benchmarks/matching.py, each run in a process of its own from a virtual environment of its own."""

import csv
import io
import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lienthu.catalogue.marc import Record, describe
from lienthu.catalogue.marc.export import write_iso2709
from lienthu.catalogue.matching import evidence_of
from lienthu.kernel.text import folded_key

CHILD = Path(__file__).with_name("matching_peers_child.py")
REQUIREMENTS = ("goldrush==0.6.0", "splink==5.0.0", "duckdb==2.0.0", "pymarc==5.4.0")
"""The dependency group bench-matching of pyproject.toml, pinned to the versions that were measured."""
TIMEOUT = 3_600


@dataclass(frozen=True, slots=True)
class PeerResult:
    """`same`: pairs of positions in the list of records, the later first; `seconds` of CPU."""

    name: str
    same: set[tuple[int, int]]
    seconds: float


def run(records: list[Record], *, folder: Path) -> Iterator[PeerResult]:
    """Give every peer the same records; a peer that fails says so and is left out."""
    python = _python()
    numbered = folder / "numbers.json"
    _write(records, folder, numbered)
    for peer in ("goldrush", "splink"):
        answer = folder / f"{peer}.json"
        done = subprocess.run([python, CHILD, peer, folder, answer], check=False, timeout=TIMEOUT)
        if done.returncode:
            print(f"{peer} did not run to its end (exit {done.returncode})", file=sys.stderr)
            continue
        found = json.loads(answer.read_bytes())
        same = {(max(pair), min(pair)) for pair in found["pairs"]}
        yield PeerResult(found["name"], same, found["seconds"])


def _python() -> Path:
    """The interpreter of the peers' environment, made and filled the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lienthu-bench" / "matching"
    python = cache / "bin" / "python"
    if not python.exists():
        print("Installing goldrush and splink into their own environment …", file=sys.stderr)
        venv.create(cache, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
    return python


def _write(records: list[Record], folder: Path, numbered: Path) -> None:
    """records.mrc with the numbers of its records (those that ISO 2709 cannot hold are left out), and table.csv."""
    written = []
    with (folder / "records.mrc").open("wb") as marc, (folder / "table.csv").open("w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["unique_id", "title", "author", "year", "publisher", "pages", "volume", "isbn", "language"])
        for number, record in enumerate(records):
            pieces = io.BytesIO()
            pieces.writelines(write_iso2709([record], unwritten=lambda *_: None))
            if pieces.tell():
                marc.write(pieces.getvalue())
                written.append(number)
            rows.writerow([number, *_columns(record)])
    numbered.write_text(json.dumps(written))


def _columns(record: Record) -> list[object]:
    """What a user of splink would prepare: our own evidence, without our rules."""
    evidence = evidence_of(record, describe(record))
    title = f"{evidence.title_folded} {folded_key(evidence.rest)}".strip()
    name = " ".join(sorted(folded_key(evidence.names[0]).split())) if evidence.names else ""
    return [
        title,
        name or None,
        evidence.years[0] if evidence.years else None,
        evidence.publishers[0] if evidence.publishers else None,
        evidence.pages or None,
        "-".join(evidence.volume) or None,
        evidence.isbn[0] if evidence.isbn else None,
        evidence.languages[0] if evidence.languages else None,
    ]
