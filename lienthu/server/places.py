"""Where the embedded PostgreSQL of a home keeps its data and its socket, and who owns them."""

import contextlib
import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lienthu.server.accounts import Account, account_of, give, may_enter, server_account
from lienthu.server.errors import ServerError
from lienthu.server.home import make_folder, run_folder
from lienthu.server.language import translate as _

STATE = Path("/var/lib/lienthu")
# sun_path holds 108 bytes on Linux and 104 on macOS, and "/.s.PGSQL.5432" with its ".lock" must fit.
_LONGEST_SOCKET_FOLDER = 84
_SHORT_PREFIX = "lienthu-"


@dataclass(frozen=True)
class Place:
    """One embedded server's folders. account is None when it runs as the user who starts it."""

    home: Path
    data: Path
    sockets: Path
    account: Account | None


def find_place(home: Path) -> Place | None:
    """The place that make_place chose earlier; None when this home has no database of its own yet.

    Raises ServerError when the data belongs to somebody else or has been taken away.
    """
    base = _pointed_folder(home)
    data = home / "postgres" if base is None else base / "data"
    try:
        owner = data.stat().st_uid
    except FileNotFoundError:
        if base is None:
            return None
        raise ServerError(
            _("Tệp {pointer} chỉ đến {data}, nhưng thư mục đó không còn. Hãy khôi phục từ bản sao lưu.").format(
                pointer=_pointer(home), data=data
            )
        ) from None
    return _place(home, base, data, _allowed_owner(data, owner))


def make_place(home: Path) -> Place:
    """The place of the database of this home, chosen now if it has none. The home must exist.

    A user's database is in HOME/postgres. Root's too, when the unprivileged account can get there; else it is
    under STATE, because opening somebody's private folders is not ours to do. HOME/postgres.location then tells where.
    """
    place = find_place(home)
    if place is not None:
        return place
    if os.geteuid() != 0:
        return _place(home, None, home / "postgres", None)
    account = server_account()
    if may_enter(account, home):
        return _place(home, None, home / "postgres", account)
    base = _new_base(home, account)
    _pointer(home).write_text(f"{base}\n")
    return _place(home, base, base / "data", account)


def _place(home: Path, base: Path | None, data: Path, account: Account | None) -> Place:
    usual = run_folder(home) / "postgres" if base is None else base / "socket"
    # a comma in an address separates several hosts
    unusable = len(os.fsencode(usual)) > _LONGEST_SOCKET_FOLDER or "," in str(usual)
    return Place(home, data, _short_folder(home, account) if unusable else usual, account)


def _allowed_owner(data: Path, owner: int) -> Account | None:
    if os.geteuid() == 0 and owner != 0:
        return account_of(owner)
    if os.geteuid() == owner != 0:
        return None
    raise ServerError(
        _("Cơ sở dữ liệu {data} thuộc về người dùng {owner}; người dùng {me} không chạy được nó.").format(
            data=data, owner=account_of(owner).name, me=account_of(os.geteuid()).name
        )
    )


def open_sockets(place: Place) -> None:
    """Make the folder of the socket, mode 0700: the server trusts whoever can enter it.

    Raises ServerError when a folder of that name belongs to another user.
    """
    owner = os.geteuid() if place.account is None else place.account.uid
    if not place.sockets.is_symlink() and not place.sockets.exists():
        make_folder(place.sockets, mode=0o700)
        give(place.sockets, place.account)
    if not _is_private(place.sockets, owner):
        raise ServerError(
            _("Thư mục {folder} phải thuộc riêng về người dùng {owner} (quyền 0700). Hãy xóa nó rồi chạy lại.").format(
                folder=place.sockets, owner=account_of(owner).name
            )
        )


def close_sockets(place: Place) -> None:
    """Remove the folder of the socket if it is one that _short_folder made in a shared place."""
    if place.sockets.name.startswith(_SHORT_PREFIX):
        with contextlib.suppress(OSError):
            place.sockets.rmdir()


def _is_private(folder: Path, owner: int) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and stat.S_IMODE(found.st_mode) & 0o077 == 0


def _short_folder(home: Path, account: Account | None) -> Path:
    """A folder with a short, plain name: ours if it is there already, else the first free name.

    A folder that another user put there under our name is passed over, never entered.
    """
    owner = os.geteuid() if account is None else account.uid
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = Path(runtime if runtime and account is None and Path(runtime).is_dir() else "/tmp")
    names = [base / f"{_SHORT_PREFIX}{owner}-{_digest(home)}{suffix}" for suffix in ("", "-2", "-3", "-4", "-5")]
    taken = [name for name in names if name.is_symlink() or name.exists()]
    for name in taken:
        if _is_private(name, owner):
            return name
    for name in names:
        if name not in taken:
            return name
    raise ServerError(_("Các thư mục {folder}* thuộc về người dùng khác. Hãy xóa chúng.").format(folder=names[0]))


def _digest(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:12]


def _pointer(home: Path) -> Path:
    return home / "postgres.location"


def _pointed_folder(home: Path) -> Path | None:
    """Where the pointer file of the home leads. A moved home keeps its database; a copied one must not share it."""
    pointer = _pointer(home)
    if not pointer.exists():
        return None
    base = Path(pointer.read_text().strip())
    note = base / "home"
    if os.geteuid() == 0 and note.exists():
        noted = Path(note.read_text().rstrip("\n"))
        if noted != home:
            if _pointer(noted).exists() and _pointer(noted).read_text() == pointer.read_text():
                raise ServerError(
                    _(
                        "{home} là bản chép của {noted} và cả hai chỉ đến cùng một cơ sở dữ liệu {base}. "
                        "Hãy dùng lienthu backup để nhân bản."
                    ).format(home=home, noted=noted, base=base)
                )
            note.write_text(f"{home}\n")
    return base


def _new_base(home: Path, account: Account) -> Path:
    """A fresh folder under STATE. One that an earlier home of the same name left behind is not touched."""
    STATE.mkdir(parents=True, exist_ok=True)
    base = STATE / _digest(home)
    if base.exists():
        base = Path(tempfile.mkdtemp(prefix=f"{_digest(home)}-", dir=STATE))
    else:
        base.mkdir()
    base.chmod(0o711)
    (base / "home").write_text(f"{home}\n")
    data = base / "data"
    make_folder(data, mode=0o700)
    give(data, account)
    if not may_enter(account, data):
        raise ServerError(
            _("Người dùng {name} không vào được {folder}. Hãy cho phép đi qua các thư mục cha của nó.").format(
                name=account.name, folder=data
            )
        )
    return base
