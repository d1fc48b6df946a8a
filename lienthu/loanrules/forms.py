"""Forms of loan rules: they read and check input, and never save."""

from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthu.kernel import clock
from lienthu.loanrules.actions import RuleData
from lienthu.loanrules.models import Rule
from lienthu.loanrules.policy.resolving import ANY
from lienthu.loanrules.policy.terms import Terms
from lienthu.loanrules.policy.values import ATTRIBUTES, Attribute, Group, Kind, Plain, Unusable, read_value
from lienthu.loanrules.queries.codes import category_names, item_type_names
from lienthu.loanrules.wording import CHOICES, GROUPS, LABELS, category_name, item_type_name, value_text
from lienthu.web.tags.filters import vn_number

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_UNSAID = [("", gettext_lazy("– không nêu –"))]
_YES_NO = [*_UNSAID, ("1", gettext_lazy("Có")), ("0", gettext_lazy("Không"))]
NONE = "none"


def category_choices(*more: str) -> list[tuple[str, str]]:
    """ANY, the known categories, and codes that are used already though nobody knows them."""
    codes = dict.fromkeys([ANY, *category_names(), *more])
    return [(code, category_name(code)) for code in codes]


def item_type_choices(*more: str) -> list[tuple[str, str]]:
    """ANY, the known item types, and codes that are used already though nobody knows them."""
    codes = dict.fromkeys([ANY, *item_type_names(), *more])
    return [(code, item_type_name(code)) for code in codes]


class DayForm(forms.Form):
    """The day whose rules are shown; an unusable one is today."""

    hide_optional = True
    ngay = forms.DateField(label=gettext_lazy("Nội quy của ngày"), required=False, widget=_DATE)

    def day(self) -> date:
        """The chosen day, else today."""
        chosen = self.cleaned_data.get("ngay") if self.is_valid() else None
        return chosen or clock.today()


