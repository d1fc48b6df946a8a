"""Reads and checks input; never saves."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lienthu.kernel import clock
from lienthu.libraries.queries import Library, libraries
from lienthu.rotation.models import State
from lienthu.rotation.policy import latest_return

_LONGEST = 20_000
_USUAL_DAYS = 90


class LibraryChoice(forms.ModelChoiceField):
    """Libraries by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_vi)


class SetForm(forms.Form):
    """What a set is called, whose it is, where it goes, until when."""

    name = forms.CharField(label=_("Tên bộ sách"), max_length=160)
    owner = LibraryChoice(label=_("Thư viện chủ"), queryset=libraries().none(), empty_label=None)
    host = LibraryChoice(label=_("Thư viện nhận"), queryset=libraries().none(), empty_label=None)
    point = forms.CharField(
        label=_("Điểm luân chuyển, nếu không ở trụ sở thư viện nhận"),
        max_length=160,
        required=False,
        help_text=_("Ví dụ: Điểm Bưu điện – Văn hóa xã, tủ sách thôn, xe thư viện lưu động."),
    )
    due_on = forms.DateField(
        label=_("Hạn trả"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Không quá 6 tháng kể từ ngày bàn giao (Thông tư 05/2022/TT-BVHTTDL)."),
    )

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = own
        active = libraries().filter(status=Library.Status.ACTIVE)
        self.fields["host"].queryset = active.order_by("name_sort", "code")

    @staticmethod
    def usual_due() -> date:
        return min(clock.today() + timedelta(days=_USUAL_DAYS), latest_return(clock.today()))


class DueForm(forms.Form):
    """Another day of return."""

    due_on = forms.DateField(label=_("Hạn trả"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ScanForm(forms.Form):
    """Numbers of copies: one from a scanner, or many from a list."""

    numbers = forms.CharField(
        label=_("Số đăng ký cá biệt"),
        max_length=_LONGEST,
        help_text=_("Quét từng bản, hoặc dán danh sách, mỗi dòng một số."),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True, "spellcheck": "false", "autocapitalize": "off"}),
    )

    def clean_numbers(self) -> list[str]:
        """Each number once, in the order of scanning."""
        lines = self.cleaned_data["numbers"].replace("\x00", "").replace(",", "\n").replace(";", "\n").splitlines()
        return list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))


class SetFilter(forms.Form):
    """Which sets."""

    q = forms.CharField(label=_("Tên bộ sách hoặc nơi"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[("", _("Chưa kết thúc")), ("LATE", _("Quá hạn trả")), *State.choices],
    )
