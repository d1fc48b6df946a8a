"""Runs every benchmark under benchmarks/ and prints one table of all their rows.

A benchmark prints what it likes; lines that begin with "| " are its rows:
| what is measured | this product | the peer and its figure | ratio |
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"


def main() -> int:
    rows: list[str] = []
    failed: list[str] = []
    # A file without main() is what several benchmarks share.
    for path in sorted(path for path in FOLDER.glob("*.py") if "\ndef main(" in path.read_text(encoding="utf-8")):
        print(f"── {path.name}", flush=True)
        command = [sys.executable, "-m", f"{FOLDER.name}.{path.stem}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=FOLDER.parent) as process:
            assert process.stdout
            for line in process.stdout:
                if line.startswith("| ") and not line.startswith("| what "):
                    rows.append(line.rstrip())
                else:
                    print(line, end="", flush=True)
        if process.returncode:
            failed.append(path.name)
    print("\n| Phép đo | Liên Thư | Đối chiếu | Tỉ lệ |\n|---|---|---|---|")
    print("\n".join(rows))
    if failed:
        print(f"\nKhông chạy được: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
