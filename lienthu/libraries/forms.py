"""Reads and checks what people type about libraries; never saves."""

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthu.identity.access import Actor, scopes_with
from lienthu.kernel import clock
from lienthu.libraries import wording
from lienthu.libraries.access import ADD
from lienthu.libraries.actions import BranchData, EventData, LibraryData, NotPossible
from lienthu.libraries.actions.hours import read_spans
from lienthu.libraries.models import Branch, Library, LifecycleEvent, Unit
from lienthu.libraries.policy.hours import Span, Week
from lienthu.libraries.policy.lifecycle import events_possible
from lienthu.libraries.queries import (
    REFORM_DAY,
    AmbiguousUnit,
    LibraryFilter,
    library_of_code,
    province_of_name,
    services,
    unit_bearers,
    unit_by_name,
    unit_of_code,
)

_ANY = [("", gettext_lazy("Tất cả"))]
_weekday_label = lazy(wording.weekday_name, str)
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def find_unit(typed: str, *, on: date) -> Unit | None:
    """The unit meant by a code or a name: of the own province before others, of the day before earlier ones.

    Raises AmbiguousUnit.
    """
    code = re.match(r"\d{2,5}\b", typed.strip())
    if code:
        bearers = unit_bearers(code[0])
        return unit_of_code(code[0], on=on) or (bearers[0] if bearers else None)
    days = (on, min(on, date.fromordinal(REFORM_DAY.toordinal() - 1)))
    for strict in (True, False):
        for day in days:
            province = province_of_name(settings.PROVINCE, on=day)
            found = unit_by_name(typed, on=day, within=province, strict=strict) if province else None
            found = found or unit_by_name(typed, on=day, strict=strict)
            if found:
                return found
    return None


def unit_text(unit: Unit | None) -> str:
    """A unit as the forms write it: "02536 Xã Sơn Dương"."""
    return f"{unit.code} {unit.full_name}" if unit else ""


