"""Problems of targets, origins of fields and parts of a record, in sentences that a librarian understands."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.kernel import fetching

_SENTENCES: dict[str, Callable[[], str]] = {
    "yaz_missing": lambda: _(
        "Máy chủ Liên Thư chưa có thư viện YAZ nên không hỏi được nguồn Z39.50. Người quản trị cài gói hệ thống “yaz” "
        "(Debian, Ubuntu: apt install yaz) rồi thử lại."
    ),
    "z_connect": lambda: _(
        "Không kết nối được tới máy chủ Z39.50. Kiểm tra tên máy, số cổng và xem tường lửa có chặn cổng ấy không."
    ),
    "z_closed": lambda: _(
        "Máy chủ đóng kết nối giữa chừng. Có thể đây không phải máy chủ Z39.50, hoặc nó đang quá tải."
    ),
    "z_login_wanted": lambda: _(
        "Nguồn này chỉ nhận người có tài khoản. Người quản lý nguồn điền tên đăng nhập và mật khẩu ở trang của nguồn."
    ),
    "z_login_refused": lambda: _(
        "Nguồn không nhận tên đăng nhập hoặc mật khẩu đã lưu. "
        "Người quản lý nguồn kiểm tra và nhập lại ở trang của nguồn."
    ),
    "z_timeout": lambda: _("Máy chủ không trả lời trong thời gian cho phép nên đã dừng chờ."),
    "z_protocol": lambda: _("Máy chủ trả lời không đúng giao thức Z39.50."),
    "z_memory": lambda: _("Câu trả lời quá lớn so với bộ nhớ cho phép nên đã dừng."),
    "z_query": lambda: _("Câu hỏi không lập được với các thuộc tính đã khai cho nguồn này."),
    "child_died": lambda: _("Chương trình hỏi Z39.50 bị dừng đột ngột, có thể vì câu trả lời hỏng hoặc quá lớn."),
    "too_much": lambda: _("Máy chủ gửi nhiều dữ liệu hơn giới hạn cho phép nên đã dừng."),
    "xml_broken": lambda: _("Câu trả lời không phải XML đúng cú pháp."),
    "doctype": lambda: _("Câu trả lời có khai báo kiểu tài liệu XML, có thể để gây hại, nên bị từ chối."),
    "sru_explain": lambda: _(
        "Máy chủ chỉ trả lời bản tự giới thiệu (explain). Kiểm tra địa chỉ và phiên bản SRU đã khai."
    ),
    "no_index": lambda: _("Nguồn này không tìm được theo những mục bạn đã điền."),
    "lost_secret": lambda: _(
        "Không mở được mật khẩu đã lưu của nguồn này vì khóa bí mật của hệ thống đã đổi. Hãy nhập lại mật khẩu."
    ),
    "unreadable": lambda: _("Có câu trả lời nhưng không đọc được biểu ghi nào trong đó."),
    "unimarc": lambda: _("Nguồn gửi biểu ghi UNIMARC; Liên Thư chỉ nhận MARC 21. Hãy chọn cú pháp biểu ghi khác."),
    "interrupted": lambda: _("Việc hỏi nguồn này bị ngắt giữa chừng. Hãy tìm lại."),
    "broken": lambda: _("Có lỗi bên trong khi đọc câu trả lời của nguồn này. Lỗi đã được ghi lại cho người quản trị."),
}

# Diagnostics of Bib-1 that people meet; the rest is told by number.
_BIB1: dict[int, Callable[[], str]] = {
    1: lambda: _("Máy chủ gặp lỗi tạm thời bên trong."),
    2: lambda: _("Máy chủ tạm thời không tìm được."),
    3: lambda: _("Máy chủ không nhận kiểu tìm này."),
    4: lambda: _("Câu hỏi gồm từ mà máy chủ bỏ qua (từ quá thông dụng)."),
    13: lambda: _("Nguồn trả lời nhưng không có biểu ghi ở vị trí được hỏi."),
    14: lambda: _("Máy chủ không gửi được biểu ghi."),
    23: lambda: _("Nguồn không cho phép tài khoản này tìm trong cơ sở dữ liệu."),
    100: lambda: _("Máy chủ báo lỗi không rõ nguyên nhân."),
    108: lambda: _("Máy chủ không hiểu câu hỏi."),
    109: lambda: _("Cơ sở dữ liệu này hiện không dùng được. Kiểm tra tên cơ sở dữ liệu."),
    114: lambda: _("Nguồn không hỗ trợ chỉ mục này. Sửa bảng chỉ mục của nguồn."),
    235: lambda: _("Nguồn không có cơ sở dữ liệu mang tên này. Kiểm tra tên cơ sở dữ liệu."),
    236: lambda: _("Nguồn không cho phép truy cập cơ sở dữ liệu này."),
    238: lambda: _("Nguồn không gửi được biểu ghi theo cú pháp đã chọn. Hãy chọn cú pháp khác."),
}
_SRU: dict[int, Callable[[], str]] = {
    1: lambda: _("Máy chủ gặp lỗi bên trong."),
    2: lambda: _("Máy chủ tạm thời không phục vụ."),
    3: lambda: _("Nguồn đòi đăng nhập hoặc không cho phép máy này hỏi."),
    4: lambda: _("Máy chủ không hỗ trợ thao tác tìm."),
    5: lambda: _("Máy chủ không hỗ trợ phiên bản SRU này. Hãy chọn phiên bản khác."),
    6: lambda: _("Máy chủ không nhận một giá trị trong câu hỏi."),
    7: lambda: _("Máy chủ đòi thêm một tham số mà Liên Thư không gửi."),
    10: lambda: _("Máy chủ không hiểu câu hỏi."),
    15: lambda: _("Nguồn không biết tập hợp chỉ mục này. Sửa bảng chỉ mục của nguồn."),
    16: lambda: _("Nguồn không hỗ trợ chỉ mục này. Sửa bảng chỉ mục của nguồn."),
    19: lambda: _("Nguồn không hỗ trợ phép so sánh này. Sửa bảng chỉ mục của nguồn."),
    61: lambda: _("Nguồn trả lời nhưng không có biểu ghi ở vị trí được hỏi."),
    66: lambda: _("Nguồn không biết cú pháp biểu ghi này. Hãy chọn cú pháp khác."),
    67: lambda: _("Nguồn không gửi được biểu ghi theo cú pháp đã chọn."),
    71: lambda: _("Nguồn không hỗ trợ cách đóng gói biểu ghi được yêu cầu."),
}

PARTS = {
    "title": _lazy("nhan đề"),
    "responsibility": _lazy("tác giả"),
    "imprint": _lazy("thông tin xuất bản"),
    "subject": _lazy("chủ đề, từ khóa"),
    "class": _lazy("ký hiệu phân loại"),
    "number": _lazy("ISBN, ISSN"),
    "language": _lazy("ngôn ngữ"),
    "extent": _lazy("mô tả vật lý"),
    "notes": _lazy("phụ chú"),
}
GROUPS = {
    "leader": _lazy("Đầu biểu"),
    "fixed": _lazy("Trường cố định (006–008)"),
    "numbers": _lazy("Chỉ số nhận dạng (010–039)"),
    "language": _lazy("Ngôn ngữ, địa danh (041–047)"),
    "class": _lazy("Phân loại (050–099)"),
    "main": _lazy("Tiêu đề mô tả chính (1XX)"),
    "title": _lazy("Nhan đề (200–249)"),
    "imprint": _lazy("Lần xuất bản, xuất bản (250–299)"),
    "extent": _lazy("Mô tả vật lý (3XX)"),
    "series": _lazy("Tùng thư (4XX)"),
    "notes": _lazy("Phụ chú (500–589)"),
    "subject": _lazy("Chủ đề (6XX)"),
    "added": _lazy("Tiêu đề bổ sung, liên kết (7XX)"),
    "series_added": _lazy("Tiêu đề tùng thư (800–849)"),
    "link": _lazy("Địa chỉ điện tử (856–859)"),
    "script": _lazy("Chữ gốc (880)"),
}
RULES = {
    "KEEP": _lazy("Giữ của ta"),
    "ADD": _lazy("Chỉ thêm khi ta chưa có"),
    "UNION": _lazy("Gộp cả hai"),
    "TAKE": _lazy("Lấy của nguồn"),
}
ORIGINS = {
    "OURS": _lazy("Giữ nguyên"),
    "BOTH": _lazy("Như nhau"),
    "THEIRS": _lazy("Thêm từ nguồn"),
    "DROPPED": _lazy("Bỏ đi"),
    "LEFT": _lazy("Không lấy"),
    "TRACE": _lazy("Ghi nguồn gốc"),
}
INDEXES = {
    "isbn": _lazy("ISBN"),
    "issn": _lazy("ISSN"),
    "title": _lazy("Nhan đề"),
    "author": _lazy("Tác giả"),
    "year": _lazy("Năm xuất bản"),
    "any": _lazy("Mọi mục"),
}


def problem_sentence(stored: Mapping[str, Any]) -> str:
    """What is wrong, from the stored form of a TargetProblem; "" for none."""
    code, params = stored.get("code", ""), stored.get("params", {})
    if not code:
        return ""
    if code == "fetch":
        return _of_fetch(params)
    if code == "bib1":
        return _of_diagnostic(_BIB1, params, "Bib-1")
    if code == "sru":
        return _of_diagnostic(_SRU, params, "SRU")
    if code == "not_sru":
        return _("Địa chỉ này trả lời nhưng không phải dịch vụ SRU (phần tử đầu là “%(element)s”).") % {
            "element": params.get("element", "")
        }
    if code == "no_secret":
        return _("Biến môi trường %(name)s chứa mật khẩu chưa được đặt trên máy chủ.") % {
            "name": params.get("name", "")
        }
    return _SENTENCES.get(code, _SENTENCES["broken"])()


def _of_fetch(params: Mapping[str, Any]) -> str:
    if params.get("code") == "status" and params.get("status") in (401, 403):
        return _("Máy chủ đòi đăng nhập hoặc không cho phép máy này hỏi (HTTP %(status)s).") % {
            "status": params["status"]
        }
    if params.get("code") == "status" and params.get("status") == 404:
        return _("Máy chủ có thật nhưng không có gì ở địa chỉ này (HTTP 404). Kiểm tra phần đường dẫn.")
    if params.get("status") is not None:
        return fetching.sentence(fetching.FetchFailed(str(params["code"]), status=int(params["status"])))
    return fetching.sentence(fetching.FetchError(str(params.get("code", "connect"))))


def _of_diagnostic(known: Mapping[int, Callable[[], str]], params: Mapping[str, Any], kind: str) -> str:
    number, said = int(params.get("number", 0)), params.get("detail") or params.get("message") or ""
    sentence = known[number]() if number in known else _("Máy chủ báo lỗi.")
    if said:
        return _("%(sentence)s Máy chủ nói: “%(said)s” (%(kind)s %(number)s).") % {
            "sentence": sentence,
            "said": said,
            "kind": kind,
            "number": number,
        }
    return _("%(sentence)s (%(kind)s %(number)s)") % {"sentence": sentence, "kind": kind, "number": number}


def quality_word(score: int) -> str:
    """How rich a record is, in a word."""
    if score >= 85:
        return _("Đầy đủ")
    if score >= 60:
        return _("Khá đủ")
    return _("Sơ lược")
