"""Reads and checks input; never saves."""

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
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    def __init__(self, *arguments: Any, places: Any, has_work: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        field: Any = self.fields["library"]
        field.queryset = places
        field.label_from_instance = lambda library: library.name_vi
        if not has_work:
            del self.fields["level"]
