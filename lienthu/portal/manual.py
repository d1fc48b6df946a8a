"""The chapters of the readers' manual, and the examples of the query language that it shows with their results."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Chapter:
    """One page of the manual under /tro-giup/."""

    name: str
    template: str
    title: Promise
    summary: Promise
    icon: str


@dataclass(frozen=True)
class Example:
    """A query that a reader can try, with what it means."""

    query: str
    meaning: Promise


CHAPTERS = (
    Chapter("tim-tai-lieu", "searching", _("Tìm tài liệu"), _("Từ ô tìm đến cuốn sách trên giá, từng bước."), "search"),
    Chapter(
        "cau-tim",
        "query_language",
        _("Câu tìm chính xác"),
        _("Ngoặc kép, VÀ, HOẶC, KHÔNG, tìm theo mục, theo năm."),
        "list-details",
    ),
    Chapter(
        "go-khong-dau",
        "typing",
        _("Gõ có dấu và không dấu"),
        _("Gõ thế nào cũng tìm được, kể cả khi quên bật bộ gõ."),
        "language",
    ),
    Chapter("ban-phim", "keyboard", _("Dùng bàn phím"), _("Phím tắt và trình đọc màn hình."), "keyboard"),
    Chapter(
        "bao-loi",
        "report",
        _("Báo chỗ sai"),
        _("Khi biểu ghi, giờ mở cửa hay trang web có chỗ chưa đúng."),
        "alert-triangle",
    ),
)

EXAMPLES = (
    Example("truyện kiều", _("Cả hai từ, ở đâu trong biểu ghi cũng được; nhan đề đúng như vậy đứng đầu")),
    Example('"truyện kiều"', _("Hai từ đứng liền nhau, đúng thứ tự")),
    Example("tác giả: nguyễn du", _("Chỉ tìm trong tên tác giả")),
    Example("nhan đề: từ điển", _("Chỉ tìm trong nhan đề")),
    Example("chủ đề: history", _("Chỉ tìm trong chủ đề và từ khóa")),
    Example("thơ HOẶC truyện", _("Có một trong hai từ; chữ HOẶC viết hoa")),
    Example('việt nam KHÔNG "chiến tranh"', _("Có từ trước mà không có từ sau; viết dấu trừ sát trước từ cũng được")),
    Example("(thơ HOẶC truyện) năm:1970-1990", _("Ngoặc đơn gom các từ lại; năm từ 1970 đến 1990")),
    Example("năm:>=2000", _("Từ năm 2000 trở lại đây")),
    Example("kinh*", _("Mọi từ bắt đầu bằng “kinh”")),
    Example("=thơ", _("Đúng dấu như đã gõ, không lấy “tho” hay “thô”")),
    Example("ddc:959", _("Ký hiệu phân loại bắt đầu bằng 959")),
    Example("ngôn ngữ: tiếng việt", _("Tài liệu bằng tiếng Việt")),
    Example("loại: sách", _("Chỉ sách")),
)

# What Telex and VNI keystrokes become; the search page reads them as letters when the input method was off.
LETTERS = (
    ("truyeenj kieeuf", "Telex", "truyện kiều"),
    ("truye6n5 kie6u2", "VNI", "truyện kiều"),
    ("truyen kieu", "", "truyện kiều"),
)
