"""What can be wrong with a file, in sentences that a librarian understands.

A problem is a code with parameters; its Vietnamese sentence stands in a table, so that it can be stored
as code and parameters and shown in any language: ``gettext(problem.sentence) % problem.params``.
"""

from dataclasses import dataclass, field
from typing import Any


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation without translating it (this package does not know Django)."""
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``sentence`` has named placeholders that ``params`` fill."""

    code: str
    sentence: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The whole Vietnamese sentence."""
        return self.sentence % self.params


class IntakeError(Exception):
    """A file is refused; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


SENTENCES: dict[str, str] = {
    "empty_file": gettext_noop("Tệp rỗng."),
    "file_too_large": gettext_noop("Tệp lớn hơn giới hạn %(limit)s byte."),
    "unknown_type": gettext_noop("Chưa nhận dạng được loại của tệp này."),
    "name_cleaned": gettext_noop("Tên tệp có ký tự hoặc đường dẫn không an toàn nên đã được làm sạch."),
    "name_disagrees": gettext_noop("Tên tệp có đuôi “%(suffix)s” nhưng nội dung là “%(kind)s”."),
    "archive_broken": gettext_noop("Tệp nén bị hỏng hoặc bị cắt cụt."),
    "archive_encrypted": gettext_noop("Tệp nén có mật khẩu; hãy giải nén rồi gửi lại."),
    "archive_too_many": gettext_noop("Tệp nén chứa %(count)s tệp, nhiều hơn giới hạn %(limit)s."),
    "archive_too_large": gettext_noop("Giải nén ra sẽ vượt giới hạn %(limit)s byte."),
    "archive_ratio": gettext_noop("Tệp nén có tỷ lệ nén bất thường (hơn %(limit)s lần), có thể là bom nén."),
    "archive_nested": gettext_noop("Tệp nén lồng trong tệp nén không được nhận."),
    "archive_unsafe_name": gettext_noop("Tệp nén chứa tên “%(name)s” trỏ ra ngoài thư mục."),
    "archive_not_single": gettext_noop("Tệp nén phải chứa đúng một tệp dữ liệu; tệp này có %(count)s."),
    "archive_method": gettext_noop("Tệp nén dùng phương pháp nén chưa được hỗ trợ."),
    "xml_dtd": gettext_noop("Tệp XML có khai báo DTD hoặc thực thể; vì an toàn, tệp như vậy bị từ chối."),
    "xml_encoding": gettext_noop("Tệp XML dùng bảng mã %(encoding)s; hãy lưu lại dưới dạng UTF-8."),
}


def problem(code: str, /, **params: Any) -> Problem:
    """The problem with this code."""
    return Problem(code, SENTENCES[code], params)
