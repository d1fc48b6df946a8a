"""The unprivileged user under which PostgreSQL runs when the product is started by root (PostgreSQL refuses root)."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthu.server.errors import ServerError
from lienthu.server.language import translate as _

NAME = "lienthu"
_FALLBACKS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A system user; None in its place means the user who runs this program."""

    name: str
    uid: int
    gid: int


def server_account() -> Account:
    """Root only: the user lienthu, made when missing, else one that every system has."""
    if not _exists(NAME) and (program := shutil.which("useradd")):
        subprocess.run(
            [
                program,
                "--system",
                "--no-create-home",
                "--home-dir",
                "/nonexistent",
                "--shell",
                "/usr/sbin/nologin",
                NAME,
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    for name in (NAME, *_FALLBACKS):
        if _exists(name):
            found = pwd.getpwnam(name)
            if found.pw_uid != 0:
                return Account(name, found.pw_uid, found.pw_gid)
    raise ServerError(
        _(
            "PostgreSQL không chạy bằng root và không tạo được người dùng {name}. Hãy chạy: useradd --system {name}"
        ).format(name=NAME)
    )


def account_of(uid: int) -> Account:
    """The account with this number, also when the system has no name for it."""
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, uid)
    return Account(found.pw_name, uid, found.pw_gid)


def run_as(account: Account | None) -> dict[str, Any]:
    """Arguments for subprocess that start a program as this account, from a folder that it may always enter."""
    if account is None:
        return {"cwd": "/"}
    return {"cwd": "/", "user": account.uid, "group": account.gid, "extra_groups": []}


def may_enter(account: Account, folder: Path) -> bool:
    """Do all parents of the folder, and the folder, let the account through? Tried for real, so ACLs count too."""
    return (
        subprocess.run(
            ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            **run_as(account),
        ).returncode
        == 0
    )


def give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
