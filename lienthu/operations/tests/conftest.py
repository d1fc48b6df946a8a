"""What the tests of operations share: a home of their own, some data, and one backup of it to read and to damage."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings

from lienthu.catalogue.tests.factories import field, marc, take
from lienthu.identity.access import system_actor
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import library
from lienthu.operations.actions import make_backup, order_backup
from lienthu.operations.backup.writing import Made

SYSTEM = system_actor("tests")
KEY = "mot cum tu kha dai de ma hoa"


@dataclass(frozen=True)
class Home:
    """The folders of this test."""

    path: Path
    documents: Path
    backups: Path


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home that the unprivileged user of an embedded database may pass through when root runs the tests."""
    root = tmp_path_factory.mktemp("home")
    for folder in (root, *root.parents[:2]):
        if folder.stat().st_uid == 0 and "pytest" in folder.name:
            folder.chmod(0o711)
    made = Home(root, root / "documents", root / "backups")
    with override_settings(
        HOME=root,
        DOCUMENTS_ROOT=made.documents,
        INDEX_ROOT=root / "index",
        BACKUP_DIR=str(made.backups),
        BACKUP_KEY="",
        BACKUP_KEY_FILE="",
        SECRET_KEY="a-key-of-the-tests-that-is-long-enough-for-anybody",
    ):
        yield made


def records(first: int, count: int) -> list[bytes]:
    return [marc(f"t{n:05d}", field("245", "10", ("a", f"Nhan đề thử số {n}"))) for n in range(first, first + count)]


def fill(count: int = 30) -> Library:
    """A library with an import: rows in many tables, a document, entries of the trail."""
    where = library("VN-T-TINH", "Thư viện tỉnh", "PROVINCIAL")
    take(where, *records(0, count))
    return where


def back_up(folder: Path) -> Made:
    """Make one backup by the door that the command uses."""
    return make_backup(actor=SYSTEM, run=order_backup(actor=SYSTEM, folder=folder))


def quiet(phase: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""
