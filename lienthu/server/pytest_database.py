"""A pytest plugin that gives the tests their database: DATABASE_URL, else an embedded server for the session.

It is named in addopts rather than being a conftest.py because pytest-django reads the settings before any conftest.
With xdist the controller starts the server; its workers inherit DATABASE_URL.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest

from lienthu.server.postgres import EmbeddedPostgres


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    if not os.environ.get("DATABASE_URL"):
        _start()
    return (yield)


def _start() -> None:
    home = Path(tempfile.mkdtemp(prefix="lienthu-tests-"))
    # our own new folder: lets the unprivileged user of the database through when root runs the tests
    home.chmod(0o711)
    server = EmbeddedPostgres(home)
    server.start()
    # a hook of pytest would not be called when the settings or a conftest cannot be imported
    atexit.register(_stop, server)
    os.environ["DATABASE_URL"] = server.dsn()
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        # nothing of these tests has to survive a power failure
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


def _stop(server: EmbeddedPostgres) -> None:
    server.stop()
    shutil.rmtree(server.home)
