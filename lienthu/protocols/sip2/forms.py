"""The form of a machine: it reads and checks input, and never saves."""

import ipaddress
import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthu.libraries.queries import Library, branches
from lienthu.protocols.sip2.charsets import CHARSETS, UTF_8
from lienthu.protocols.sip2.models import LOGIN_FORM, Detection, LineEnd, Permit, Terminal

_MOST_NETWORKS = 20


class TerminalForm(forms.Form):
    """One machine. Its library is chosen once; passwords are made, never typed."""

    hide_optional = True

    library = forms.ModelChoiceField(label=gettext_lazy("Thư viện"), queryset=Library.objects.none(), empty_label=None)
    branch = forms.ModelChoiceField(
        label=gettext_lazy("Điểm phục vụ"),
        queryset=branches().none(),
        required=False,
        empty_label=gettext_lazy("Trụ sở của thư viện"),
    )
    name = forms.CharField(
        label=gettext_lazy("Tên máy"), max_length=80, help_text=gettext_lazy("Ví dụ: Máy mượn sảnh tầng 1.")
    )
    login = forms.RegexField(
        regex=LOGIN_FORM,
        label=gettext_lazy("Tên đăng nhập"),
        max_length=40,
        help_text=gettext_lazy("Nhập vào máy; chỉ gồm chữ không dấu, số, dấu chấm, gạch ngang, gạch dưới."),
        error_messages={
            "invalid": gettext_lazy("Từ 2 ký tự, chỉ chữ không dấu, số và . _ -, bắt đầu bằng chữ hay số.")
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    permits = forms.MultipleChoiceField(
        label=gettext_lazy("Được làm"), choices=Permit.choices, widget=forms.CheckboxSelectMultiple
    )
    needs_pin = forms.BooleanField(
        label=gettext_lazy("Bạn đọc phải nhập mật khẩu"),
        required=False,
        help_text=gettext_lazy(
            "Mật khẩu đăng nhập trang của bạn đọc; ai chưa có tài khoản thì không dùng được máy này."
        ),
    )
    charset = forms.ChoiceField(label=gettext_lazy("Bảng mã"), choices=list(CHARSETS.items()))
    detection = forms.ChoiceField(label=gettext_lazy("Số thứ tự và mã kiểm tra (AY, AZ)"), choices=Detection.choices)
    line_end = forms.ChoiceField(label=gettext_lazy("Kết thúc bản tin"), choices=LineEnd.choices)
    delimiter = forms.RegexField(
        regex=r"^[!-/:-@\[-`{-~]$",
        label=gettext_lazy("Dấu ngăn trường"),
        max_length=1,
        error_messages={"invalid": gettext_lazy("Một dấu, thường là |")},
    )
    addresses = forms.CharField(
        label=gettext_lazy("Chỉ nhận từ các địa chỉ mạng"),
        required=False,
        max_length=1_000,
        help_text=gettext_lazy("Ví dụ 10.0.0.15 hoặc 10.0.0.0/24, cách nhau bằng dấu phẩy. Để trống: mọi địa chỉ."),
    )
    needs_tls = forms.BooleanField(label=gettext_lazy("Phải nối qua TLS"), required=False)
    enabled = forms.BooleanField(label=gettext_lazy("Đang dùng"), required=False)

    COLUMNS = (
        "branch", "name", "login", "permits", "needs_pin", "charset", "detection", "line_end", "delimiter",
        "addresses", "needs_tls", "enabled",
    )  # fmt: skip

    def __init__(self, *args: Any, own: QuerySet[Library], terminal: Terminal | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = self._initial(terminal) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        places = branches().filter(closed_date=None, library__in=own)
        if terminal is not None:
            del self.fields["library"]
            places = places.filter(library=terminal.library)
        else:
            self.fields["library"].queryset = own
        self.fields["branch"].queryset = places

    @staticmethod
    def _initial(terminal: Terminal | None) -> dict[str, Any]:
        if terminal is None:
            return {
                "permits": ["CHECKOUT", "CHECKIN", "RENEW", "READERS"],
                "charset": UTF_8,
                "detection": Detection.AUTO,
                "line_end": LineEnd.CR,
                "delimiter": "|",
                "enabled": True,
            }
        values = {name: getattr(terminal, name) for name in TerminalForm.COLUMNS}
        return {**values, "branch": terminal.branch_id, "addresses": ", ".join(terminal.addresses)}

    def clean_addresses(self) -> list[str]:
        """Networks in their usual form."""
        found = []
        for part in re.split(r"[,\s;]+", self.cleaned_data["addresses"].strip()):
            if not part:
                continue
            try:
                network = ipaddress.ip_network(part, strict=False)
            except ValueError:
                raise forms.ValidationError(_("%(part)s không phải một địa chỉ mạng.") % {"part": part}) from None
            found.append(str(network))
        if len(found) > _MOST_NETWORKS:
            raise forms.ValidationError(_("Nhiều nhất %(most)s địa chỉ.") % {"most": _MOST_NETWORKS})
        return found

    def clean(self) -> dict[str, Any]:
        """A place must belong to the library."""
        cleaned = super().clean() or {}
        branch, library = cleaned.get("branch"), cleaned.get("library")
        if branch is not None and library is not None and branch.library_id != library.pk:
            self.add_error("branch", _("Điểm này thuộc thư viện khác."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The columns of the machine."""
        return {name: self.cleaned_data[name] for name in self.COLUMNS}
