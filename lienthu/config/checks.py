"""Checks of the settings: each says what is wrong and how to mend it. Django runs them at every start."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext as _

from lienthu.operations.policy import read_retention, read_time

TAG = "lienthu"
LEAST_SECRET = 40
LEAST_TOKEN = 16
LEAST_BACKUP_KEY = 12
TRIAL_NAMESPACE = "lienthu.local"
# As the scheme oai-identifier has it.
_NAMESPACE = re.compile(r"[a-zA-Z][a-zA-Z0-9\-]*(?:\.[a-zA-Z][a-zA-Z0-9\-]*)+")


@register(TAG)
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Everything that is wrong in any installation, and what a production must have besides."""
    found = [*_backups(), *_addresses(), *_matching(), *_exchange()]
    if settings.PRODUCTION:
        found += [*_production_errors(), *_production_warnings()]
    return found


def _error(number: int, words: str, cure: str) -> Error:
    return Error(words, hint=cure, id=f"lienthu.E{number:03d}")


def _warning(number: int, words: str, cure: str) -> Warning:
    return Warning(words, hint=cure, id=f"lienthu.W{number:03d}")


def _production_errors() -> Iterator[CheckMessage]:
    if settings.SECRET_KEY.startswith("insecure-"):
        yield _error(
            1,
            _("LIENTHU_SECRET_KEY chưa được đặt: ai cũng giả được phiên đăng nhập."),
            _("Chạy bằng lệnh lienthu (tự tạo tệp secret-key), hoặc đặt một chuỗi ngẫu nhiên dài."),
        )
    if settings.DEBUG:
        yield _error(2, _("LIENTHU_DEBUG đang bật nên lỗi để lộ mã nguồn và cài đặt."), _("Bỏ LIENTHU_DEBUG."))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield _error(
            3,
            _("LIENTHU_ALLOWED_HOSTS chưa nêu tên miền của trang."),
            _("Đặt, ví dụ: LIENTHU_ALLOWED_HOSTS=thuvien.example.vn"),
        )


def _production_warnings() -> Iterator[CheckMessage]:
    if len(settings.SECRET_KEY) < LEAST_SECRET:
        yield _warning(
            1,
            _("LIENTHU_SECRET_KEY ngắn hơn %(least)d ký tự.") % {"least": LEAST_SECRET},
            _("Thay bằng một chuỗi ngẫu nhiên dài; đưa khóa cũ vào LIENTHU_SECRET_KEY_FALLBACKS."),
        )
    if not settings.STAFF_MFA_REQUIRED:
        yield _warning(2, _("Cán bộ đăng nhập không cần bước thứ hai."), _("Bỏ LIENTHU_STAFF_MFA_REQUIRED=0."))
    if urlsplit(settings.SITE_URL).scheme != "https":
        yield _warning(
            3,
            _("LIENTHU_SITE_URL không phải địa chỉ https, nên liên kết trong thư và dữ liệu trao đổi sẽ sai."),
            _("Đặt, ví dụ: LIENTHU_SITE_URL=https://thuvien.example.vn"),
        )
    if not (settings.SECURE_SSL_REDIRECT or settings.SECURE_PROXY_SSL_HEADER):
        yield _warning(
            4,
            _("Không rõ HTTPS kết thúc ở đâu; cookie đăng nhập chỉ được gửi qua HTTPS."),
            _("Đặt LIENTHU_BEHIND_PROXY=1 khi có máy chủ HTTPS phía trước, hoặc LIENTHU_SSL_REDIRECT=1."),
        )
    if not (settings.BACKUP_KEY or settings.BACKUP_KEY_FILE):
        yield _warning(
            5,
            _("Bản sao lưu không được mã hóa và không có khóa bí mật bên trong."),
            _("Đặt LIENTHU_BACKUP_KEY_FILE chỉ đến một tệp giữ khóa, và giữ một bản khóa ở nơi khác."),
        )
    if Path(settings.BACKUP_DIR).resolve().is_relative_to(Path(settings.HOME)):
        yield _warning(
            6,
            _("Bản sao lưu nằm chung ổ với dữ liệu: hỏng ổ là mất cả hai."),
            _("Đặt LIENTHU_BACKUP_DIR là thư mục trên ổ khác hoặc máy khác."),
        )


