"""The home folder of one installation: everything that is not program code."""

import os
import secrets
from pathlib import Path

from lienthu.server.errors import ServerError
from lienthu.server.language import translate as _

# A restore builds the new home in this folder of it and removes the folder last.
RESTORING = "restoring"

_LEAST_FREE_BYTES = 200 * 1024 * 1024


def home_folder(given: str | None = None) -> Path:
    """The home that an option names, else LIENTHU_HOME, else ./var; absolute."""
    return Path(given or os.environ.get("LIENTHU_HOME") or "var").expanduser().resolve()


def run_folder(home: Path) -> Path:
    """Locks, sockets and other things that mean nothing after a restart of the machine."""
    return home / "run"


def log_folder(home: Path) -> Path:
    return home / "logs"


def prepare_home(home: Path) -> None:
    """Make the home and its folders when missing. Folders that exist keep their permissions.

    Raises ServerError when the home cannot be written.
    """
    # A home made by root lets the unprivileged database user pass through, but not look around.
    passing = 0o711 if os.geteuid() == 0 else 0o700
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        for folder, mode in ((home, passing), (run_folder(home), passing), (log_folder(home), 0o700)):
            make_folder(folder, mode=mode)
        probe = run_folder(home) / f".write-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        raise ServerError(
            _(
                "Không ghi được vào thư mục {home} ({reason}). Hãy chọn thư mục khác bằng --home hoặc LIENTHU_HOME."
            ).format(home=home, reason=error.strerror)
        ) from error


def make_folder(folder: Path, *, mode: int) -> None:
    """Make one folder with exactly this mode; one that is there already is left as it is."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if folder.is_dir():
            return
        raise
    folder.chmod(mode)


def require_complete(home: Path) -> None:
    """Raises ServerError for a home that a broken-off restore has left half-built."""
    if (home / RESTORING).exists():
        raise ServerError(
            _(
                "Việc khôi phục vào {home} chưa xong nên chưa chạy được. "
                "Hãy chạy lại: lienthu backup restore TỆP --home {home}"
            ).format(home=home)
        )


def require_space(home: Path) -> None:
    """Raises ServerError when the disk of the home is as good as full."""
    state = os.statvfs(home)
    free = state.f_bavail * state.f_frsize
    if free < _LEAST_FREE_BYTES:
        raise ServerError(
            _("Ổ đĩa của {home} chỉ còn trống {free} MB; cần ít nhất {least} MB. Hãy dọn bớt rồi chạy lại.").format(
                home=home, free=free >> 20, least=_LEAST_FREE_BYTES >> 20
            )
        )


def secret_key(home: Path, *, keep: bool = True) -> str:
    """The installation's own key, made once; only its owner can read the file. Without `keep` a new one is not kept."""
    path = home / "secret-key"
    if not path.exists():
        if not keep:
            return secrets.token_urlsafe(50)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
        try:
            # link, unlike rename, never replaces the key that another process made meanwhile
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def environment(home: Path, database_url: str | None, *, keep_key: bool = True) -> dict[str, str]:
    """The environment of every Django process of this installation. Without database_url they find it themselves.

    Without `keep_key` nothing is written into the home.
    """
    inherited = dict(os.environ)
    if "DATABASE_URL" not in inherited:
        # PGPORT and the like are meant for another server than the embedded one
        inherited = {name: value for name, value in inherited.items() if not name.startswith("PG")}
    if database_url:
        inherited["DATABASE_URL"] = database_url
    return {
        **inherited,
        "LIENTHU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "lienthu.config.settings",
        "LIENTHU_SECRET_KEY": os.environ.get("LIENTHU_SECRET_KEY") or secret_key(home, keep=keep_key),
        "PYTHONUNBUFFERED": "1",
        # glibc otherwise keeps a heap for every thread
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX") or "2",
        "PYTHONUTF8": "1",
    }