class UnitField(forms.CharField):
    """An administrative unit by code or name. The unit that is already there stays what it is."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Xã, phường, huyện cũ hoặc tỉnh"))
        kwargs.setdefault(
            "help_text", gettext_lazy("Tên hoặc mã, ví dụ: xã Sơn Dương, 02536. Gõ có dấu hay không đều được.")
        )
        super().__init__(max_length=120, required=False, **kwargs)
        self.present: Unit | None = None

    def clean(self, value: Any) -> Unit | None:
        typed = super().clean(value)
        if not typed:
            return None
        if self.present is not None and typed == unit_text(self.present):
            return self.present
        try:
            found = find_unit(typed, on=clock.today())
        except AmbiguousUnit as error:
            names = "; ".join(f"{unit.code} {wording.unit_path(unit)}" for unit in error.candidates[:6])
            raise forms.ValidationError(_("Có nhiều nơi cùng tên, hãy gõ mã: %(names)s") % {"names": names}) from error
        if found is None:
            raise forms.ValidationError(_("Không thấy đơn vị hành chính nào tên như vậy."))
        return found


class LibraryFilterForm(forms.Form):
    """The filters of the list of libraries; unusable values are ignored, never an error page."""

    ten = forms.CharField(label=gettext_lazy("Tên hoặc mã"), required=False, max_length=200)
    don_vi = UnitField(label=gettext_lazy("Xã, phường, huyện cũ"), help_text="")
    loai = forms.ChoiceField(label=gettext_lazy("Loại hình"), required=False)
    dich_vu = forms.ChoiceField(label=gettext_lazy("Dịch vụ"), required=False)
    dang_mo = forms.BooleanField(label=gettext_lazy("Đang mở cửa"), required=False)
    ca_cu = forms.BooleanField(label=gettext_lazy("Kể cả thư viện đã sáp nhập, giải thể"), required=False)

    hide_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loai"].choices = [*_ANY, *Library.Kind.choices]
        self.fields["dich_vu"].choices = [*_ANY, *((s.code, wording.name_of(s)) for s in services())]

    def wanted(self) -> LibraryFilter:
        """The filter, from whatever of the form is usable."""
        self.is_valid()
        data = self.cleaned_data
        return LibraryFilter(
            name=data.get("ten", ""),
            kind=data.get("loai", ""),
            unit=data.get("don_vi"),
            service=data.get("dich_vu", ""),
            with_closed=bool(data.get("ca_cu")),
        )


class DeskFilterForm(forms.Form):
    """The filters of the list of libraries that one keeps; unusable values are ignored."""

    ten = forms.CharField(label=gettext_lazy("Tên hoặc mã"), required=False, max_length=200)
    loai = forms.ChoiceField(label=gettext_lazy("Loại hình"), required=False, choices=[*_ANY, *Library.Kind.choices])
    tinh_trang = forms.ChoiceField(
        label=gettext_lazy("Tình trạng"), required=False, choices=[*_ANY, *Library.Status.choices]
    )

    hide_optional = True

    def wanted(self) -> dict[str, str]:
        """What to look for, from whatever of the form is usable."""
        self.is_valid()
        names = {"name": "ten", "kind": "loai", "status": "tinh_trang"}
        return {name: self.cleaned_data.get(field, "") for name, field in names.items()}


class LibraryForm(forms.Form):
    """What is known about a library. Name, kind and listing only for those who keep the registry."""

    name_vi = forms.CharField(label=gettext_lazy("Tên thư viện"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Tên tiếng Anh"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Loại hình"), choices=Library.Kind.choices)
    unit = UnitField()
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=300, required=False)
    latitude = forms.FloatField(label=gettext_lazy("Vĩ độ"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=gettext_lazy("Kinh độ"), required=False, min_value=-180, max_value=180)
    phone = forms.CharField(label=gettext_lazy("Điện thoại"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), required=False)
    website = forms.URLField(label=gettext_lazy("Trang thông tin"), required=False, assume_scheme="https")
    about = forms.CharField(label=gettext_lazy("Giới thiệu"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    collection_languages = forms.MultipleChoiceField(
        label=gettext_lazy("Có kho riêng bằng tiếng"), required=False, widget=forms.CheckboxSelectMultiple
    )
    founded_date = forms.DateField(label=gettext_lazy("Ngày thành lập"), required=False, widget=_DATE)
    founding_decision = forms.CharField(label=gettext_lazy("Quyết định thành lập"), max_length=200, required=False)
    listed = forms.BooleanField(label=gettext_lazy("Có trong danh bạ công khai"), required=False, initial=True)

    PROTECTED = ("name_vi", "kind", "listed")

    def __init__(self, *args: Any, library: Library | None = None, keeper: bool = True, **kwargs: Any) -> None:
        if library is not None:
            values = {name: getattr(library, name) for name in LibraryData.__dataclass_fields__}
            kwargs.setdefault("initial", {**values, "unit": unit_text(library.unit)})
        super().__init__(*args, **kwargs)
        self.library = library
        self.fields["unit"].present = library.unit if library else None
        self.fields["collection_languages"].choices = [
            (code, wording.language_name(code)) for code in wording.COLLECTION_LANGUAGES
        ]
        if not keeper:
            for name in self.PROTECTED:
                del self.fields[name]

    def data_of(self) -> LibraryData:
        """The checked data; what the form does not offer stays as it is."""
        values = dict(self.cleaned_data)
        values.pop("code", None)
        values.pop("under", None)
        values["collection_languages"] = tuple(values["collection_languages"])
        if self.library is not None:
            values = {name: getattr(self.library, name) for name in (*self.PROTECTED, "parent")} | values
        return LibraryData(**values)


class NewLibraryForm(LibraryForm):
    """A library that is added: also its code and its place in the tree of permissions."""

    code = forms.CharField(
        label=gettext_lazy("Mã thư viện"),
        max_length=16,
        help_text=gettext_lazy(
            "Theo TCVN 11645:2016: VN- rồi chữ không dấu, chữ số, dấu - / :, tối đa 16 ký tự. Ví dụ VN-TQ-TINH."
        ),
    )
    under = forms.ModelChoiceField(label=gettext_lazy("Đặt dưới"), queryset=None, empty_label=None)

    field_order = ("code", "under")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = scopes_with(actor, ADD).filter(kind__in=["PROVINCE", "AGENCY"], closed_date=None)
        self.fields["under"].queryset = places


class ServicesForm(forms.Form):
    """Which services a library offers, with a note each."""

    hide_optional = True

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = dict(library.services.values_list("service__code", "note"))
        self.rows: list[tuple[Any, Any]] = []
        for service in services():
            on, note = f"co_{service.code}", f"ghi_{service.code}"
            self.fields[on] = forms.BooleanField(
                label=wording.name_of(service), required=False, initial=service.code in offered
            )
            label = _("Ghi chú cho “%(name)s”") % {"name": wording.name_of(service)}
            self.fields[note] = forms.CharField(
                label=label, required=False, max_length=300, initial=offered.get(service.code, "")
            )
            self.rows.append((self[on], self[note]))

    def offers(self) -> dict[str, str]:
        """Service code -> note."""
        data = self.cleaned_data
        chosen = [name.removeprefix("co_") for name, value in data.items() if name.startswith("co_") and value]
        return {code: data.get(f"ghi_{code}", "") for code in chosen}


class SpansField(forms.CharField):
    """Opening times of one day, "07:30-11:30, 13:30-17:00"; empty means closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=100, **kwargs)

    def clean(self, value: Any) -> tuple[Span, ...]:
        try:
            return read_spans(super().clean(value))
        except NotPossible as error:
            raise forms.ValidationError(error.message) from error


