"""Room on disks, asked before the work begins."""

import os
import shutil
from pathlib import Path

from django.utils import formats

from lienthu.operations.problems import BackupProblem

# For the tar's own blocks, the database's log, and the rest of the machine.
MARGIN = 32 << 20


def size_in_words(size: int) -> str:
    """Bytes for people, as the present language writes numbers: 1.234,5 MB."""
    value, unit = float(size), "byte"
    for larger in ("KB", "MB", "GB", "TB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    places = 0 if unit == "byte" or value >= 100 else 1
    return f"{formats.number_format(value, decimal_pos=places, force_grouping=True)} {unit}"


def number_in_words(number: int) -> str:
    """A count as the present language writes it: 1.981.062."""
    return formats.number_format(number, force_grouping=True)


def free_bytes(folder: Path) -> int:
    """What an ordinary user may still write where this folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize


def require_space(needs: dict[Path, int]) -> None:
    """Raise BackupProblem unless every folder has room; folders on one disk share it."""
    disks: dict[int, tuple[Path, int]] = {}
    for folder, needed in needs.items():
        first, before = disks.get(_disk(folder), (folder, MARGIN))
        disks[_disk(folder)] = (first, before + needed)
    for folder, needed in disks.values():
        free = free_bytes(folder)
        if free < needed:
            raise BackupProblem("no_space", folder=str(folder), free=size_in_words(free), needed=size_in_words(needed))


def _disk(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return folder.stat().st_dev


def disk_shares(folder: Path) -> tuple[int, int]:
    """Free and whole size in bytes of the disk that holds the folder."""
    while not folder.exists():
        folder = folder.parent
    found = shutil.disk_usage(folder)
    return free_bytes(folder), found.total
