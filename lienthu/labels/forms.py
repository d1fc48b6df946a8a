"""What to print, on what, for whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.labels.policy import KINDS, LONGEST_RANGE, SHEETS, Sheet, TooMany, numbers_meant, sheet_of
from lienthu.labels.wording import KINDS as KIND_WORDS
from lienthu.labels.wording import sheet_label
from lienthu.libraries.queries import libraries

_LONGEST = 60_000


class LabelForm(forms.Form):
    """Copies by their numbers, or all copies of a record when the page was opened from one."""

    library = forms.ModelChoiceField(label=_lazy("Thư viện"), queryset=libraries().none(), empty_label=None)
    sheet = forms.ChoiceField(label=_lazy("In gì, trên giấy nào"))
    numbers = forms.CharField(
        label=_lazy("Số đăng ký cá biệt"),
        max_length=_LONGEST,
        required=False,
        help_text=_lazy("Mỗi dòng một số, hoặc cách nhau bằng dấu phẩy; cả dãy thì viết TQ.0001-TQ.0120."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "off"}),
    )
    start = forms.IntegerField(
        label=_lazy("Bắt đầu ở nhãn thứ"),
        min_value=1,
        max_value=200,
        initial=1,
        help_text=_lazy("Tờ giấy đã dùng dở: đếm từ trái sang phải, từ trên xuống."),
    )
    record = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own
        groups = [
            (KIND_WORDS[kind], [(f"{kind}:{one.code}", sheet_label(one)) for one in SHEETS if one.kind == kind])
            for kind in ("barcode", *(kind for kind in KINDS if kind != "barcode"))
        ]
        self.fields["sheet"].choices = groups

    @property
    def chosen_sheet(self) -> Sheet:
        """The sheet of the choice."""
        found = sheet_of(*self.cleaned_data["sheet"].split(":"))
        assert found is not None
        return found

    def clean(self) -> dict[str, Any]:
        """There must be something to print."""
        cleaned = super().clean() or {}
        try:
            cleaned["wanted"] = numbers_meant(cleaned.get("numbers", ""))
        except TooMany:
            self.add_error(
                "numbers",
                _("Mỗi lần in được nhiều nhất %(most)d nhãn; hãy chia thành nhiều lần.") % {"most": LONGEST_RANGE},
            )
            return cleaned
        if not cleaned["wanted"] and not cleaned.get("record") and "numbers" not in self.errors:
            self.add_error("numbers", _("Hãy cho biết số đăng ký cá biệt của những bản cần in."))
        return cleaned
