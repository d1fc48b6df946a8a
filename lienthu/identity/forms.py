"""Forms read and check input; they save nothing."""

from collections.abc import Mapping
from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.audit.queries import labels
from lienthu.identity.access import Actor, role_label, roles, scopes_with
from lienthu.identity.models import Account, Scope
from lienthu.identity.policy import normalise_username
from lienthu.kernel import clock


class LoginForm(AllauthLoginForm):
    """Signing in: the name may be typed in any case, with composed or decomposed marks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Tên đăng nhập hoặc thư điện tử")
        self.fields["password"].label = _("Mật khẩu")
        self.fields["remember"].label = _("Ghi nhớ trên máy này")
        self.fields["remember"].help_text = _("Đừng chọn trên máy dùng chung.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        return normalise_username(super().clean_login())


class AddKeyForm(AddWebAuthnForm):
    """A new passkey; django-allauth leaves its name field without a label."""

    name = forms.CharField(label=_("Tên khóa"), required=False)


class EditKeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Tên khóa"), max_length=100)


class DayInput(forms.DateInput):
    """The browser's own date field, which wants ISO days."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """A day, typed or chosen."""
    return forms.DateField(
        label=label, required=required, widget=DayInput(), input_formats=["%Y-%m-%d", "%d/%m/%Y"], help_text=help_text
    )


class ScopeField(forms.ModelChoiceField):
    """A place of the tree, shown with its depth."""

    def label_from_instance(self, scope: Any) -> str:
        return "— " * (scope.path.count("/") - 2) + scope.name


def _role_choices(empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *((name, role_label(name)) for name, role in roles().items() if not role.of_machines)]


class AccountFilterForm(forms.Form):
    """The filters above the list of accounts."""

    hide_optional = True
    q = forms.CharField(label=_("Tên hoặc tên đăng nhập"), required=False, max_length=100)
    vai_tro = forms.ChoiceField(label=_("Vai trò"), required=False)
    noi = ScopeField(label=_("Nơi giữ vai trò"), required=False, queryset=Scope.objects.none(), to_field_name="code")
    tinh_trang = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[("", _("Tất cả")), ("active", _("Đang dùng")), ("inactive", _("Đã ngừng"))],
    )

    def __init__(self, data: Mapping[str, Any], *, scopes: QuerySet[Scope]) -> None:
        super().__init__(data)
        self.fields["vai_tro"].choices = _role_choices(_("Mọi vai trò"))
        self.fields["noi"].queryset = scopes
        self.fields["noi"].empty_label = _("Mọi nơi")


class GrantForm(forms.Form):
    """A role for somebody. Only places where the actor may grant are offered; the action decides again."""

    role = forms.ChoiceField(label=_("Vai trò"))
    scope = ScopeField(
        label=_("Nơi giữ vai trò"),
        queryset=Scope.objects.none(),
        to_field_name="code",
        help_text=_("Vai trò có hiệu lực ở nơi này và mọi nơi bên dưới."),
    )
    valid_from = day_field(_("Từ ngày"), help_text=_("Để trống: từ hôm nay."))
    valid_to = day_field(_("Đến hết ngày"), help_text=_("Để trống: cho đến khi thu hồi."))
    reason = forms.CharField(
        label=_("Lý do"), max_length=500, help_text=_("Ví dụ: số quyết định phân công. Được ghi vào nhật ký.")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _role_choices(_("Chọn vai trò"))
        places = scopes_with(actor, "identity.grant_role").filter(closed_date=None)
        self.fields["scope"].queryset = places
        self.fields["scope"].empty_label = _("Chọn nơi")


class GrantByNameForm(GrantForm):
    """The same for somebody whose username one knows."""

    username = forms.CharField(label=_("Tên đăng nhập"), max_length=60)
    field_order = ["username", "role", "scope", "valid_from", "valid_to", "reason"]


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("Lý do thu hồi"), max_length=500, help_text=_("Được ghi vào nhật ký."))


class AccountForm(forms.Form):
    """A new account, with a first role if wished."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        help_text=_("Chữ, số và các dấu . @ + - _; không phân biệt chữ hoa, chữ thường."),
    )
    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    email = forms.EmailField(label=_("Thư điện tử"), required=False, help_text=_("Để tự đặt lại mật khẩu khi quên."))
    password = forms.CharField(
        label=_("Mật khẩu ban đầu"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Ít nhất 10 ký tự. Người dùng tự đổi sau lần đăng nhập đầu tiên."),
    )
    role = forms.ChoiceField(label=_("Vai trò đầu tiên"), required=False)
    scope = ScopeField(label=_("Nơi giữ vai trò"), required=False, queryset=Scope.objects.none(), to_field_name="code")
    valid_to = day_field(_("Đến hết ngày"), help_text=_("Để trống: cho đến khi thu hồi."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _role_choices(_("Chưa giao"))
        places = scopes_with(actor, "identity.manage_accounts").filter(closed_date=None)
        self.fields["scope"].queryset = places
        self.fields["scope"].empty_label = _("Chọn nơi")


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Mật khẩu mới"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Ít nhất 10 ký tự. Người này sẽ bị đăng xuất ở mọi nơi."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=500, help_text=_("Được ghi vào nhật ký."))


class ConfirmForm(forms.Form):
    """Nothing to fill in, only to confirm."""


class OwnDetailsForm(forms.Form):
    """What people may change about themselves."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    email = forms.EmailField(
        label=_("Thư điện tử"), required=False, help_text=_("Chỉ dùng để đặt lại mật khẩu và báo tin cho bạn.")
    )
    language = forms.ChoiceField(label=_("Ngôn ngữ"), choices=Account._meta.get_field("language").choices or [])


class TrailFilterForm(forms.Form):
    """The filters above the audit trail."""

    hide_optional = True
    nguoi = forms.CharField(label=_("Người làm"), required=False, max_length=100)
    viec = forms.ChoiceField(label=_("Việc"), required=False)
    noi = ScopeField(label=_("Thư viện, cơ quan"), required=False, queryset=Scope.objects.none(), to_field_name="code")
    tu = day_field(_("Từ ngày"))
    den = day_field(_("Đến hết ngày"))

    def __init__(self, data: Mapping[str, Any], *, scopes: QuerySet[Scope]) -> None:
        super().__init__(data)
        known = sorted(((name, str(label)) for name, label in labels().items()), key=lambda pair: pair[1])
        self.fields["viec"].choices = [("", _("Mọi việc")), *known]
        self.fields["noi"].queryset = scopes
        self.fields["noi"].empty_label = _("Mọi nơi")

    def clean_den(self) -> Any:
        day = self.cleaned_data["den"]
        return min(day, clock.today()) if day else day
