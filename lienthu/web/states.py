"""The states a badge can show: a word, a shape and a colour each, so that no state is told by colour alone."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class State:
    """`tone` chooses colour and shape: leaf/circle, gold/square, indigo/diamond, lacquer/triangle, grey/bar."""

    label: str | Promise
    tone: str


STATES: dict[str, State] = {
    # copies
    "available": State(_("Có sẵn"), "leaf"),
    "on_loan": State(_("Đang mượn"), "gold"),
    "waiting": State(_("Đang chờ"), "gold"),
    "on_hold_shelf": State(_("Chờ bạn đọc đến lấy"), "indigo"),
    "claimed": State(_("Bạn đọc nói đã trả"), "gold"),
    "missing": State(_("Không thấy trên giá"), "lacquer"),
    "in_transit": State(_("Đang chuyển"), "gold"),
    "in_process": State(_("Đang xử lý"), "grey"),
    "reference_only": State(_("Đọc tại chỗ"), "indigo"),
    "reference": State(_("Đọc tại chỗ"), "indigo"),
    "online": State(_("Đọc trực tuyến"), "indigo"),
    "damaged": State(_("Hư hỏng"), "lacquer"),
    "lost": State(_("Mất"), "lacquer"),
    "withdrawn": State(_("Đã thanh lọc"), "grey"),
    "unavailable": State(_("Chưa có bản nào"), "grey"),
    # the circulation desk
    "lent": State(_("Đã ghi mượn"), "leaf"),
    "returned": State(_("Đã ghi trả"), "leaf"),
    "used_here": State(_("Tại chỗ"), "indigo"),
    "to_hold_shelf": State(_("Lên giá chờ"), "indigo"),
    "to_transit": State(_("Gửi đi"), "gold"),
    "nothing": State(_("Không đổi"), "grey"),
    # work
    "refused": State(_("Từ chối"), "lacquer"),
    "rejected": State(_("Bị loại"), "lacquer"),
    "failed": State(_("Không thành"), "lacquer"),
    "overdue": State(_("Quá hạn"), "lacquer"),
    "closed": State(_("Đóng cửa"), "lacquer"),
    "warning": State(_("Cần chú ý"), "gold"),
    "running": State(_("Đang chạy"), "gold"),
    "pending": State(_("Chờ đến lượt"), "grey"),
    "done": State(_("Xong"), "leaf"),
    "open": State(_("Đang mở cửa"), "leaf"),
    "active": State(_("Đang hoạt động"), "leaf"),
    "reverted": State(_("Đã hoàn tác"), "grey"),
    "deleted": State(_("Đã xóa"), "grey"),
    "merged": State(_("Đã sáp nhập"), "grey"),
    "transferred": State(_("Đã chuyển giao"), "grey"),
    "dissolved": State(_("Đã giải thể"), "grey"),
    "info": State(_("Thông tin"), "indigo"),
    "neutral": State(_("Ghi chú"), "grey"),
}


def state_of(name: object) -> State:
    """The state called `name` in any case; an unknown name is shown as it is, in grey, never lost."""
    return STATES.get(str(name).lower()) or State(str(name), "grey")
