"""The table of commands that are Django management commands of the product."""

from dataclasses import dataclass

from lienthu.server.language import gettext_noop


@dataclass(frozen=True)
class Command:
    """words is what a person types first, django what runs instead of them; the remaining arguments follow unchanged.

    A command that needs no database is run without one being started; it may start what it needs itself
    with lienthu.server.postgres.EmbeddedPostgres. One that does not prepare the home makes it itself when it has
    seen that it may, and leaves nothing behind in a folder that it refuses.
    """

    words: tuple[str, ...]
    django: tuple[str, ...]
    summary: str = ""
    needs_database: bool = True
    prepares_home: bool = True


COMMANDS = (
    Command(("demo",), ("demo",), gettext_noop("nạp dữ liệu trình diễn của một tỉnh; chạy lại không thêm gì")),
    Command(("import",), ("import_records",), gettext_noop("nhập biểu ghi từ tệp MARC, Excel, CSV… vào một thư viện")),
    Command(("imports",), ("imports",), gettext_noop("danh sách các đợt nhập; hoàn tác một đợt")),
    Command(("harvest",), ("harvest",), gettext_noop("thu hoạch OAI-PMH: các nguồn và độ mới; lấy ngay một nguồn")),
    Command(("export",), ("export",), gettext_noop("xuất biểu ghi ra MARC, MARCXML hoặc JSON")),
    Command(("index",), ("index",), gettext_noop("chỉ mục tìm kiếm: lập lại, kiểm tra")),
    Command(
        ("catalogue", "rematch"),
        ("rematch",),
        gettext_noop("đối sánh những biểu ghi chưa đối sánh theo luật hiện hành"),
    ),
    Command(("authorities",), ("authorities",), gettext_noop("nhập và xuất biểu ghi đề mục: dạng chuẩn, dạng khác")),
    Command(
        ("catalogue", "match-report"),
        ("match_report",),
        gettext_noop("độ đúng của việc đối sánh trên các cặp đã gắn nhãn: [--json] [TỆP]"),
        needs_database=False,
    ),
    Command(("backup", "restore"), ("backup", "restore"), needs_database=False, prepares_home=False),
    Command(("backup", "verify"), ("backup", "verify"), needs_database=False),
    Command(("backup",), ("backup",), gettext_noop("sao lưu, kiểm tra bản sao lưu, khôi phục")),
    Command(("doctor",), ("doctor",), gettext_noop("khám hệ thống: hỏng gì, chữa thế nào"), needs_database=False),
    Command(("user",), ("user",), gettext_noop("tài khoản: tạo, đổi mật khẩu, giao quyền")),
    Command(("sip2",), ("sip2",), gettext_noop("máy chủ SIP2 cho máy tự phục vụ: [--port 6001], thêm máy: --add")),
    Command(("audit",), ("audit",), gettext_noop("kiểm tra nhật ký kiểm toán")),
    Command(("manage",), (), gettext_noop("các lệnh quản trị của Django")),
)


def find_command(arguments: list[str]) -> Command | None:
    """The command that the arguments begin with; the longest match wins."""
    fitting = [command for command in COMMANDS if tuple(arguments[: len(command.words)]) == command.words]
    return max(fitting, key=lambda command: len(command.words), default=None)
