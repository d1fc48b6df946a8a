"""Runs every file under benchmarks/ and prints one table of all their rows.

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
    for path in sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith("_")):
        print(f"── {path.name}", flush=True)
        with subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for line in process.stdout:
                if line.startswith("| "):
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