def spans_text(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{s.opens:%H:%M}-{s.closes:%H:%M}" for s in spans)


class WeekForm(forms.Form):
    """Seven days."""

    hide_optional = True

    def __init__(self, *args: Any, week: Week | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(7):
            initial = spans_text(week[day]) if week else ""
            self.fields[f"ngay_{day}"] = SpansField(label=_weekday_label(day), initial=initial)

    def week(self) -> Week:
        return tuple(self.cleaned_data[f"ngay_{day}"] for day in range(7))


class SeasonForm(WeekForm):
    """A part of the year with a week of its own."""

    ten_mua = forms.CharField(label=gettext_lazy("Tên mùa"), max_length=100, help_text=gettext_lazy("Ví dụ: Giờ hè."))
    tu_ngay = forms.RegexField(label=gettext_lazy("Từ (ngày/tháng)"), regex=r"^\d{1,2}/\d{1,2}$", max_length=5)
    den_ngay = forms.RegexField(label=gettext_lazy("Đến (ngày/tháng)"), regex=r"^\d{1,2}/\d{1,2}$", max_length=5)

    def bounds(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """(month, day) of the first and the last day."""
        start, end = (self.cleaned_data[name].split("/") for name in ("tu_ngay", "den_ngay"))
        return (int(start[1]), int(start[0])), (int(end[1]), int(end[0]))


class ExceptionForm(forms.Form):
    """Days that differ: closed, or open at other hours."""

    first = forms.DateField(label=gettext_lazy("Từ ngày"), widget=_DATE)
    last = forms.DateField(label=gettext_lazy("Đến hết ngày"), widget=_DATE)
    reason = forms.CharField(label=gettext_lazy("Lý do cho bạn đọc biết"), max_length=200)
    spans = SpansField(
        label=gettext_lazy("Giờ mở cửa riêng"), help_text=gettext_lazy("Để trống nếu đóng cửa. Ví dụ: 08:00-11:00.")
    )


class BranchForm(forms.Form):
    """A service point; the code only when it is added."""

    code = forms.RegexField(
        label=gettext_lazy("Mã điểm phục vụ"),
        regex=r"^[A-Z0-9-]{1,16}$",
        max_length=16,
        help_text=gettext_lazy("Chữ hoa không dấu, chữ số, dấu -. Ví dụ: THIEUNHI."),
    )
    name_vi = forms.CharField(label=gettext_lazy("Tên"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Tên tiếng Anh"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Loại"), choices=Branch.Kind.choices)
    unit = UnitField()
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), max_length=300, required=False)
    latitude = forms.FloatField(label=gettext_lazy("Vĩ độ"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=gettext_lazy("Kinh độ"), required=False, min_value=-180, max_value=180)
    phone = forms.CharField(label=gettext_lazy("Điện thoại"), max_length=40, required=False)

    def __init__(self, *args: Any, branch: Branch | None = None, **kwargs: Any) -> None:
        if branch is not None:
            values = {name: getattr(branch, name) for name in BranchData.__dataclass_fields__}
            kwargs.setdefault("initial", {**values, "unit": unit_text(branch.unit)})
        super().__init__(*args, **kwargs)
        if branch is not None:
            self.fields["unit"].present = branch.unit
            del self.fields["code"]

    def data_of(self) -> BranchData:
        return BranchData(**{name: value for name, value in self.cleaned_data.items() if name != "code"})


class EventForm(forms.Form):
    """Something that happened to a library as an institution."""

    kind = forms.ChoiceField(label=gettext_lazy("Sự kiện"))
    on = forms.DateField(label=gettext_lazy("Ngày có hiệu lực"), widget=_DATE)
    document_number = forms.CharField(label=gettext_lazy("Số văn bản"), max_length=100, required=False)
    successors = forms.CharField(
        label=gettext_lazy("Mã thư viện kế thừa"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Một hoặc nhiều mã, cách nhau bằng dấu phẩy; mã cũ sẽ dẫn đến mã đứng đầu."),
    )
    new_name = forms.CharField(label=gettext_lazy("Tên mới"), max_length=200, required=False)
    note = forms.CharField(label=gettext_lazy("Ghi chú"), max_length=500, required=False)

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        founded = library.events.exists()
        possible = [*([] if founded else ["FOUNDED"]), *events_possible(library.status)]
        labels = dict(LifecycleEvent.Kind.choices)
        self.fields["kind"].choices = [(kind, labels[kind]) for kind in possible]

    def clean_successors(self) -> tuple[Library, ...]:
        found = []
        for code in filter(None, (part.strip() for part in self.cleaned_data["successors"].split(","))):
            library = library_of_code(code)
            if library is None:
                raise forms.ValidationError(_("Không có thư viện mang mã %(code)s.") % {"code": code})
            found.append(library)
        return tuple(dict.fromkeys(found))

    def data_of(self) -> EventData:
        return EventData(**self.cleaned_data)
