"""Why a fetch was refused or failed: a code for programs, a sentence for people."""

from collections.abc import Callable

from django.utils.translation import gettext as _


class FetchError(Exception):
    """A fetch gave nothing. `code` is one of the keys below, `url` what was asked for when it happened."""

    def __init__(self, code: str, *, url: str = "") -> None:
        super().__init__(f"{code}: {url}" if url else code)
        self.code = code
        self.url = url


class FetchRefused(FetchError):
    """We do not fetch this: bad_url, scheme, private_address, too_many_redirects, too_large, bomb."""


class FetchFailed(FetchError):
    """It did not work: dns, connect, tls, timeout, protocol, incomplete, busy (429, 503), status (other 4xx, 5xx).

    `retry_after`: seconds that the other side asks to wait, None when it does not say. `body`: the first 64 kB of an
    answer with an error status, for protocols that put their diagnosis there. `arrived`: of a POST, whether the other
    side may have got it.
    """

    def __init__(
        self,
        code: str,
        *,
        url: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(code, url=url)
        self.status = status
        self.retry_after = retry_after
        self.body = body
        self.arrived = False


_SENTENCES: dict[str, Callable[[], str]] = {
    "bad_url": lambda: _("Địa chỉ không hợp lệ."),
    "scheme": lambda: _("Chỉ lấy dữ liệu qua http hoặc https."),
    "private_address": lambda: _(
        "Địa chỉ này nằm trong mạng nội bộ nên không được truy cập. Nếu đây là máy của đơn vị, quản trị hệ thống thêm "
        "nó vào cài đặt LIENTHU_ALLOW_PRIVATE_FETCH."
    ),
    "too_many_redirects": lambda: _("Máy chủ chuyển hướng quá nhiều lần."),
    "too_large": lambda: _("Câu trả lời lớn hơn giới hạn cho phép."),
    "bomb": lambda: _("Câu trả lời nén bất thường, có thể để làm tràn bộ nhớ, nên đã dừng."),
    "dns": lambda: _("Không tìm thấy tên máy chủ này."),
    "connect": lambda: _("Không kết nối được tới máy chủ."),
    "tls": lambda: _("Chứng chỉ HTTPS của máy chủ không hợp lệ."),
    "timeout": lambda: _("Máy chủ trả lời quá chậm nên đã dừng chờ."),
    "protocol": lambda: _("Máy chủ trả lời không đúng giao thức HTTP."),
    "incomplete": lambda: _("Kết nối bị cắt giữa chừng, dữ liệu chưa về đủ."),
    "busy": lambda: _("Máy chủ đang bận và đề nghị thử lại sau."),
}


def sentence(error: FetchError) -> str:
    """Say what went wrong in one sentence of the active language."""
    if isinstance(error, FetchFailed) and error.code == "status":
        return _("Máy chủ báo lỗi HTTP %(status)s.") % {"status": error.status}
    return _SENTENCES[error.code]()