class RuleForm(forms.Form):
    """One row: whom and what it is about, then every value that it may give; empty means it says nothing."""

    hide_optional = True

    category = forms.ChoiceField(label=gettext_lazy("Bạn đọc"))
    item_type = forms.ChoiceField(label=gettext_lazy("Loại tài liệu"))
    note = forms.CharField(
        label=gettext_lazy("Căn cứ, lý do"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Số và điều của luật, nghị quyết, quyết định; ai đọc nội quy cũng thấy."),
    )

    def __init__(self, *args: Any, rule: Rule | None = None, inherited: Terms, lockable: bool, **kwargs: Any) -> None:
        if rule is not None:
            kwargs.setdefault("initial", _initial(rule))
        super().__init__(*args, **kwargs)
        self.lockable = lockable
        self.fields["category"].choices = category_choices(*([rule.category] if rule else []))
        self.fields["item_type"].choices = item_type_choices(*([rule.item_type] if rule else []))
        held = inherited.values()
        for name, attribute in ATTRIBUTES.items():
            field = _field(attribute)
            field.help_text = _("Không nêu: %(value)s") % {"value": value_text(name, held[name].value)}
            lock = held[name].locked_by
            if lock is not None:
                field.help_text = _("%(place)s đã khóa: %(value)s") % {
                    "place": lock.place_name,
                    "value": value_text(name, held[name].value),
                }
            self.fields[name] = field
            if lockable:
                self.fields[f"lock_{name}"] = forms.BooleanField(
                    label=format_html(
                        '{}<span class="visually-hidden">: {}</span>', _("Khóa cho các nơi bên dưới"), LABELS[name]
                    ),
                    required=False,
                )

    def groups(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """The values part by part, each field with the box that locks it."""
        found = []
        for group in Group:
            names = [name for name, attribute in ATTRIBUTES.items() if attribute.group == group]
            pairs = [(self[name], self[f"lock_{name}"] if self.lockable else None) for name in names]
            found.append((str(GROUPS[group]), pairs))
        return found

    def clean(self) -> dict[str, Any]:
        """Something must be said; what is locked must be said."""
        cleaned = super().clean() or {}
        if not self.errors:
            values = self.values()
            if not values:
                raise forms.ValidationError(_("Hãy điền ít nhất một giá trị."))
            for name in ATTRIBUTES:
                if cleaned.get(f"lock_{name}") and name not in values:
                    self.add_error(name, _("Chỉ khóa được giá trị mà dòng này nêu ra."))
        return cleaned

    def values(self) -> dict[str, Plain]:
        """The values that the row gives."""
        found: dict[str, Plain] = {}
        for name in ATTRIBUTES:
            typed = self.cleaned_data.get(name)
            if typed is not None and typed != "":
                found[name] = typed if not isinstance(typed, _Nothing) else None
        return found

    def data_of(self) -> RuleData:
        """The row."""
        given = self.cleaned_data
        locks = frozenset(name for name in ATTRIBUTES if given.get(f"lock_{name}"))
        return RuleData(
            category=given["category"],
            item_type=given["item_type"],
            values=self.values(),
            locks=locks,
            note=given["note"],
        )


class _Nothing:
    """A value given on purpose as none: no fixed date."""


class _FixedDateField(forms.CharField):
    """A date, nothing, or "0": the fixed date of the places above does not hold here."""

    def clean(self, value: Any) -> date | _Nothing | None:
        typed = super().clean(value)
        if not typed:
            return None
        if typed.strip() == "0":
            return _Nothing()
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return forms.DateField(input_formats=[form]).clean(typed)
            except forms.ValidationError:
                continue
        raise forms.ValidationError(_("Viết ngày như 31/05/2027, hoặc 0 để không ấn định."))


class _YesNoField(forms.TypedChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_YES_NO, coerce=lambda value: value == "1", empty_value=None, required=False, **kwargs)


def _field(attribute: Attribute) -> forms.Field:
    label = LABELS[attribute.name]
    if attribute.kind == Kind.YES_NO:
        return _YesNoField(label=label)
    if attribute.kind == Kind.CHOICE:
        texts = [(code, CHOICES[attribute.name, code]) for code in attribute.choices]
        return forms.ChoiceField(label=label, choices=[*_UNSAID, *texts], required=False)
    if attribute.kind == Kind.DATE:
        return _FixedDateField(
            label=label, required=False, max_length=10, widget=forms.TextInput(attrs={"placeholder": "31/05/2027"})
        )
    wrong = _("Viết một số nguyên từ 0 đến %(most)s.") % {"most": vn_number(attribute.most)}
    return forms.IntegerField(
        label=label,
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
        required=False,
        min_value=0,
        max_value=attribute.most,
        localize=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _initial(rule: Rule) -> dict[str, Any]:
    values: dict[str, Any] = {"category": rule.category, "item_type": rule.item_type, "note": rule.note}
    for name, raw in rule.values.items():
        try:
            value = read_value(name, raw)
        except Unusable:
            continue
        if isinstance(value, bool):
            values[name] = "1" if value else "0"
        elif ATTRIBUTES[name].kind == Kind.DATE:
            values[name] = value.strftime("%d/%m/%Y") if isinstance(value, date) else "0"
        else:
            values[name] = value
    return values | {f"lock_{name}": True for name in rule.locks}


class PublishForm(forms.Form):
    """From which day, and why."""

    valid_from = forms.DateField(label=gettext_lazy("Áp dụng từ ngày"), widget=_DATE)
    reason = forms.CharField(
        label=gettext_lazy("Căn cứ ban hành, lý do thay đổi"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    anyway = forms.BooleanField(
        label=gettext_lazy("Vẫn công bố dù còn mâu thuẫn"),
        error_messages={"required": gettext_lazy("Bản thảo còn mâu thuẫn: hãy sửa, hoặc đánh dấu vào đây.")},
    )

    def __init__(self, *args: Any, contradictory: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not contradictory:
            del self.fields["anyway"]


class PublicForm(forms.Form):
    """A reader's question: who borrows what."""

    hide_optional = True

    nhom = forms.ChoiceField(label=gettext_lazy("Bạn đọc"), required=False)
    loai = forms.ChoiceField(label=gettext_lazy("Loại tài liệu"), required=False)

    def __init__(self, *args: Any, categories: list[str], item_types: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nhom"].choices = category_choices(*categories)
        self.fields["loai"].choices = item_type_choices(*item_types)

    def question(self) -> tuple[str, str]:
        """Category and item type; what is unusable is everybody, everything."""
        self.is_valid()
        return self.cleaned_data.get("nhom") or ANY, self.cleaned_data.get("loai") or ANY


class WhyForm(PublicForm):
    """A question to the rules: who borrows what on which day."""

    ngay = forms.DateField(label=gettext_lazy("Mượn ngày"), required=False, widget=_DATE)

    def day(self) -> date:
        """The day asked about; today when it is unusable."""
        self.is_valid()
        return self.cleaned_data.get("ngay") or clock.today()
