"""The machine and the home folder: everything that can be asked without a database."""

import os
import platform
import stat
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lienthu.operations.backup.space import disk_shares, size_in_words
from lienthu.operations.doctor.findings import Finding
from lienthu.operations.policy import State, state_of_free_space
from lienthu.server.errors import ServerError
from lienthu.server.home import RESTORING
from lienthu.server.places import find_place
from lienthu.server.postgres import EmbeddedPostgres
from lienthu.server.status import FAILED, keeper_runs, read_status, ready_status

LEAST_PYTHON = (3, 11)
FONTS = ("be-vietnam-pro-vietnamese-400.woff2", "be-vietnam-pro-latin-400.woff2", "literata-vietnamese.woff2")


def python_version() -> Finding:
    version = platform.python_version()
    good = sys.version_info >= LEAST_PYTHON
    return Finding(
        name="python",
        label="Python",
        state=State.OK if good else State.WRONG,
        sentence=f"Python {version}.",
        cure="" if good else _("Cài Python 3.11 trở lên rồi chạy lại make run."),
        facts={"version": version},
    )


def home_folder() -> Finding:
    """Can the home be written, and by whom can it be read?"""
    home, label = Path(settings.HOME), _("Thư mục dữ liệu")
    if (home / RESTORING).exists():
        return Finding(
            name="home",
            label=label,
            state=State.WRONG,
            sentence=_("Việc khôi phục vào %(home)s chưa xong.") % {"home": home},
            cure=_("Chạy lại: lienthu backup restore TỆP --home %(home)s") % {"home": home},
        )
    try:
        with tempfile.TemporaryFile(dir=home):
            pass
        mode = stat.S_IMODE(home.stat().st_mode)
    except OSError as error:
        return Finding(
            name="home",
            label=label,
            state=State.WRONG,
            sentence=_("Không ghi được vào %(home)s: %(reason)s.") % {"home": home, "reason": error.strerror},
            cure=_("Cho người dùng %(user)d quyền ghi thư mục ấy, hoặc đặt LIENTHU_HOME.") % {"user": os.geteuid()},
        )
    exposed = _exposed(home, mode)
    if exposed:
        return Finding(
            name="home",
            label=label,
            state=State.WARNING,
            sentence=_("Người dùng khác của máy đọc được %(names)s.") % {"names": ", ".join(exposed)},
            cure=_("Chạy: chmod go-rw %(names)s") % {"names": " ".join(exposed)},
        )
    return Finding(name="home", label=label, state=State.OK, sentence=_("Ghi được vào %(home)s.") % {"home": home})


def _exposed(home: Path, mode: int) -> list[str]:
    """What others may read that they should not: the list of the home, and the key in it."""
    found = [str(home)] if mode & 0o066 else []
    key = home / "secret-key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        found.append(str(key))
    return found


def disk_space() -> Finding:
    """The disks of the home and of the backups; the worse one speaks."""
    folders = {str(settings.HOME): Path(settings.HOME), str(settings.BACKUP_DIR): Path(settings.BACKUP_DIR)}
    measured = {name: disk_shares(folder) for name, folder in folders.items()}
    name, (free, total) = min(measured.items(), key=lambda one: one[1][0])
    state = state_of_free_space(free, total)
    return Finding(
        name="disk",
        label=_("Ổ đĩa"),
        state=state,
        sentence=_("Ổ đĩa của %(folder)s còn trống %(free)s trên %(total)s.")
        % {"folder": name, "free": size_in_words(free), "total": size_in_words(total)},
        cure=""
        if state == State.OK
        else _("Dọn bớt, giảm số bản sao lưu được giữ (LIENTHU_BACKUP_KEEP), hoặc chuyển LIENTHU_BACKUP_DIR."),
        facts={"free": free, "total": total},
    )


def embedded_server() -> Finding:
    """The PostgreSQL of this home, seen from outside."""
    home, label = Path(settings.HOME), _("PostgreSQL đi kèm")
    if "DATABASE_URL" in os.environ and not _is_own(os.environ["DATABASE_URL"]):
        return Finding(
            name="embedded_postgres",
            label=label,
            state=State.OK,
            sentence=_("Không dùng: DATABASE_URL chỉ đến một máy chủ riêng."),
        )
    try:
        place = find_place(home)
    except ServerError as error:
        return Finding(
            name="embedded_postgres",
            label=label,
            state=State.WRONG,
            sentence=str(error),
            cure=_("Trả thư mục dữ liệu về chỗ cũ, hoặc khôi phục từ bản sao lưu vào một thư mục mới."),
        )
    if place is None:
        return Finding(
            name="embedded_postgres",
            label=label,
            state=State.WARNING,
            sentence=_("Thư mục dữ liệu chưa có cơ sở dữ liệu."),
            cure=_("Chạy lienthu serve để tạo, hoặc lienthu backup restore để khôi phục."),
        )
    if ready_status(home):
        return Finding(name="embedded_postgres", label=label, state=State.OK, sentence=_("Đang chạy."))
    return _stopped(home, place.data, label)


def _is_own(url: str) -> bool:
    """Is this the address that `lienthu` itself gives its commands?"""
    return url == EmbeddedPostgres(Path(settings.HOME)).dsn()


def _stopped(home: Path, data: Path, label: str) -> Finding:
    status = read_status(home)
    if status and status.state == FAILED:
        return Finding(
            name="embedded_postgres",
            label=label,
            state=State.WRONG,
            sentence=status.message,
            cure=_("Xem %(log)s; sửa nguyên nhân rồi chạy lại lienthu serve.")
            % {"log": home / "logs" / "postgres.log"},
        )
    if (data / "postmaster.pid").exists() and not keeper_runs(home):
        return Finding(
            name="embedded_postgres",
            label=label,
            state=State.WARNING,
            sentence=_("Lần trước dừng đột ngột (còn tệp khóa cũ)."),
            cure=_("Chạy lienthu serve: máy chủ tự phục hồi và dọn tệp khóa, không cần xóa tay."),
        )
    return Finding(
        name="embedded_postgres",
        label=label,
        state=State.WARNING,
        sentence=_("Đang dừng."),
        cure=_("Chạy: lienthu serve --home %(home)s") % {"home": home},
    )


def static_files() -> Finding:
    """Styles, scripts, icons and the fonts with Vietnamese letters."""
    dist = Path(settings.ROOT) / "web" / "static" / "dist"
    missing = [name for name in ("app.css", "desk.css", "app.js", "icons.svg") if not (dist / name).exists()]
    missing += [f"fonts/{name}" for name in FONTS if not (dist / "fonts" / name).exists()]
    if missing:
        return Finding(
            name="static",
            label=_("Giao diện và phông chữ"),
            state=State.WRONG,
            sentence=_("Thiếu %(names)s.") % {"names": ", ".join(missing)},
            cure=_("Chạy: npm ci && npm run build, hoặc make run."),
        )
    if settings.PRODUCTION and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return Finding(
            name="static",
            label=_("Giao diện và phông chữ"),
            state=State.WARNING,
            sentence=_("Tệp giao diện chưa được gom và nén."),
            cure=_("Khởi động lại lienthu serve; bước này tự chạy."),
        )
    return Finding(
        name="static", label=_("Giao diện và phông chữ"), state=State.OK, sentence=_("Đủ kiểu chữ, biểu tượng và mã.")
    )
