"""Forms of the notices' desk: they read and check input, and never save."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.notices.actions import faults_of
from lienthu.notices.models import Channel, KindName, State
from lienthu.notices.policy import Texts, Timing
from lienthu.notices.wording import fault_sentence

ALL = "ALL"
_PARTS = ("subject", "body", "short")


class TextForm(forms.Form):
    """The texts of one kind in both languages, with placeholders that are checked strictly."""

    subject_vi = forms.CharField(label=_lazy("Tiêu đề thư"), max_length=120)
    body_vi = forms.CharField(label=_lazy("Nội dung thư"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 6}))
    short_vi = forms.CharField(
        label=_lazy("Tin ngắn, cho SMS và thiết bị"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    subject_en = forms.CharField(label=_lazy("Tiêu đề tiếng Anh"), max_length=120)
    body_en = forms.CharField(
        label=_lazy("Nội dung tiếng Anh"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    short_en = forms.CharField(
        label=_lazy("Tin ngắn tiếng Anh"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name, field in self.fields.items():
            field.widget.attrs["lang"] = name[-2:]

    def clean(self) -> dict[str, Any]:
        """All faults of all parts at once."""
        given = super().clean() or {}
        texts = {one: self._texts(given, one) for one in ("vi", "en")}
        for field, found in faults_of(self.kind, texts).items():
            if field not in self.errors:
                self.add_error(field, [fault_sentence(one) for one in found])
        return given

    @staticmethod
    def _texts(given: dict[str, Any], language: str) -> Texts:
        return Texts(*(str(given.get(f"{part}_{language}", "")).replace("\r\n", "\n") for part in _PARTS))

    @property
    def vi(self) -> Texts:
        return self._texts(self.cleaned_data, "vi")

    @property
    def en(self) -> Texts:
        return self._texts(self.cleaned_data, "en")


def _days(label: Any, *, least: int, most: int, text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=text)


class HoursForm(forms.Form):
    """When a library writes to its readers."""

    digest_at = forms.TimeField(
        label=_lazy("Giờ gửi hằng ngày"),
        help_text=_lazy("Các thông báo trong ngày của một bạn đọc gộp thành một thư, gửi vào giờ này."),
    )
    quiet_from = forms.TimeField(label=_lazy("Giờ yên lặng từ"), help_text=_lazy("Không gửi SMS và báo thiết bị."))
    quiet_until = forms.TimeField(label=_lazy("Giờ yên lặng đến"))
    due_soon = _days(_lazy("Nhắc trước hạn trả (ngày)"), least=0, most=30)
    overdue_1 = _days(_lazy("Nhắc quá hạn lần một sau (ngày)"), least=1, most=60)
    overdue_2 = _days(_lazy("Nhắc lần hai sau (ngày)"), least=2, most=120)
    overdue_3 = _days(_lazy("Nhắc lần cuối sau (ngày)"), least=3, most=300)
    expiring = _days(_lazy("Nhắc trước khi hết hạn giữ (ngày)"), least=0, most=14)
    card = _days(_lazy("Nhắc trước khi thẻ hết hạn (ngày)"), least=1, most=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("digest_at", "quiet_from", "quiet_until"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def clean(self) -> dict[str, Any]:
        """The reminders follow each other."""
        given = super().clean() or {}
        days: list[int] = [
            given[name] for name in ("overdue_1", "overdue_2", "overdue_3") if given.get(name) is not None
        ]
        if len(days) == 3 and not days[0] < days[1] < days[2]:
            self.add_error("overdue_2", _("Ba lần nhắc phải cách nhau, lần sau muộn hơn lần trước."))
        return given

    @property
    def timing(self) -> Timing:
        return Timing(**{name: self.cleaned_data[name] for name in self.base_fields})


class OutboxFilter(forms.Form):
    """Filters of the outbox."""

    q = forms.CharField(label=_lazy("Tên bạn đọc hoặc số thẻ"), max_length=100, required=False)
    state = forms.ChoiceField(label=_lazy("Tình trạng"), required=False)
    channel = forms.ChoiceField(label=_lazy("Cách gửi"), required=False)
    kind = forms.ChoiceField(label=_lazy("Loại thông báo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("Trừ những gì không gửi")), *State.choices, (ALL, _("Mọi tình trạng"))]
        self.fields["channel"].choices = [("", _("Mọi cách")), *Channel.choices[:3]]
        self.fields["kind"].choices = [("", _("Mọi loại")), *KindName.choices]


class CallFilter(forms.Form):
    """Filters of the list of readers to be told."""

    done = forms.ChoiceField(label=_lazy("Hiện"), required=False)
    kind = forms.ChoiceField(label=_lazy("Loại thông báo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done"].choices = [("", _("Chưa báo")), ("1", _("Đã báo"))]
        self.fields["kind"].choices = [("", _("Mọi loại")), *KindName.choices]
