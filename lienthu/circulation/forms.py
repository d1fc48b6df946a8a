"""Reads and checks input; never saves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lienthu.libraries.queries import Library


class ListFilter(forms.Form):
    """Which lines of a list: of one library, with words of the title or the number."""

    q = forms.CharField(label=_("Nhan đề hoặc số ĐKCB"), required=False, max_length=120)
    library = forms.ModelChoiceField(
        label=_("Thư viện"), required=False, queryset=Library.objects.none(), empty_label=_("Mọi thư viện của tôi")
    )

    def __init__(self, *arguments: Any, own: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        field: Any = self.fields["library"]
        field.queryset = own
        field.label_from_instance = lambda library: library.name_vi


class HoldForm(forms.Form):
    """A request: where to pick up, which copies will do, until when it is wanted."""

    library = forms.ModelChoiceField(label=_("Nhận tại"), queryset=Library.objects.none(), empty_label=None)
    level = forms.ChoiceField(
        label=_("Bản nào cũng được?"),
        choices=[
            ("EDITION", _("Ấn bản này, bất kỳ bản nào")),
            ("TITLE", _("Bất kỳ ấn bản nào của tác phẩm")),
        ],
        widget=forms.RadioSelect,
        initial="EDITION",
    )
    expires_on = forms.DateField(
        label=_("Chỉ cần trước ngày"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Để trống: chờ đến khi có."),
    )
    copy = forms.ChoiceField(
        label=_("Đúng một bản"),
        required=False,
        help_text=_("Để trống: bản nào về trước thì nhận bản ấy. Chờ đúng một bản thường lâu hơn."),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(
        self, *arguments: Any, places: Any, has_work: bool, copies: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        chosen: Any = self.fields["copy"]
        chosen.choices = [("", _("Bản nào cũng được")), *copies]
        if len(copies) < 2:
            del self.fields["copy"]
        field: Any = self.fields["library"]
        field.queryset = places
        field.label_from_instance = lambda library: library.name_vi
        if not has_work:
            del self.fields["level"]


class FreezeForm(forms.Form):
    """Until when others go first; empty: no longer."""

    until = forms.DateField(required=False)


class GroupForm(forms.Form):
    """One request of several copies: for the one card of a group, or one copy for each card of a list."""

    name = forms.CharField(label=_("Tên lớp hoặc nhóm đọc"), max_length=120)
    library = forms.ModelChoiceField(label=_("Nhận tại"), queryset=Library.objects.none(), empty_label=None)
    cards = forms.CharField(
        label=_("Số thẻ, mỗi dòng một thẻ"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code"}),
        help_text=_("Một thẻ của nhóm: đặt số bản ghi dưới đây. Nhiều thẻ: mỗi bạn đọc một bản."),
    )
    copies = forms.IntegerField(label=_("Số bản"), min_value=1, max_value=200, initial=10, required=False)
    needed_by = forms.DateField(
        label=_("Cần trước ngày"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *arguments: Any, places: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        field: Any = self.fields["library"]
        field.queryset = places
        field.label_from_instance = lambda library: library.name_vi

    def numbers(self) -> list[str]:
        """The card numbers as they were written, each once."""
        lines = str(self.cleaned_data["cards"]).replace("\x00", "").splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))