def _exchange() -> Iterator[CheckMessage]:
    if not _NAMESPACE.fullmatch(settings.OAI_NAMESPACE):
        yield _error(
            17,
            _("LIENTHU_OAI_NAMESPACE không có dạng một tên miền: %(value)s.") % {"value": settings.OAI_NAMESPACE},
            _("Đặt tên miền của mình, ví dụ: LIENTHU_OAI_NAMESPACE=thuvien.example.vn"),
        )
    elif settings.PRODUCTION and settings.OAI_NAMESPACE == TRIAL_NAMESPACE:
        yield _warning(
            7,
            _("Chưa đặt LIENTHU_OAI_NAMESPACE, nên mã biểu ghi mà nơi khác thu thập không riêng cho mạng này."),
            _("Đặt tên miền của mình trước khi nơi khác bắt đầu thu thập, rồi không đổi nữa."),
        )


def _matching() -> Iterator[CheckMessage]:
    if settings.MATCHING not in {"on", "later"}:
        yield _error(
            16,
            _("LIENTHU_MATCHING có giá trị lạ: %(value)s.") % {"value": settings.MATCHING},
            _("Đặt on (nhận ra tài liệu trùng ngay khi nhập) hoặc later (để lệnh lienthu catalogue rematch làm sau)."),
        )


def _backups() -> Iterator[CheckMessage]:
    try:
        read_retention(settings.BACKUP_KEEP)
    except ValueError:
        yield _error(
            10,
            _("LIENTHU_BACKUP_KEEP không đọc được: %(value)s.") % {"value": settings.BACKUP_KEEP},
            _("Ghi số bản giữ theo ngày, tuần, tháng, ví dụ: LIENTHU_BACKUP_KEEP=7,4,12"),
        )
    try:
        read_time(settings.BACKUP_TIME)
    except ValueError:
        yield _error(
            11,
            _("LIENTHU_BACKUP_TIME không đọc được: %(value)s.") % {"value": settings.BACKUP_TIME},
            _("Ghi giờ và phút, ví dụ: LIENTHU_BACKUP_TIME=02:30"),
        )
    path = settings.BACKUP_KEY_FILE
    if path and not settings.BACKUP_KEY and not Path(path).is_file():
        yield _error(
            12,
            _("Tệp khóa sao lưu %(path)s không có.") % {"path": path},
            _("Tạo tệp ấy với một cụm từ dài, quyền 0600, hoặc bỏ LIENTHU_BACKUP_KEY_FILE."),
        )
    if settings.BACKUP_KEY and len(settings.BACKUP_KEY) < LEAST_BACKUP_KEY:
        yield _error(
            13,
            _("LIENTHU_BACKUP_KEY ngắn hơn %(least)d ký tự.") % {"least": LEAST_BACKUP_KEY},
            _("Dùng một cụm từ dài, ví dụ sáu từ chọn ngẫu nhiên."),
        )
    if settings.PG_PROGRAMS and not (Path(settings.PG_PROGRAMS) / "pg_dump").is_file():
        yield _error(
            14,
            _("Không có pg_dump trong %(path)s.") % {"path": settings.PG_PROGRAMS},
            _("Đặt LIENTHU_PG_PROGRAMS là thư mục bin của PostgreSQL, hoặc bỏ đi để dùng bản đi kèm."),
        )


def _addresses() -> Iterator[CheckMessage]:
    if settings.SITE_URL and urlsplit(settings.SITE_URL).scheme not in ("http", "https"):
        yield _error(
            20,
            _("LIENTHU_SITE_URL phải bắt đầu bằng https:// (hoặc http:// khi chạy thử)."),
            _("Đặt, ví dụ: LIENTHU_SITE_URL=https://thuvien.example.vn"),
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < LEAST_TOKEN:
        yield _error(
            21,
            _("LIENTHU_METRICS_TOKEN ngắn hơn %(least)d ký tự.") % {"least": LEAST_TOKEN},
            _("Dùng một chuỗi ngẫu nhiên, ví dụ: openssl rand -hex 20"),
        )
