"""What batch editing says: steps, selections, reasons and refusals in sentences."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.batchedit.policy import selecting
from lienthu.batchedit.policy import steps as s
from lienthu.batchedit.policy.shapes import place_of
from lienthu.batchedit.policy.steps import Condition, Step
from lienthu.catalogue.queries.desk import ItemStatus, Visibility
from lienthu.catalogue.queries.wording import field_label, sentence
from lienthu.cataloguing.queries.wording import demand_label, finding_sentence, words
from lienthu.cataloguing.rules import tables

STATE_BADGES = {
    "DRAFT": "pending",
    "PREVIEWING": "running",
    "PREVIEWED": "waiting",
    "RUNNING": "running",
    "DONE": "done",
    "STOPPED": "warning",
    "REVERTING": "running",
    "REVERTED": "reverted",
}
OUTCOME_BADGES = {
    "SELECTED": "pending",
    "PLANNED": "waiting",
    "UNCHANGED": "neutral",
    "REFUSED": "refused",
    "CHANGED": "done",
    "SKIPPED": "warning",
    "RESTORED": "reverted",
    "KEPT": "warning",
}

KIND_LABELS: dict[str, Promise] = {
    s.REPLACE: _lazy("Thay chữ"),
    s.ADD_FIELD: _lazy("Thêm trường"),
    s.ADD_SUBFIELD: _lazy("Thêm hoặc đặt trường con"),
    s.DELETE_FIELD: _lazy("Xóa trường"),
    s.DELETE_SUBFIELD: _lazy("Xóa trường con"),
    s.MOVE_FIELD: _lazy("Chuyển trường"),
    s.COPY_FIELD: _lazy("Chép trường"),
    s.MOVE_SUBFIELD: _lazy("Chuyển trường con"),
    s.COPY_SUBFIELD: _lazy("Chép trường con"),
    s.SET_INDICATOR: _lazy("Đặt chỉ thị"),
    s.SET_FIXED: _lazy("Đặt mã ở đầu biểu, 006, 007, 008"),
    s.DROP_DUPLICATES: _lazy("Bỏ trường lặp y hệt"),
    "set_copies:shelf": _lazy("Đổi kho của bản tài liệu"),
    "set_copies:branch": _lazy("Đổi điểm phục vụ của bản tài liệu"),
    "set_copies:status": _lazy("Đổi tình trạng bản tài liệu"),
    "set_copies:visibility": _lazy("Đổi người được thấy bản tài liệu"),
    s.CALL_PREFIX: _lazy("Đổi phần đầu ký hiệu xếp giá"),
}
WHICH: dict[str, Promise] = {
    s.ALL: _lazy("mọi trường"),
    s.FIRST: _lazy("trường đầu tiên"),
    s.LAST: _lazy("trường cuối cùng"),
    **{str(number): format_lazy(_lazy("trường thứ {number}"), number=number) for number in range(2, 10)},
}
MODES: dict[str, Promise] = {
    "exact": _lazy("Đúng từng chữ, từng dấu"),
    "case": _lazy("Không phân biệt chữ hoa, chữ thường"),
    "marks": _lazy("Bỏ qua dấu và chữ hoa"),
}
PARTS: dict[str, Promise] = {
    "any": _lazy("Ở bất cứ chỗ nào"),
    "word": _lazy("Chỉ khi là từ trọn vẹn"),
    "whole": _lazy("Chỉ khi là toàn bộ giá trị"),
}
THERE: dict[str, Promise] = {
    s.SKIP: _lazy("Để nguyên trường ấy"),
    s.OVERWRITE: _lazy("Đặt lại theo giá trị mới"),
    s.REPEAT: _lazy("Thêm một trường con nữa"),
}
TESTS: dict[str, Promise] = {
    s.EXISTS: _lazy("có"),
    s.MISSING: _lazy("không có"),
    s.CONTAINS: _lazy("chứa chữ"),
    s.LACKS: _lazy("không chứa chữ"),
    s.EQUALS: _lazy("đúng bằng"),
    s.LIKE: _lazy("khớp mẫu (* # ?)"),
    s.UNLIKE: _lazy("không khớp mẫu (* # ?)"),
}
ATTRIBUTES: dict[str, Promise] = {
    "shelf": _lazy("Kho"),
    "branch": _lazy("Điểm phục vụ"),
    "status": _lazy("Tình trạng"),
    "visibility": _lazy("Ai thấy"),
    "call_number": _lazy("Ký hiệu xếp giá"),
}
SELECTIONS: dict[str, Promise] = {
    selecting.QUERY: _lazy("Theo câu tìm"),
    selecting.LIST: _lazy("Theo danh sách số"),
    selecting.IMPORT: _lazy("Theo lần nhập"),
    selecting.EVERYTHING: _lazy("Toàn bộ thư viện"),
}
NUMBERS: dict[str, Promise] = {
    selecting.ANY: _lazy("Tự nhận biết"),
    selecting.ACCESSION: _lazy("Số đăng ký cá biệt"),
    selecting.CONTROL: _lazy("Số kiểm soát"),
    selecting.STANDARD: _lazy("ISBN, ISSN"),
    selecting.PUBLIC: _lazy("Mã hoặc địa chỉ trang biểu ghi"),
}
LEFT: dict[str, Promise] = {
    "not_found": _lazy("không thấy"),
    "elsewhere": _lazy("thuộc thư viện khác"),
    "withdrawn": _lazy("đã rút khỏi mục lục"),
}

_FAULTS: dict[str, str] = {
    "kind": gettext_noop("Không có loại bước này."),
    "tag": gettext_noop("Nhãn trường phải là ba chữ số; bước sửa trường có sẵn được dùng X, ví dụ 65X."),
    "system": gettext_noop("Trường này do hệ thống ghi; không sửa hàng loạt được."),
    "control": gettext_noop("Trường 00X không có trường con và chỉ thị; hãy dùng bước khác."),
    "of_copies": gettext_noop("Bản tài liệu có số riêng nên không thêm hàng loạt bằng trường này được."),
    "same_place": gettext_noop("Nơi đến trùng với nơi đi."),
    "code": gettext_noop("Mã trường con phải là một chữ số hoặc một chữ thường không dấu."),
    "which": gettext_noop("Hãy chọn trường nào."),
    "empty": gettext_noop("Chưa có nội dung."),
    "choice": gettext_noop("Hãy chọn một giá trị trong danh sách."),
    "too_long": gettext_noop("Nội dung quá dài."),
    "forbidden": gettext_noop("Nội dung có ký tự điều khiển không được phép."),
    "pattern_long": gettext_noop("Chữ cần tìm dài quá 200 ký tự."),
    "pattern_wild": gettext_noop("Mẫu có nhiều hơn 9 ký tự đại diện."),
    "pattern_empty": gettext_noop("Mẫu chỉ có dấu * thì khớp với mọi thứ; hãy viết thêm chữ."),
    "indicators": gettext_noop("Chỉ thị phải là chữ số, chữ thường hoặc # (trống)."),
    "length": gettext_noop("Giá trị phải dài đúng bằng số vị trí; # là chỗ trống."),
    "not_in_table": gettext_noop("Mã này không có trong bảng của vị trí đã chọn."),
    "no_field": gettext_noop("Bước này không sửa trường có sẵn nên chỉ đặt được điều kiện cho cả biểu ghi."),
}
_NOT_POSSIBLE: dict[str, str] = {
    "state": gettext_noop("Lần sửa này đang ở giai đoạn khác; hãy xem lại trang rồi làm tiếp."),
    "version": gettext_noop("Lần sửa này vừa được người khác đổi. Hãy xem lại rồi làm tiếp."),
    "no_steps": gettext_noop("Chưa có bước nào. Hãy thêm ít nhất một bước."),
    "nothing": gettext_noop("Không có biểu ghi nào sẽ đổi."),
    "nothing_to_return": gettext_noop("Không có biểu ghi nào để trả về."),
    "too_many_steps": gettext_noop("Mỗi lần sửa có nhiều nhất 50 bước; hãy chia thành nhiều lần."),
    "step": gettext_noop("Có bước không dùng được; hãy sửa lại bước đó."),
}
_WHY: dict[str, str] = {
    "condition": gettext_noop("Không bước nào có điều kiện được thoả."),
    "nothing": gettext_noop("Không có gì phải sửa theo các bước."),
    "withdrawn": gettext_noop("Biểu ghi đã rút khỏi mục lục."),
    "changed": gettext_noop("Người khác đã lưu biểu ghi này sau khi xem trước."),
    "changed_since": gettext_noop("Biểu ghi hoặc bản tài liệu của nó đã được sửa sau lần sửa hàng loạt này."),
    "copy_away": gettext_noop("Bản %(number)s đang có người mượn hoặc đang chuyển; không đổi tình trạng được."),
    "copy_status": gettext_noop("Bản %(number)s: bàn biên mục không đặt được giá trị này."),
    "copy_branch": gettext_noop("Bản %(number)s: điểm phục vụ không thuộc thư viện hoặc đã đóng."),
    "copy_too_long": gettext_noop("Bản %(number)s: kho hoặc ký hiệu xếp giá dài quá 200 ký tự."),
}
_PROBLEMS: dict[str, str] = {
    "empty": gettext_noop("Không tìm thấy biểu ghi nào của thư viện này."),
    "too_many": gettext_noop("Lựa chọn này có hơn %(most)s biểu ghi, quá giới hạn một lần sửa. Hãy chọn hẹp hơn."),
    "not_allowed": gettext_noop(
        "Người yêu cầu không còn quyền sửa ở thư viện này nên việc đã dừng. Người có quyền có thể làm tiếp."
    ),
}


def fault_sentence(code: str) -> str:
    """What is wrong with a value of a step."""
    return gettext(_FAULTS[code])


def not_possible(code: str) -> str:
    """Why nothing was done."""
    return gettext(_NOT_POSSIBLE[code])


def problem_sentence(problem: Mapping[str, Any]) -> str:
    """Why a preview or a run could not go on."""
    code = problem["code"]
    return gettext(_PROBLEMS[code]) % problem


def why_sentence(why: Mapping[str, Any]) -> str:
    """Why a record stays, was refused or skipped."""
    code = why["code"]
    if code == "locked":
        return _("Trường “%(field)s” của biểu ghi liên hợp đã được khóa.") % {"field": field_label(why["field"])}
    if code == "fault":
        return finding_sentence(why["finding"], why["values"])
    if code == "minimum":
        return _("Biểu ghi sẽ mất yếu tố tối thiểu bắt buộc: %(what)s.") % {"what": demand_label(why["demand"])}
    if code == "catalogue":
        return sentence(why["problem"], why["values"])
    return gettext(_WHY[code]) % why


def selection_sentence(selection: Mapping[str, Any], *, imported: str = "") -> str:
    """Which records, in a line."""
    kind = selection["kind"]
    if kind == selecting.QUERY:
        return _("Biểu ghi tìm thấy bằng câu “%(query)s”") % {"query": selection["text"]}
    if kind == selecting.LIST:
        return _("Danh sách %(count)d dòng: %(kind)s") % {
            "count": selection.get("count", 0),
            "kind": NUMBERS[selection.get("numbers", selecting.ANY)],
        }
    if kind == selecting.IMPORT:
        return _("Biểu ghi của lần nhập “%(name)s”") % {"name": imported or selection.get("name", "")}
    return _("Mọi biểu ghi của thư viện")


def step_label(step: Step) -> str:
    """What kind of step it is."""
    return str(KIND_LABELS[ui_kind(step)])


def ui_kind(step: Step) -> str:
    """The kind as pages name it: steps on copies are named with what they change."""
    return f"{step.kind}:{step.number}" if step.kind == s.SET_COPIES else step.kind


def step_sentence(step: Step, *, branches: Mapping[str, str]) -> str:
    """What a step does, in one sentence."""
    return f"{_deed(step, branches)}{_condition(step.condition)}"


def _deed(step: Step, branches: Mapping[str, str]) -> str:
    where = f"{step.tag} ${step.code}" if step.code else step.tag
    told = {
        "where": where,
        "which": WHICH.get(step.which, ""),
        "find": step.find,
        "value": step.value,
        "to": f"{step.to_tag} ${step.to_code}" if step.to_code else step.to_tag,
        "number": step.number,
    }
    if step.kind in s.ON_COPIES:
        return _copies(step, branches)
    if step.kind == s.SET_FIXED:
        return _fixed(step)
    text = gettext(_DEEDS[step.kind]) % told
    if step.kind == s.REPLACE:
        ways = [MODES[step.mode]] if step.mode != "exact" else []
        ways += [PARTS[step.part]] if step.part != "any" else []
        ways += [_("mẫu có ký tự đại diện")] if step.wild else []
        text += "".join(f"; {str(way)[:1].lower()}{str(way)[1:]}" for way in ways)
    if step.kind == s.ADD_FIELD:
        text = f"{text}: {step.indicators.replace(' ', '#')} {step.value}"
    return text


_DEEDS: dict[str, str] = {
    s.REPLACE: gettext_noop("Thay “%(find)s” bằng “%(value)s” trong %(where)s (%(which)s)"),
    s.ADD_FIELD: gettext_noop("Thêm trường %(where)s"),
    s.ADD_SUBFIELD: gettext_noop("Thêm “%(value)s” vào %(where)s (%(which)s)"),
    s.DELETE_FIELD: gettext_noop("Xóa %(where)s (%(which)s)"),
    s.DELETE_SUBFIELD: gettext_noop("Xóa trường con %(where)s (%(which)s)"),
    s.MOVE_FIELD: gettext_noop("Chuyển %(where)s (%(which)s) thành %(to)s"),
    s.COPY_FIELD: gettext_noop("Chép %(where)s (%(which)s) sang %(to)s"),
    s.MOVE_SUBFIELD: gettext_noop("Chuyển %(where)s (%(which)s) sang %(to)s"),
    s.COPY_SUBFIELD: gettext_noop("Chép trường con %(where)s (%(which)s) sang %(to)s"),
    s.SET_INDICATOR: gettext_noop("Đặt chỉ thị %(number)s của %(where)s (%(which)s) là “%(value)s”"),
    s.DROP_DUPLICATES: gettext_noop("Bỏ những trường %(where)s lặp y hệt, giữ trường đầu"),
}


def _copies(step: Step, branches: Mapping[str, str]) -> str:
    if step.kind == s.CALL_PREFIX:
        text = _("Ký hiệu xếp giá bắt đầu bằng “%(find)s”: đổi phần ấy thành “%(value)s”") % {
            "find": step.find,
            "value": step.value,
        }
    else:
        text = _("Đặt %(attribute)s của bản tài liệu là “%(value)s”") % {
            "attribute": str(ATTRIBUTES[step.number]).lower(),
            "value": copy_value(step.number, step.value, branches),
        }
    if not step.only:
        return text
    value = copy_value(step.only, step.only_value, branches)
    return text + _("; chỉ những bản có %(attribute)s là “%(value)s”") % {
        "attribute": str(ATTRIBUTES[step.only]).lower(),
        "value": value,
    }


def copy_value(attribute: str, value: str, branches: Mapping[str, str]) -> str:
    """A value of a copy as people say it."""
    if attribute == "branch":
        return branches.get(value, value) if value not in ("", "0") else _("không có")
    if attribute == "status":
        return str(ItemStatus(value).label) if value in ItemStatus.values else value
    if attribute == "visibility":
        return str(Visibility(value).label) if value in Visibility.values else value
    return value or _("(trống)")


def _fixed(step: Step) -> str:
    found = place_of(step.place)
    if found is None:
        return step.place
    place, position = found
    shown = step.value.replace(" ", "#")
    meaning = position.values.get(step.value.replace("#", " "))
    return _("Đặt %(place)s là “%(value)s”") % {
        "place": f"{place.part}/{place.start:02d} {words(position.name)}",
        "value": f"{shown} ({words(meaning)})" if meaning else shown,
    }


def _condition(condition: Condition | None) -> str:
    if condition is None:
        return ""
    told = {
        "where": f"{condition.tag} ${condition.code}".strip() if condition.code else condition.tag,
        "test": TESTS[condition.test],
        "text": f" “{condition.text}”" if condition.test in s.WITH_TEXT else "",
        "code": f"${condition.code}" if condition.code else _("cả trường"),
    }
    if condition.of == s.OF_FIELD:
        return _("; chỉ trường mà %(code)s %(test)s%(text)s") % told
    if condition.test in (s.EXISTS, s.MISSING):
        return _("; nếu biểu ghi %(test)s %(where)s") % told
    return _("; nếu %(where)s %(test)s%(text)s") % told


def field_name(tag: str) -> str:
    """The name of a field of MARC, "" for one that the table does not have."""
    rule = tables.fields().get(tag)
    return words(rule.name) if rule else ""
