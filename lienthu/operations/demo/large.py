"""The large demonstration: 250,000 Library of Congress records that the source archive of pymarc 5.4.0 carries."""

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings

from lienthu.identity.access import system_actor
from lienthu.operations.demo.load import Say, load_file
from lienthu.operations.terminal import LoadProgress

ARCHIVE = "pymarc==5.4.0"
MEMBER = "BooksAll.2016.part01.utf8"
FILE_NAME = "lc-books-2016-part01.mrc"


class NotAvailable(RuntimeError):
    """The archive could not be fetched; the message says what to do."""


def load_large(*, say: Say, progress: LoadProgress) -> None:
    """Fetch the records once and import them with copies in the libraries of the demonstration."""
    path = fetch(Path(settings.HOME) / "cache", say=say)
    load_file(system_actor("lienthu demo"), path, most=2, say=say, progress=progress)


def fetch(folder: Path, *, say: Say) -> Path:
    """Return the file of records, downloading its archive with pip when it is not in `folder` yet."""
    target = folder / FILE_NAME
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    say("Đang tải 76 MB biểu ghi (một lần)…")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        done = subprocess.run([*command, "--dest", scratch, ARCHIVE], capture_output=True, text=True, check=False)
        archives = list(Path(scratch).glob("pymarc-*.tar.gz"))
        if not archives:
            reason = done.stderr.strip().splitlines()[-1:] or ["pip"]
            raise NotAvailable(f"Không tải được {ARCHIVE}: {reason[0]}. Hãy kiểm tra mạng rồi chạy lại.")
        with tarfile.open(archives[0]) as archive:
            member = next(m for m in archive if m.isfile() and Path(m.name).name == MEMBER)
            source = archive.extractfile(member)
            assert source is not None
            unfinished = Path(scratch) / FILE_NAME
            with unfinished.open("wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
        unfinished.rename(target)
    return target
