"""What can go wrong with backups and restores: a code with its facts, and the sentence that a person reads."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy


class BackupProblem(Exception):
    """A backup, a test or a restore cannot go on. `code` is one of SENTENCES; the facts must fit into JSON."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return sentence(self.code, self.params)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": self.params}


SENTENCES: dict[str, Promise] = {
    # making
    "another_running": _lazy("Đang có một lượt sao lưu khác chạy. Hãy chờ lượt ấy xong rồi làm lại."),
    "folder_unusable": _lazy(
        "Không ghi được vào thư mục %(folder)s: %(reason)s. Hãy tạo thư mục ấy hoặc chọn nơi khác."
    ),
    "no_space": _lazy(
        "Ổ đĩa của %(folder)s còn trống %(free)s, cần khoảng %(needed)s. Hãy dọn bớt hoặc chọn nơi khác."
    ),
    "key_unreadable": _lazy(
        "Không đọc được tệp khóa %(path)s (LIENTHU_BACKUP_KEY_FILE): %(reason)s. Sao lưu dừng lại để không ghi ra tệp "
        "không mã hóa."
    ),
    "key_too_short": _lazy("Khóa mã hóa bản sao lưu phải dài ít nhất %(least)d ký tự."),
    "programs_missing": _lazy(
        "Không có chương trình %(program)s. Hãy cài lại Liên Thư, hoặc đặt LIENTHU_PG_PROGRAMS là thư mục bin của "
        "PostgreSQL."
    ),
    "programs_too_old": _lazy(
        "Máy chủ là PostgreSQL %(server)s, %(program)s của bản cài này là %(own)s. Hãy cài bộ công cụ PostgreSQL "
        "%(server)s và đặt LIENTHU_PG_PROGRAMS là thư mục bin của nó."
    ),
    "program_failed": _lazy("%(program)s dừng vì lỗi: %(reason)s"),
    "database_unreachable": _lazy(
        "Không kết nối được cơ sở dữ liệu: %(reason)s. Chạy lienthu doctor để biết cách chữa."
    ),
    "system_error": _lazy("Hệ điều hành báo lỗi: %(reason)s."),
    "unexpected": _lazy("Lỗi ngoài dự kiến: %(reason)s. Chi tiết ở nhật ký của tiến trình."),
    "interrupted": _lazy("Tiến trình bị ngắt giữa chừng (mất điện, khởi động lại hoặc bị dừng)."),
    # reading
    "file_missing": _lazy("Không mở được tệp %(path)s: %(reason)s."),
    "not_a_backup": _lazy("%(path)s không phải tệp sao lưu của Liên Thư."),
    "newer_format": _lazy(
        "Tệp sao lưu do phiên bản Liên Thư mới hơn làm ra (%(version)s). Hãy cài phiên bản ấy rồi khôi phục."
    ),
    "key_needed": _lazy(
        "Tệp sao lưu được mã hóa. Hãy đặt LIENTHU_BACKUP_KEY, hoặc LIENTHU_BACKUP_KEY_FILE chỉ đến tệp giữ khóa."
    ),
    "wrong_key": _lazy("Khóa không mở được tệp sao lưu này: sai khóa, hoặc phần đầu tệp đã hỏng."),
    "cut": _lazy("Tệp sao lưu bị cắt cụt: thiếu phần cuối. Hãy chép lại từ nơi lưu, hoặc dùng bản sao lưu khác."),
    "damaged": _lazy(
        "Tệp sao lưu bị hỏng ở quanh byte %(offset)d. Hãy chép lại từ nơi lưu, hoặc dùng bản sao lưu khác."
    ),
    "cut_or_damaged": _lazy(
        "Tệp sao lưu bị cắt cụt hoặc bị hỏng ở quanh byte %(offset)d. Hãy chép lại từ nơi lưu, "
        "hoặc dùng bản sao lưu khác."
    ),
    "part_damaged": _lazy("Phần %(part)s trong tệp sao lưu không khớp mã kiểm tra. Hãy dùng bản sao lưu khác."),
    # restoring
    "home_not_empty": _lazy(
        "Thư mục %(home)s không rỗng (có %(found)s). Chỉ khôi phục vào một thư mục mới, để không ghi đè dữ liệu nào."
    ),
    "database_not_empty": _lazy(
        "Cơ sở dữ liệu mà DATABASE_URL chỉ đến đã có %(count)d bảng. "
        "Hãy tạo một cơ sở dữ liệu rỗng rồi khôi phục vào đó."
    ),
    "test_running": _lazy("Đang có một lượt kiểm tra phục hồi khác chạy. Hãy chờ lượt ấy xong rồi làm lại."),
    "restore_running": _lazy("Một lượt khôi phục khác đang chạy vào %(home)s."),
    "rows_differ": _lazy(
        "Sau khi phục hồi, bảng %(table)s có %(found)s dòng thay vì %(expected)s, hoặc nội dung khác. Bản sao lưu này "
        "không dùng được."
    ),
    "trail_broken": _lazy("Nhật ký trong bản sao lưu không nguyên vẹn: %(reason)s"),
    "newer_migrations": _lazy(
        "Bản sao lưu do phiên bản %(version)s làm ra, có những bảng mà phiên bản này chưa biết (%(app)s %(name)s). "
        "Hãy cài phiên bản ấy hoặc mới hơn."
    ),
    # found while making, told but not fatal
    "document_missing": _lazy("Tài liệu %(key)s được nhắc đến trong cơ sở dữ liệu nhưng không có trên đĩa."),
    "document_damaged": _lazy("Tài liệu %(key)s trên đĩa không khớp mã kiểm tra của nó."),
    "document_strange": _lazy("Tệp %(name)s trong thư mục tài liệu không phải của hệ thống nên không được sao lưu."),
}


def sentence(code: str, params: dict[str, Any]) -> str:
    """The sentence of a problem in the present language; an unknown code is shown as it is, never lost."""
    template = SENTENCES.get(code)
    if template is None:
        return _("Lỗi %(code)s.") % {"code": code}
    try:
        return str(template) % params
    except (KeyError, TypeError, ValueError):
        return str(template)
