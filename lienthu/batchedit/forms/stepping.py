"""One step: the fields that its kind has, and its condition."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lienthu.batchedit.policy import steps as s
from lienthu.batchedit.policy.shapes import SHAPES, Fault, faults, places
from lienthu.batchedit.policy.steps import Condition, Step
from lienthu.batchedit.wording import MODES, PARTS, TESTS, THERE, WHICH, fault_sentence, ui_kind, words
from lienthu.catalogue.actions.keeping import DESK_STATUSES
from lienthu.catalogue.queries.desk import ItemStatus, Visibility
from lienthu.libraries.queries import Library, branches_of

_TAG_HELP = _("Ba chữ số. X thay cho một chữ số bất kỳ, ví dụ 65X.")
_WILD_HELP = _(
    "* là đoạn bất kỳ, # là một dãy chữ số, ? là một ký tự. Trong chữ thay, {1} là phần mà ký tự đại diện thứ nhất "
    "khớp, {2} là phần thứ hai: “# tr.” thành “{1} trang”."
)
_VALUE_LABELS = {
    s.REPLACE: _("Thay bằng"),
    s.ADD_FIELD: _("Nội dung"),
    s.ADD_SUBFIELD: _("Giá trị"),
    s.SET_INDICATOR: _("Giá trị chỉ thị"),
    s.SET_FIXED: _("Mã"),
    s.CALL_PREFIX: _("Đổi thành"),
    s.SET_COPIES: _("Giá trị mới"),
}
_VALUE_HELP = {
    s.REPLACE: _("Để trống là xóa chữ tìm thấy. Trường con không còn chữ nào thì bỏ."),
    s.ADD_FIELD: _("Viết như ở bàn biên mục: $a Truyện thơ $x Việt Nam. Trường y hệt đã có thì không thêm."),
    s.SET_INDICATOR: _("Một chữ số, hoặc # cho chỉ thị trống."),
    s.SET_FIXED: _("Viết # cho chỗ trống. Xem bảng mã ở bàn biên mục."),
}


def _text(label: Any, *, longest: int = 2_000, required: bool = False, help_text: Any = "") -> forms.CharField:
    """Blanks at both ends count: “tr. ” is not “tr.”."""
    widget = forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"})
    return forms.CharField(
        label=label, max_length=longest, required=required, strip=False, help_text=help_text, widget=widget
    )


def _tag(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control fit", "size": 5, "spellcheck": "false"})
    return forms.CharField(label=label, max_length=3, help_text=help_text, widget=widget)


def _code(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control fit", "size": 3, "spellcheck": "false"})
    return forms.CharField(label=label, max_length=1, required=required, help_text=help_text, widget=widget)


class StepForm(forms.Form):
    """Made by `step_form` for one kind of step."""

    condition_of = forms.ChoiceField(
        label=_("Điều kiện"),
        required=False,
        choices=[
            ("", _("Không đặt điều kiện")),
            (s.OF_RECORD, _("Chỉ biểu ghi mà…")),
            (s.OF_FIELD, _("Chỉ những trường đang sửa mà…")),
        ],
    )
    condition_tag = forms.CharField(
        label=_("Trường của điều kiện"),
        max_length=3,
        required=False,
        help_text=_("Ba chữ số, X thay chữ số bất kỳ, LDR là đầu biểu. Bỏ trống khi điều kiện là của trường đang sửa."),
    )
    condition_code = _code(_("Trường con của điều kiện"), required=False, help_text=_("Bỏ trống: cả trường."))
    condition_test = forms.ChoiceField(label=_("Phép thử"), required=False, choices=list(TESTS.items()))
    condition_text = _text(_("Chữ để thử"), longest=200)
    condition_mode = forms.ChoiceField(
        label=_("Cách so chữ của điều kiện"), required=False, choices=list(MODES.items())
    )

    def __init__(self, *args: Any, kind: str, library: Library, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, _colon, self.attribute = kind.partition(":")
        made = _fields(self.kind, self.attribute, library)
        self.fields.update(made)
        self.order_fields(list(made))
        if self.kind in s.ON_COPIES or self.kind in (s.ADD_FIELD, s.SET_FIXED):
            choice = self.fields["condition_of"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [pair for pair in choice.choices if pair[0] != s.OF_FIELD]

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields of the step itself."""
        return [field for field in self if not field.name.startswith("condition_")]

    @property
    def of_condition(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("condition_")]

    @property
    def has_condition(self) -> bool:
        return bool(self["condition_of"].value())

    def clean(self) -> dict[str, Any]:
        """Every fault of the step at its field."""
        cleaned = super().clean() or {}
        if not self.errors:
            for fault in faults(self.step(cleaned)):
                self._tell(fault)
        return cleaned

    def _tell(self, fault: Fault) -> None:
        self.add_error(fault.name if fault.name in self.fields else None, fault_sentence(fault.code))

    def step(self, cleaned: dict[str, Any] | None = None) -> Step:
        """The step that was typed."""
        given = self.cleaned_data if cleaned is None else cleaned
        values = {name: given[name] for name in SHAPES[self.kind] if name in given and given[name] not in (None, "")}
        if self.attribute:
            values["number"] = self.attribute
        if values.get("only"):
            name, _colon, value = values["only"].partition("=")
            values |= {"only": name, "only_value": value or values.get("only_value", "")}
        return Step(kind=self.kind, condition=_condition(given), **values)


