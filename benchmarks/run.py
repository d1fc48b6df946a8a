"""Runs every benchmark and prints one table of all their rows (`make bench`).

    python -m benchmarks.run [NAME …]

A module under benchmarks/ with a function `main` is a benchmark. It prints what it likes; its rows (table.py) begin
with "| ". What cannot run on this machine says so and is left out.
"""

import ast
import subprocess
import sys
from pathlib import Path

from benchmarks.table import HEAD, head

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """Modules that define main(), without this one and without the processes that benchmarks start themselves."""
    found = [path.stem for path in sorted(FOLDER.glob("*.py")) if _has_main(path)]
    return [name for name in found if name != "run" and not name.endswith("_child")]


def _has_main(path: Path) -> bool:
    parts = ast.parse(path.read_text(encoding="utf-8")).body
    return any(isinstance(part, ast.FunctionDef) and part.name == "main" for part in parts)


def rows_of(name: str) -> tuple[list[str], int]:
    """Run one benchmark, passing its words on; its rows and its exit code."""
    rows: list[str] = []
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    with subprocess.Popen(command, cwd=FOLDER.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            if not line.startswith("|"):
                print(line, end="", flush=True)
            elif line.startswith("| ") and not line.startswith(f"| {HEAD[0]} |"):
                rows.append(line.rstrip())
    return rows, process.returncode


def main() -> int:
    """The exit code is 1 when a benchmark failed or missed a target."""
    rows: list[str] = []
    unhappy: list[str] = []
    for name in sys.argv[1:] or names():
        print(f"── {name}", flush=True)
        found, code = rows_of(name)
        rows += found
        if code:
            unhappy.append(name)
    print(f"\n{head()}")
    print("\n".join(rows))
    if unhappy:
        print(f"\nA target missed, or not run to the end: {', '.join(unhappy)}", file=sys.stderr)
    return bool(unhappy)


if __name__ == "__main__":
    sys.exit(main())
