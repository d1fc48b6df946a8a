"""How Django forms look by default: `{{ form }}` gives label, field, error and help, tied for screen readers."""

from typing import Any

from django.forms import BoundField, widgets
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.forms.utils import ErrorList
from django.template import loader

_CLASSES: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.CheckboxInput, "form-check-input"),
    (widgets.RadioSelect, ""),
    (widgets.CheckboxSelectMultiple, ""),
    (widgets.Select, "form-select"),
    (widgets.HiddenInput, ""),
    (widgets.Input, "form-control"),
    (widgets.Textarea, "form-control"),
)


class Field(BoundField):
    """A field whose widget carries our classes."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: widgets.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        ours = next((name for kind, name in _CLASSES if isinstance(shown, kind)), "")
        theirs = built.get("class") or shown.attrs.get("class", "")
        classes = " ".join(part for part in (ours, theirs, "is-invalid" if ours and self.errors else "") if part)
        if classes:
            built["class"] = classes
        return built


class FormRenderer(BaseRenderer):
    """settings.FORM_RENDERER: our templates for forms and fields, Django's own for the rest."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
    bound_field_class = Field

    def __init__(self) -> None:
        self._widgets = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        if template_name == ErrorList.template_name:
            return loader.get_template("web/forms/errors.html")
        if template_name.startswith("django/"):
            return self._widgets.get_template(template_name)
        return loader.get_template(template_name)
