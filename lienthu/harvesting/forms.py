"""Forms of the harvesting desk: they read and check input, and never save."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from lienthu.harvesting.actions.credentials import ALLOWED
from lienthu.harvesting.actions.sources import SourceData, Trial
from lienthu.harvesting.models import Numbering, RunState, Source
from lienthu.kernel.fetching import FetchRefused, sentence
from lienthu.kernel.fetching.addresses import parse
from lienthu.libraries.queries import libraries

_PREFIX = re.compile(r"[A-Za-z0-9\-_.!~*'()]{1,60}\Z")


class SourceForm(forms.Form):
    """A source as a person describes it. After a trial the formats and sets are there to choose from."""

    base_url = forms.CharField(
        label=_lazy("Địa chỉ OAI-PMH"),
        max_length=500,
        help_text=_lazy("Ví dụ: https://koha.example.vn/cgi-bin/koha/oai.pl. Người quản trị của nguồn cho bạn biết."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_lazy("Tên nguồn"), max_length=120)
    library = forms.ModelChoiceField(
        label=_lazy("Biểu ghi thuộc về thư viện"), queryset=libraries().none(), empty_label=_lazy("Chọn thư viện")
    )
    prefix = forms.CharField(
        label=_lazy("Định dạng"),
        max_length=60,
        required=False,
        help_text=_lazy("Để trống thì hệ thống hỏi nguồn và chọn MARC nếu có."),
    )
    set_spec = forms.CharField(
        label=_lazy("Tập con"), max_length=300, required=False, help_text=_lazy("Để trống thì lấy tất cả.")
    )
    numbering = forms.ChoiceField(
        label=_lazy("Nhận ra biểu ghi theo"), choices=Numbering.choices, initial=Numbering.CONTROL_NUMBER
    )
    every_hours = forms.IntegerField(label=_lazy("Lấy mỗi bao nhiêu giờ"), min_value=1, max_value=24 * 90, initial=24)
    auth_variable = forms.CharField(
        label=_lazy("Biến môi trường giữ mật khẩu"),
        max_length=80,
        required=False,
        help_text=_lazy(
            "Chỉ khi nguồn đòi đăng nhập. Tên bắt đầu bằng LIENTHU_HARVEST_, giá trị dạng "
            "ten:mat-khau, đặt trên máy chủ."
        ),
    )
    enabled = forms.BooleanField(label=_lazy("Tự lấy theo lịch"), required=False, initial=True)

    def __init__(
        self, *args: Any, own: Any, source: Source | None = None, trial: Trial | None = None, **kwargs: Any
    ) -> None:
        if source is not None:
            values = {name: getattr(source, name) for name in self.base_fields}
            kwargs.setdefault("initial", values | {"library": source.library_id})
        super().__init__(*args, **kwargs)
        self._source = source
        self.fields["library"].queryset = own
        if trial is not None and trial.identity is not None:
            self._offer(trial)

    def _offer(self, trial: Trial) -> None:
        formats = [(one.prefix, one.prefix) for one in trial.formats]
        chosen = str(self["prefix"].value() or "")
        if chosen and chosen not in dict(formats):
            formats.insert(0, (chosen, chosen))
        self.fields["prefix"].widget = forms.Select(choices=formats)
        if trial.sets:
            sets = [(one.spec, f"{one.name} ({one.spec})" if one.name else one.spec) for one in trial.sets]
            self.fields["set_spec"].widget = forms.Select(choices=[("", _("Tất cả")), *sets])

    def clean_base_url(self) -> str:
        """Refuse what is no address; whether it may be reached is seen when it is tried."""
        url = str(self.cleaned_data["base_url"]).strip()
        try:
            parse(url)
        except FetchRefused as error:
            raise forms.ValidationError(sentence(error)) from error
        return url

    def clean_prefix(self) -> str:
        """Only the letters that OAI-PMH allows."""
        prefix = str(self.cleaned_data["prefix"]).strip()
        if prefix and not _PREFIX.match(prefix):
            raise forms.ValidationError(_("Tên định dạng chỉ gồm chữ không dấu, số và các dấu - _ . ! ~ * ' ( )."))
        return prefix

    def clean_auth_variable(self) -> str:
        """Only variables that were made for this."""
        variable = str(self.cleaned_data["auth_variable"]).strip()
        if variable and not ALLOWED.match(variable):
            raise forms.ValidationError(_("Tên phải bắt đầu bằng LIENTHU_HARVEST_ và chỉ gồm chữ hoa, số, gạch dưới."))
        return variable

    def clean_name(self) -> str:
        """Two sources may not have one name."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        taken = Source.objects.filter(name__iexact=name)
        if taken.exclude(pk=self._source.pk if self._source else 0).exists():
            raise forms.ValidationError(_("Đã có nguồn mang tên này."))
        return name

    def data_of_source(self) -> SourceData:
        """What was filled in."""
        return SourceData(**{name: self.cleaned_data[name] for name in SourceData.__slots__})


class RunFilter(forms.Form):
    """Narrowing the history of runs."""

    state = forms.ChoiceField(
        label=_lazy("Trạng thái"), required=False, choices=[("", _lazy("Mọi trạng thái")), *RunState.choices]
    )
