"""Forms of copy cataloguing: they read and check input, and never save."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthu.identity.queries import Scope
from lienthu.libraries.queries import Library, libraries
from lienthu.targets import wording
from lienthu.targets.models import Kind, Target
from lienthu.targets.policy.asking import INDEXES, Question
from lienthu.targets.policy.overlay import DEFAULT, Rule
from lienthu.targets.secrets import NAME
from lienthu.targets.sru import cql
from lienthu.targets.z3950 import pqf

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}")
_DATABASE = re.compile(r"[\w.\-+/]{0,200}")
_SYNTAX = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/\-]{0,59}")


class SearchForm(forms.Form):
    """What to look for, for whom, and whom to ask. One field is enough."""

    hide_optional = True

    library = forms.ModelChoiceField(
        label=gettext_lazy("Biên mục cho thư viện"), queryset=libraries().none(), empty_label=None
    )
    number = forms.CharField(
        label=gettext_lazy("ISBN hoặc ISSN"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "autofocus": True}),
    )
    title = forms.CharField(label=gettext_lazy("Nhan đề"), required=False, max_length=200)
    author = forms.CharField(label=gettext_lazy("Tác giả"), required=False, max_length=200)
    year = forms.RegexField(
        regex=r"^[0-9]{4}$",
        label=gettext_lazy("Năm xuất bản"),
        required=False,
        error_messages={"invalid": gettext_lazy("Năm gồm bốn chữ số, ví dụ 1979.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
    )
    any = forms.CharField(label=gettext_lazy("Từ bất kỳ"), required=False, max_length=200)
    targets = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Hỏi những nguồn"),
        queryset=Target.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, own: QuerySet[Library], targets: QuerySet[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].queryset = own
        self.fields["targets"].queryset = targets

    def question(self) -> Question:
        """What was asked."""
        return Question.of({name: self.cleaned_data.get(name, "") for name in Question.__slots__})

    def clean(self) -> dict[str, Any]:
        """Something must be filled in that a catalogue can be asked for."""
        cleaned = super().clean() or {}
        if not self.errors:
            question = self.question()
            if not question.clauses():
                raise forms.ValidationError(_("Hãy điền ít nhất một mục để tìm."))
            if question.asks_only_year():
                raise forms.ValidationError(_("Chỉ có năm thì quá nhiều kết quả. Hãy điền thêm một mục nữa."))
        return cleaned


class TargetForm(forms.Form):
    """One target. The secret is written only, never shown."""

    name = forms.CharField(label=gettext_lazy("Tên nguồn"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Giao thức"), choices=Kind.choices)
    address = forms.CharField(
        label=gettext_lazy("Địa chỉ"),
        max_length=500,
        help_text=gettext_lazy("SRU: địa chỉ đầy đủ, ví dụ https://may-chu/sru. Z39.50: chỉ tên máy chủ."),
    )
    port = forms.IntegerField(label=gettext_lazy("Cổng (Z39.50)"), required=False, min_value=1, max_value=65535)
    database = forms.RegexField(
        regex=rf"\A{_DATABASE.pattern}\Z", label=gettext_lazy("Cơ sở dữ liệu (Z39.50)"), required=False, max_length=200
    )
    syntax = forms.RegexField(
        regex=rf"\A{_SYNTAX.pattern}\Z",
        label=gettext_lazy("Cú pháp biểu ghi"),
        max_length=60,
        help_text=gettext_lazy("Z39.50: usmarc hoặc xml. SRU: tên lược đồ của nguồn, thường là marcxml."),
    )
    charset = forms.ChoiceField(
        label=gettext_lazy("Bảng mã của biểu ghi"), choices=Target._meta.get_field("charset").choices
    )
    user = forms.CharField(label=gettext_lazy("Tên đăng nhập"), required=False, max_length=200)
    secret = forms.CharField(
        label=gettext_lazy("Mật khẩu"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Được mã hóa khi lưu và không hiện lại. Để trống là giữ mật khẩu cũ."),
    )
    forget_secret = forms.BooleanField(label=gettext_lazy("Bỏ mật khẩu đã lưu"), required=False)
    secret_name = forms.CharField(
        label=gettext_lazy("Hoặc biến môi trường chứa mật khẩu"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Tên bắt đầu bằng LIENTHU_TARGET_, do người quản trị máy chủ đặt."),
    )
    timeout = forms.IntegerField(label=gettext_lazy("Chờ tối đa (giây)"), min_value=1, max_value=60)
    records = forms.IntegerField(label=gettext_lazy("Số biểu ghi lấy mỗi lần"), min_value=1, max_value=50)
    priority = forms.IntegerField(
        label=gettext_lazy("Thứ tự ưu tiên"),
        min_value=0,
        max_value=999,
        help_text=gettext_lazy("Số nhỏ đứng trước."),
    )
    scope = forms.ModelChoiceField(
        label=gettext_lazy("Dùng chung cho"),
        queryset=Scope.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("Mọi thư viện thuộc đơn vị này được hỏi nguồn."),
    )
    libraries = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Chỉ cho những thư viện"), queryset=libraries().none(), required=False
    )
    enabled = forms.BooleanField(label=gettext_lazy("Đang dùng"), required=False)

    hide_optional = True
    VALUES = (
        "name", "kind", "address", "port", "database", "syntax", "charset", "user", "secret_name", "timeout",
        "records", "priority", "enabled",
    )  # fmt: skip

    def __init__(self, *args: Any, scopes: QuerySet[Scope], target: Target | None = None, **kwargs: Any) -> None:
        if target is not None:
            kwargs["initial"] = {
                **{name: getattr(target, name) for name in self.VALUES},
                "scope": target.scope_id,
                "libraries": list(target.libraries.values_list("pk", flat=True)),
                **{f"index_{name}": target.indexes.get(name, "") for name in INDEXES},
            }
        super().__init__(*args, **kwargs)
        self.fields["scope"].queryset = scopes
        self.fields["libraries"].queryset = libraries().filter(scope__in=scopes)
        for name in INDEXES:
            self.fields[f"index_{name}"] = forms.CharField(
                label=wording.INDEXES[name],
                required=False,
                max_length=120,
                widget=forms.TextInput(attrs={"placeholder": self._default_index(name)}),
            )

    def _default_index(self, name: str) -> str:
        kind = self.data.get("kind") or self.get_initial_for_field(self.fields["kind"], "kind")
        return (pqf if kind == Kind.Z3950 else cql).DEFAULT_INDEXES[name]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """All but the map of indexes, which has a frame of its own."""
        return [bound for bound in self if not bound.name.startswith("index_")]

    @property
    def index_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name.startswith("index_")]

    def clean_secret_name(self) -> str:
        """Only variables that are meant for this: any other would be sent to whatever address stands here."""
        name: str = self.cleaned_data["secret_name"]
        if name and not NAME.fullmatch(name):
            raise forms.ValidationError(
                _("Tên biến phải bắt đầu bằng LIENTHU_TARGET_ và chỉ gồm chữ hoa, số, gạch dưới.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        """Address, port and indexes must fit the protocol."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == Kind.Z3950:
            self._check_z3950(cleaned)
        elif kind:
            self._check_sru(cleaned)
        for name in INDEXES:
            value = cleaned.get(f"index_{name}", "")
            shape = pqf.ATTRIBUTES if kind == Kind.Z3950 else cql.INDEX
            if value and not shape.fullmatch(value):
                self.add_error(f"index_{name}", self._shape_error(kind))
        return cleaned

    def _check_z3950(self, cleaned: dict[str, Any]) -> None:
        if not _HOST.fullmatch(cleaned.get("address", "")):
            self.add_error("address", _("Z39.50 cần tên máy chủ, không có http:// và đường dẫn."))
        if not cleaned.get("port"):
            self.add_error("port", _("Z39.50 cần số cổng, thường là 210."))
        if cleaned.get("syntax", "").lower() not in ("usmarc", "xml"):
            self.add_error("syntax", _("Với Z39.50, chọn usmarc hoặc xml."))

    def _check_sru(self, cleaned: dict[str, Any]) -> None:
        parts = urlsplit(cleaned.get("address", ""))
        if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc:
            self.add_error("address", _("SRU cần địa chỉ đầy đủ bắt đầu bằng https:// hoặc http://."))

    def _shape_error(self, kind: str | None) -> str:
        if kind == Kind.Z3950:
            return _("Viết thuộc tính Bib-1 như 1=4 hoặc 1=4,4=6.")
        return _("Viết tên chỉ mục CQL như dc.title, kèm phép so sánh nếu cần, ví dụ pica.tit =.")

    def values(self) -> dict[str, Any]:
        """The columns of the target."""
        indexes = {name: self.cleaned_data.get(f"index_{name}", "") for name in INDEXES}
        return {
            **{name: self.cleaned_data[name] for name in self.VALUES},
            "indexes": {name: value for name, value in indexes.items() if value},
        }

    def secret_given(self) -> str | None:
        """The new secret; "" to forget the stored one, None to leave it."""
        if self.cleaned_data["forget_secret"] or self.cleaned_data["secret_name"]:
            return ""
        return self.cleaned_data["secret"] or None


class RulesForm(forms.Form):
    """One rule for each group of fields."""

    def __init__(self, *args: Any, rules: Mapping[str, Rule], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {group: Rule(rule).value for group, rule in rules.items()})
        super().__init__(*args, **kwargs)
        for group in DEFAULT:
            single = group == "leader"
            choices = [
                (value, label) for value, label in wording.RULES.items() if not single or value in ("KEEP", "TAKE")
            ]
            self.fields[group] = forms.ChoiceField(label=wording.GROUPS[group], choices=choices)

    def rules(self) -> dict[str, Rule]:
        """The chosen rules by group."""
        return {group: Rule(value) for group, value in self.cleaned_data.items()}
