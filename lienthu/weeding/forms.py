"""Reads and checks input; never saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lienthu.catalogue.queries.desk import ItemStatus
from lienthu.libraries.queries import libraries
from lienthu.weeding.actions.drafting import WEEDABLE
from lienthu.weeding.models import State
from lienthu.weeding.policy import Reason

_LONGEST = 200_000
_MOST_MEMBERS = 30


class CouncilForm(forms.Form):
    """What a weeding is called, and who sits in its council."""

    name = forms.CharField(label=_("Tên đợt thanh lọc"), max_length=160)
    chair = forms.CharField(
        label=_("Chủ tịch hội đồng thanh lọc"),
        required=False,
        max_length=240,
        help_text=_("Họ tên, dấu phẩy, chức vụ."),
    )
    members = forms.CharField(
        label=_("Thành viên hội đồng"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một người: họ tên, dấu phẩy, chức vụ. Dùng cho chỗ ký của biên bản."),
    )

    def council(self) -> list[tuple[str, str]]:
        """Names with their offices, the chair first; empty when there is no chair."""
        lines = [self.cleaned_data["chair"], *self.cleaned_data["members"].splitlines()[:_MOST_MEMBERS]]
        if not lines[0].strip():
            return []
        parts = (line.partition(",") for line in lines if line.strip())
        return [(name.strip(), office.strip()) for name, _comma, office in parts]

    @staticmethod
    def texts(council: list[list[str]]) -> dict[str, str]:
        """The fields for a council that is kept."""
        lines = [", ".join(part for part in person if part) for person in council]
        return {"chair": lines[0] if lines else "", "members": "\n".join(lines[1:])}


class LibraryChoice(forms.ModelChoiceField):
    """Libraries by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_vi)


class WeedingForm(CouncilForm):
    """The same for a new weeding of one's own library."""

    library = LibraryChoice(label=_("Thư viện"), queryset=libraries().none(), empty_label=None)

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own


class FindForm(forms.Form):
    """One criterion. Which field counts depends on it."""

    reason = forms.ChoiceField(
        label=_("Tìm bản"),
        choices=[
            (Reason.STATUS.value, _("Có tình trạng")),
            (Reason.YEAR.value, _("Xuất bản trước năm")),
            (Reason.SURPLUS.value, _("Thừa: mỗi nhan đề chỉ giữ số bản")),
            (Reason.UNUSED.value, _("Không ai mượn trong số năm")),
            (Reason.ROUNDS.value, _("Thiếu liên tiếp trong số đợt kiểm kê gần nhất")),
        ],
    )
    status = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[(value, label) for value, label in ItemStatus.choices if value in WEEDABLE],
    )
    number = forms.IntegerField(
        label=_("Năm, số bản, số năm hoặc số đợt"),
        required=False,
        min_value=1,
        max_value=2100,
        help_text=_("Không dùng khi tìm theo tình trạng."),
    )

    def value(self) -> str:
        """The value of the criterion in words of `find_copies`."""
        given = self.cleaned_data
        return str(given["status"] if given["reason"] == Reason.STATUS else given["number"] or "")


class NumbersForm(forms.Form):
    """Numbers of copies, and why these are weeded."""

    numbers = forms.CharField(
        label=_("Số đăng ký cá biệt"),
        max_length=_LONGEST,
        help_text=_("Quét từng bản, hoặc dán danh sách, mỗi dòng một số."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
    )
    why = forms.CharField(label=_("Lý do thanh lọc"), max_length=400)

    def clean_numbers(self) -> list[str]:
        """Each number once, in the order of scanning."""
        lines = self.cleaned_data["numbers"].replace(",", "\n").replace(";", "\n").splitlines()
        return list(dict.fromkeys(" ".join(line.split())[:80] for line in lines if line.strip()))


class ObjectionForm(forms.Form):
    """What somebody said, and about which copy."""

    who = forms.CharField(label=_("Người góp ý"), max_length=200)
    what = forms.CharField(label=_("Nội dung"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))
    number = forms.CharField(label=_("Về bản mang số (nếu có)"), max_length=80, required=False)


class KeepForm(forms.Form):
    """Why a copy stays in stock."""

    why = forms.CharField(label=_("Lý do giữ lại"), max_length=400)


class DecisionForm(forms.Form):
    """Number and day of the decision."""

    decision = forms.CharField(label=_("Số quyết định"), max_length=80)
    decided_on = forms.DateField(
        label=_("Ngày quyết định"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class WeedingFilter(forms.Form):
    """Which weedings."""

    q = forms.CharField(label=_("Tên đợt hoặc thư viện"), required=False, max_length=120)
    state = forms.ChoiceField(label=_("Bước"), required=False, choices=[("", _("Tất cả")), *State.choices])
