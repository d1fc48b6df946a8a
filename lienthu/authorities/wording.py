"""What the desk and the command say about the authority file."""

from django.utils.translation import gettext as _

from lienthu.authorities.models import Change
from lienthu.authorities.policy.left import Left
from lienthu.catalogue.marc.problems import SENTENCES as READING

STATE_BADGES: dict[str, str] = {
    "WAITING": "waiting",
    "RUNNING": "running",
    "DONE": "done",
    "REVERTING": "running",
    "REVERTED": "withdrawn",
    "CHECKING": "running",
    "CHECKED": "waiting",
    "RETURNING": "running",
    "RETURNED": "withdrawn",
    "UNREADABLE": "refused",
}


def change_title(change: Change) -> str:
    """What a change does, in a line: old words, new words."""
    old = "; ".join(one["text"] for one in change.old[:3]) + (" …" if len(change.old) > 3 else "")
    return f"{change.get_kind_display()}: {old} → {change.new['text']}"


def left_sentence(left: Left) -> str:
    """Why a record of a file was left, or what of it was."""
    sentences = {
        "not_authority": _("không phải biểu ghi đề mục (đầu biểu vị trí 06 không phải z)"),
        "no_heading": _("không có trường 1XX"),
        "no_words": _("trường 1XX không có chữ nào"),
        "subdivision": _("biểu ghi của phần chia nhỏ (18X), hệ thống chưa giữ loại này"),
        "withdrawn_by_source": _("nguồn đã rút biểu ghi này; ở đây vẫn giữ, hãy tự quyết định"),
        "variant_elsewhere": _("dạng chuẩn này đang là dạng khác của một đề mục khác; hãy xem có phải là một không"),
        "other_form": _("dạng chuẩn trong tệp khác dạng chuẩn ở đây; đã thêm làm dạng khác, không đổi biểu ghi nào"),
        "other_kind": _("số này ở đây là một đề mục thuộc loại khác"),
        "edited_since": _("được giữ lại khi hoàn tác vì đã có người sửa sau lần nhập"),
        "related_since": _("được giữ lại khi hoàn tác vì đề mục khác còn dẫn đến nó"),
    }
    reading = READING.get(left.code, "")
    # Kept in the language of the job; a sentence without values is said again in the reader's.
    words = sentences.get(left.code) or (_(reading) if reading and "%(" not in reading else left.text)
    return f"{words}: {left.text}" if left.code in sentences and left.text else words
