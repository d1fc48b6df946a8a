"""Build lienthu/web/frontend/han-nom.txt, the signs beyond the common Han block that Vietnamese writing uses.

    .venv/bin/python tools/build_han_nom.py [FOLDER]

FOLDER holds the Unihan files of Debian's package `unicode-data` (/usr/share/unicode). A sign is taken when Viet Nam
gave it to Unicode (kIRG_VSource) or when it has a Vietnamese reading (kVietnamese); Unicode Standard Annex 38. The
common block (U+4E00–9FFF) is left to the fonts that every device has. Renew the file with each version of Unicode.
"""

import bz2
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "lienthu" / "web" / "frontend" / "han-nom.txt"
PROPERTIES = {"IRGSources": "kIRG_VSource", "Readings": "kVietnamese"}
COMMON = range(0x4E00, 0xA000)
COMPATIBILITY = range(0xF900, 0xFB00)
PER_LINE = 10


def signs(folder: Path) -> set[int]:
    """Code points that Unihan knows from Viet Nam, without the blocks that common fonts hold."""
    found: set[int] = set()
    for name, wanted in PROPERTIES.items():
        with bz2.open(folder / f"Unihan_{name}.txt.bz2", "rt", encoding="utf-8") as lines:
            rows = (line.split("\t") for line in lines if line.startswith("U+"))
            found.update(int(row[0][2:], 16) for row in rows if row[1] == wanted)
    return {code for code in found if code not in COMMON and code not in COMPATIBILITY}


def ranges(codes: set[int]) -> Iterator[str]:
    """The code points in the manner of CSS, "3402" or "20021-20024", in order."""
    start = last = -2
    for code in [*sorted(codes), -2]:
        if code == last + 1:
            last = code
            continue
        if start >= 0:
            yield f"{start:x}" if start == last else f"{start:x}-{last:x}"
        start = last = code


def main() -> None:
    """Write the file anew."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
    found = signs(folder)
    all_ranges = list(ranges(found))
    lines = [" ".join(all_ranges[at : at + PER_LINE]) for at in range(0, len(all_ranges), PER_LINE)]
    head = f"# {len(found)} signs; Unihan database, Unicode licence; made by tools/build_han_nom.py"
    TARGET.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    print(f"{TARGET.name}: {len(found)} signs")


if __name__ == "__main__":
    main()
