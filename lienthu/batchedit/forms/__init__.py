"""Forms of batch editing: they read and check input, and never save."""

from lienthu.batchedit.forms.lists import EditFilter, RecordFilter, TemplateForm
from lienthu.batchedit.forms.selecting import ImportForm, ListForm, QueryForm, SelectionForm, selection_form
from lienthu.batchedit.forms.stepping import StepForm, step_form

__all__ = [
    "EditFilter",
    "ImportForm",
    "ListForm",
    "QueryForm",
    "RecordFilter",
    "SelectionForm",
    "StepForm",
    "TemplateForm",
    "selection_form",
    "step_form",
]
