"""Reads and checks input; never saves."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from lienthu.libraries.queries import branches, branches_of, libraries
from lienthu.stocktaking.actions import Scanned
from lienthu.stocktaking.models import Round, State
from lienthu.stocktaking.wording import OUTCOMES

_LONGEST = 200_000


class LibraryChoice(forms.ModelChoiceField):
    """Libraries by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_vi)


class BranchChoice(forms.ModelChoiceField):
    """Service points by library and name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.library.name_vi}: {obj.name_vi}"


class PointChoice(forms.ModelChoiceField):
    """Service points of one library."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_vi)


class RoundForm(forms.Form):
    """What is counted, by whose decision, by whom."""

    name = forms.CharField(label=_("Tên đợt kiểm kê"), max_length=160)
    library = LibraryChoice(label=_("Thư viện"), queryset=libraries().none(), empty_label=None)
    branch = BranchChoice(
        label=_("Điểm phục vụ"), queryset=branches().none(), required=False, empty_label=_("Cả thư viện")
    )
    shelf = forms.CharField(
        label=_("Kho, giá"),
        required=False,
        max_length=200,
        help_text=_("Bỏ trống để kiểm cả kho. Điền phần đầu của tên kho hoặc giá để kiểm từng phần."),
    )
    basis = forms.CharField(
        label=_("Căn cứ"),
        required=False,
        max_length=300,
        help_text=_("Số và ngày của quyết định kiểm kê, ghi vào biên bản."),
    )
    council = forms.CharField(
        label=_("Tổ kiểm kê"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một người: họ tên, dấu phẩy, chức vụ. Dùng cho chỗ ký của biên bản."),
    )

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own
        self.fields["branch"].queryset = (
            branches().filter(library__in=own).select_related("library").order_by("library", "name_vi")
        )

    def clean_council(self) -> list[tuple[str, str]]:
        """Names with their offices."""
        lines = (line.partition(",") for line in self.cleaned_data["council"].splitlines()[:30] if line.strip())
        return [(name.strip()[:120], office.strip()[:120]) for name, _comma, office in lines]


class NumbersForm(forms.Form):
    """Numbers of copies: one from a scanner, many from a list or from a device that was without network.

    A line is a number, or a number, a tab, and the moment of the scan (ISO 8601 with its zone).
    """

    numbers = forms.CharField(
        label=_("Số đăng ký cá biệt"),
        max_length=_LONGEST,
        help_text=_("Quét từng bản theo thứ tự bất kỳ, hoặc dán danh sách, mỗi dòng một số."),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True, "spellcheck": "false", "autocapitalize": "off"}),
    )
    place = forms.CharField(
        label=_("Giá đang kiểm"),
        required=False,
        max_length=200,
        help_text=_("Ghi tên kho, giá để biết bản nào để sai chỗ; bỏ trống nếu quét lẫn nhiều giá."),
    )

    def clean_numbers(self) -> list[Scanned]:
        """Each number once, in the order of scanning."""
        found: dict[str, datetime | None] = {}
        for line in self.cleaned_data["numbers"].replace("\x00", "").splitlines():
            number, _tab, moment = line.partition("\t")
            for one in number.replace(";", ",").split(","):
                if one.strip():
                    found.setdefault(" ".join(one.split()), _moment(moment))
        return [Scanned(number, at) for number, at in found.items()]


class ScanForm(NumbersForm):
    """The same with the service point where one is, when the library has several."""

    branch = PointChoice(
        label=_("Điểm phục vụ đang kiểm"), queryset=branches().none(), required=False, empty_label=_("Không ghi nơi")
    )

    def __init__(self, *args: Any, one: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches_of(one.library)
        if not self.fields["branch"].queryset.exists():
            del self.fields["branch"]


def _moment(text: str) -> datetime | None:
    try:
        at = parse_datetime(text.strip())
    except ValueError:
        return None
    return at if at is not None and is_aware(at) else None


class RoundFilter(forms.Form):
    """Which rounds."""

    q = forms.CharField(label=_("Tên đợt"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("Tình trạng"), required=False, choices=[("", _("Mọi tình trạng")), *State.choices]
    )


class LineFilter(forms.Form):
    """Which copies of a round."""

    outcome = forms.ChoiceField(
        label=_("Kết quả"),
        required=False,
        choices=[("", _("Mọi kết quả")), *((one, text) for one, text in OUTCOMES.items())],
    )
    q = forms.CharField(label=_("Số ĐKCB hoặc giá"), required=False, max_length=120)
