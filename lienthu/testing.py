"""What tests of all modules share."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

_CHECKOUT = Path(__file__).resolve().parent.parent


class QuickHasher(PBKDF2PasswordHasher):
    """The hasher of the product with one round instead of a million, each of which a test would wait for.

    Its hashes are of the usual form: a process of the product that a test starts checks them too.
    """

    iterations = 1


def shared_data(path: str = "") -> Path:
    """A file or folder of the collected real data; the test is skipped, visibly, where it is absent.

    The data lies in ``shared/data`` beside the checkout, or where ``LIENTHU_SHARED_DATA`` points.
    """
    root = Path(os.environ.get("LIENTHU_SHARED_DATA") or _CHECKOUT.parent / "shared" / "data")
    found = root / path
    if not found.exists():
        pytest.skip(f"shared data not here: {found}")
    return found


@contextmanager
def kept_rows(blocker: DjangoDbBlocker, home: Path) -> Iterator[None]:
    """Rows that are made inside stay for every test of a module; files go to `home`.

    Each test finds them as they were, because its own transaction is inside of this one. Not for a module with tests
    that commit (`transaction=True`): what they see and empty is the database of everybody.
    """
    places = {"DOCUMENTS_ROOT": home / "documents", "INDEX_ROOT": home / "index", "HOME": home}
    with blocker.unblock(), override_settings(**places), transaction.atomic():
        yield
        transaction.set_rollback(True)


def product_process(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    """Run `python -m …` as a process of the product, in a group of its own, on the database and home of this test."""
    parameters = connection.settings_dict
    host = parameters.get("HOST") or parameters["OPTIONS"].get("host", "")
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{parameters['USER']}@/{parameters['NAME']}?host={host}",
        "LIENTHU_HOME": str(settings.HOME),
        "DJANGO_SETTINGS_MODULE": "lienthu.config.settings",
        **variables,
    }
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
