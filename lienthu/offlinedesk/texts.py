"""What the application says on its own, in the language of the page that carries it."""

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    """Sentences by name; `{name}` stands for a value."""
    return {
        "online": _("Có mạng, đã gửi hết"),
        "offline": _("Mất mạng, ghi vào máy"),
        "sending": _("Đang gửi"),
        "waiting": _("{count} việc chờ gửi"),
        "noPin": _("Mã PIN có từ 6 đến 64 chữ hoặc số."),
        "pinsDiffer": _("Hai lần gõ mã PIN không giống nhau."),
        "wrongPin": _("Mã PIN không đúng. Còn {left} lần thử."),
        "locked": _(
            "Đã gõ sai năm lần: bản sao bị khóa. Khi có mạng, đăng nhập rồi mở trang của máy này để mở khóa. "
            "Nhật ký vẫn còn nguyên."
        ),
        "copyExpired": _(
            "Bản sao đã quá {days} ngày nên đã được xóa. Nhật ký vẫn còn. Nối mạng để lấy bản sao mới rồi ghi tiếp."
        ),
        "revoked": _("Máy này đã bị thu hồi. Bản sao đã được xóa; nhật ký đã gửi về thư viện."),
        "revokedKept": _(
            "Máy này đã bị thu hồi. Bản sao đã được xóa; nhật ký chưa gửi nên còn giữ: nối mạng hoặc lấy thành tệp."
        ),
        "expiredDevice": _("Máy này đã hết hạn ghi danh. Nhật ký đã gửi chờ người quyết định; hãy ghi danh lại."),
        "noPerson": _("Người ghi danh máy này không còn quyền cho mượn. Nhật ký đã gửi chờ người khác quyết định."),
        "noCopy": _("Chưa có bản sao: cần mạng một lần để lấy về."),
        "gettingCopy": _("Đang lấy bản sao"),
        "copyOf": _("Bản sao lúc {at}: {cards} thẻ, {copies} bản tài liệu."),
        "notSecure": _(
            "Trang này cần địa chỉ https (hoặc chính máy chủ) để mã hóa bản sao. Hãy mở bằng địa chỉ https."
        ),
        "noStorage": _("Trình duyệt này không cho giữ dữ liệu. Hãy dùng cửa sổ thường, không ẩn danh."),
        "notPersisted": _("Trình duyệt có thể xóa dữ liệu khi đầy máy. Cài quầy này như ứng dụng để giữ chắc hơn."),
        "newVersion": _("Có bản mới của quầy. Cập nhật không làm mất nhật ký."),
        "brokenAt": _(
            "Máy chủ không nhận từ việc số {number}: {why} Không ghi gì sau chỗ đó. Lấy nhật ký thành tệp và báo "
            "người phụ trách."
        ),
        "UNREADABLE": _("có dòng không đọc được."),
        "BAD_SEAL": _("có dòng bị sửa."),
        "BROKEN_CHAIN": _("chuỗi bị đứt."),
        "GAP": _("thiếu dòng."),
        "FORKED": _("hai nội dung cho một số thứ tự."),
        "scanCard": _("Quét thẻ bạn đọc"),
        "scanBook": _("Quét sách"),
        "scanReturn": _("Quét sách cần trả"),
        "scanRenew": _("Quét sách cần gia hạn"),
        "modeLEND": _("Đang ghi mượn"),
        "modeRETURN": _("Đang ghi trả"),
        "modeRENEW": _("Đang gia hạn"),
        "noted": _("Tạm ghi"),
        "refused": _("Không ghi"),
        "notKnownCard": _("Không có thẻ {number} trong bản sao"),
        "notKnownCopy": _("Không có bản {number} trong bản sao"),
        "useAsCard": _("Dùng làm số thẻ: {number}"),
        "lendUnknown": _("Vẫn tạm ghi mượn bản {number}"),
        "cardFirst": _("Quét thẻ trước, hoặc bấm F2 để ghi trả."),
        "unknownTitle": _("Bản chưa có trong bản sao"),
        "unknownReader": _("Thẻ chưa có trong bản sao"),
        "serverDecides": _("Máy chủ sẽ quyết định khi có mạng."),
        "until": _("đến {day}"),
        "of": _("{have} trên {most}"),
        "cardLOST": _("Thẻ này đã báo mất."),
        "cardRETURNED": _("Thẻ này đã thu lại."),
        "cardREPLACED": _("Thẻ này đã thay bằng thẻ {number}."),
        "cardExpired": _("Thẻ hết hạn ngày {day}."),
        "blocked": _("Bạn đọc đang bị ngừng mượn."),
        "guardian": _("Bạn đọc dưới 16 tuổi chưa có người giám hộ đồng ý."),
        "tooMany": _("Được mượn nhiều nhất {most} tài liệu, đang mượn {have}."),
        "overdue": _("Bạn đọc có tài liệu quá hạn từ {day}."),
        "notLendable": _("Loại tài liệu này không cho nhóm của bạn đọc mượn."),
        "onLoan": _("Bản này đang ghi có người mượn: ghi trả trước rồi ghi mượn."),
        "kept": _("Bản này đang để dành cho bạn đọc khác."),
        "barred": _("Bản này chỉ đọc tại chỗ hoặc chưa cho mượn được."),
        "alreadyNoted": _("Vừa tạm ghi mượn bản này rồi."),
        "notOnLoan": _("Bản này không ghi có ai mượn."),
        "tooManyRenewals": _("Được gia hạn nhiều nhất {most} lần."),
        "nothingGained": _("Gia hạn lúc này không lùi được hạn trả {day}."),
        "returned": _("Đã tạm ghi trả."),
        "backToShelf": _("Để riêng cho đến khi có mạng: có thể có người đang chờ."),
        "inLibrary": _("Trả trong ngày"),
        "exportName": _("nhat-ky-quay"),
        "exported": _("Đã lấy nhật ký thành tệp. Nạp tệp này ở trang của máy, trên bất kỳ máy nào có mạng."),
        "nothingToExport": _("Không còn việc nào chưa gửi."),
        "update": _("Cập nhật"),
        "stillUnsent": _("Máy này còn việc chưa gửi của lần ghi danh trước: mở quầy và gửi hết rồi mới ghi danh lại."),
        "otherMachine": _("Trình duyệt này không phải của máy đó: mở trang này trên chính máy cần mở khóa."),
        "unlocked": _("Đã mở khóa. Mở quầy bằng mã PIN mới."),
    }