def _condition(given: dict[str, Any]) -> Condition | None:
    of = given.get("condition_of")
    if not of:
        return None
    return Condition(
        of=of,
        tag=given.get("condition_tag", "").upper() if of == s.OF_RECORD else "",
        code=given.get("condition_code", ""),
        test=given.get("condition_test") or s.EXISTS,
        text=given.get("condition_text", "") if given.get("condition_test") in s.WITH_TEXT else "",
        mode=given.get("condition_mode") or "exact",
    )


def _fields(kind: str, attribute: str, library: Library) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {}
    for name in SHAPES[kind]:
        if name == "value":
            made[name] = _value(kind, attribute, library)
        elif name == "only":
            made[name] = forms.ChoiceField(label=_("Chỉ những bản có"), required=False, choices=_only(library))
        elif name == "code" and kind == s.REPLACE:
            made[name] = _code(_("Trường con"), required=False, help_text=_("Bỏ trống: mọi trường con."))
        elif not (name == "number" and attribute):
            made[name] = _MAKERS[name]()
    return made


def _value(kind: str, attribute: str, library: Library) -> forms.Field:
    label = _VALUE_LABELS[kind]
    if attribute == "branch":
        return forms.ChoiceField(label=label, choices=[("0", _("Không thuộc điểm nào")), *_branches(library)])
    if attribute == "status":
        return forms.ChoiceField(label=label, choices=_statuses())
    if attribute == "visibility":
        return forms.ChoiceField(label=label, choices=Visibility.choices)
    return _text(label, help_text=_VALUE_HELP.get(kind, ""), required=kind in (s.ADD_FIELD, s.ADD_SUBFIELD))


def _branches(library: Library) -> list[tuple[str, str]]:
    return [(str(branch.pk), branch.name_vi) for branch in branches_of(library)]


def _statuses() -> list[tuple[str, str]]:
    return [(value, str(ItemStatus(value).label)) for value in DESK_STATUSES]


def _only(library: Library) -> list[Any]:
    return [
        ("", _("Mọi bản")),
        ("shelf", _("Kho ghi ở dưới")),
        ("call_number", _("Ký hiệu xếp giá ghi ở dưới")),
        (_("Điểm phục vụ"), [(f"branch={value}", label) for value, label in _branches(library)]),
        (_("Tình trạng"), [(f"status={value}", label) for value, label in ItemStatus.choices]),
        (_("Ai thấy"), [(f"visibility={value}", label) for value, label in Visibility.choices]),
    ]


def _places() -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for place, position in places():
        groups.setdefault(place.part, []).append((place.key, f"{place.part}/{place.start:02d} {words(position.name)}"))
    return list(groups.items())


_MAKERS: dict[str, Any] = {
    "tag": lambda: _tag(_("Trường"), _TAG_HELP),
    "code": lambda: _code(_("Trường con")),
    "to_tag": lambda: _tag(_("Trường đến")),
    "to_code": lambda: _code(_("Trường con đến")),
    "which": lambda: forms.ChoiceField(label=_("Trong các trường cùng nhãn"), choices=list(WHICH.items())),
    "find": lambda: _text(_("Chữ cần tìm"), longest=200, required=True),
    "mode": lambda: forms.ChoiceField(label=_("Cách so chữ"), choices=list(MODES.items())),
    "part": lambda: forms.ChoiceField(label=_("Chỗ tìm"), choices=list(PARTS.items())),
    "wild": lambda: forms.BooleanField(label=_("Dùng ký tự đại diện"), required=False, help_text=_WILD_HELP),
    "indicators": lambda: forms.CharField(
        label=_("Hai chỉ thị"), max_length=2, required=False, help_text=_("Viết # cho chỉ thị trống."), initial="##"
    ),
    "number": lambda: forms.ChoiceField(label=_("Chỉ thị"), choices=[("1", _("Thứ nhất")), ("2", _("Thứ hai"))]),
    "there": lambda: forms.ChoiceField(label=_("Nếu trường đã có trường con này"), choices=list(THERE.items())),
    "place": lambda: forms.ChoiceField(label=_("Vị trí"), choices=_places()),
    "only_value": lambda: _text(_("Kho hoặc ký hiệu ấy"), longest=200),
}


def step_form(kind: str, library: Library, data: Any = None, *, step: Step | None = None) -> StepForm:
    """The form of a kind of step, with what a step says already."""
    return StepForm(data, kind=kind, library=library, initial=initial_of(step) if step else None)


def initial_of(step: Step) -> dict[str, Any]:
    """What a step says, for its form."""
    values: dict[str, Any] = {name: getattr(step, name) for name in SHAPES[step.kind]}
    if step.only and step.only not in ("shelf", "call_number"):
        values |= {"only": f"{step.only}={step.only_value}", "only_value": ""}
    if step.condition:
        told = step.condition
        values |= {
            "condition_of": told.of,
            "condition_tag": told.tag,
            "condition_code": told.code,
            "condition_test": told.test,
            "condition_text": told.text,
            "condition_mode": told.mode,
        }
    return values


def kinds() -> Iterable[str]:
    """Kinds of steps as pages name them."""
    for kind in s.KINDS:
        if kind == s.SET_COPIES:
            yield from (f"{kind}:{name}" for name in s.COPY_ATTRIBUTES)
        else:
            yield kind


def kind_of(step: Step) -> str:
    """The same for a step."""
    return ui_kind(step)
