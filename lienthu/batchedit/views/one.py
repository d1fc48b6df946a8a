"""One edit: its selection, its steps, every record before and after."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lienthu.batchedit.access import EDIT, visible_templates
from lienthu.batchedit.actions.drafting import steps_of
from lienthu.batchedit.forms import RecordFilter, TemplateForm
from lienthu.batchedit.forms.stepping import kinds
from lienthu.batchedit.models import UNDER_WAY, BatchEdit, EditState
from lienthu.batchedit.queries.outcomes import every_row, outcome_counts, record_rows
from lienthu.batchedit.views.frame import OPEN, branch_names, crumbs, the_edit
from lienthu.batchedit.views.presenting import cards_of, differences_in_words, figures_of, progress_of, way_of
from lienthu.batchedit.views.running import return_text, run_text
from lienthu.batchedit.wording import (
    KIND_LABELS,
    LEFT,
    STATE_BADGES,
    problem_sentence,
    selection_sentence,
    step_sentence,
)
from lienthu.identity.access import actor_of, requires
from lienthu.kernel.http import page_number
from lienthu.kernel.sheets import csv_response
from lienthu.web.components import Crumb

CARDS = 10
LEFT_SHOWN = 100


@requires(EDIT)
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The edit in whatever state it is."""
    edit = the_edit(request, public_id)
    branches = branch_names(edit.library)
    is_open = edit.state in OPEN
    counts = outcome_counts(edit)
    context: dict[str, Any] = {
        "edit": edit,
        "crumbs": crumbs(Crumb(edit.title)),
        "state": (STATE_BADGES[edit.state], str(edit.get_state_display())),
        "way": way_of(edit),
        "selection": selection_sentence(edit.selection),
        "steps": [step_sentence(step, branches=branches) for step in steps_of(edit)],
        "is_open": is_open,
        "problem": problem_sentence(edit.problem) if edit.problem else "",
        "work": progress_of(edit) if edit.state in UNDER_WAY else None,
        "may_stop": edit.state in (EditState.PREVIEWING, EditState.RUNNING) and not edit.stop_wanted,
        "left": [(line, LEFT[why]) for line, why in edit.not_found[:LEFT_SHOWN]],
    }
    if is_open:
        context |= {
            "kinds": [(kind, KIND_LABELS[kind]) for kind in kinds()],
            "templates": visible_templates(actor_of(request)).filter(library=edit.library).order_by("name"),
            "template_form": TemplateForm(),
        }
    if counts and edit.state not in UNDER_WAY:
        context |= _results(request, edit, counts, branches)
    return render(request, "batchedit/edit.html", context)


def _results(request: HttpRequest, edit: BatchEdit, counts: dict[str, int], branches: dict[str, str]) -> dict[str, Any]:
    form = RecordFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = page_number(request.GET.get("page"))
    asked = {
        "outcome": wanted.get("outcome", ""),
        "words": wanted.get("words", "").strip(),
        "sort": wanted.get("sort", ""),
    }
    rows, total = record_rows(edit, **asked, page=page, size=CARDS)
    if not rows and page > 1:
        page = 1
        rows, total = record_rows(edit, **asked, page=page, size=CARDS)
    may_run = edit.state in (EditState.PREVIEWED, EditState.STOPPED) and bool(counts.get("PLANNED"))
    may_return = edit.state in (EditState.DONE, EditState.STOPPED) and bool(counts.get("CHANGED"))
    return {
        "figures": figures_of(edit, counts),
        "filter": form,
        "filtered": any(asked[name] for name in ("outcome", "words")),
        "cards": cards_of(edit, rows, branches),
        "page": page,
        "pages": max(1, -(-total // CARDS)),
        "size": CARDS,
        "total": total,
        "export": reverse("batchedit:export", args=[edit.public_id]),
        "run_text": run_text(edit) if may_run else "",
        "return_text": return_text() if may_return else "",
        "nothing_to_do": edit.state == EditState.PREVIEWED and not counts.get("PLANNED"),
    }


@requires(EDIT)
@require_GET
@never_cache
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress component again, for polling."""
    return render(request, "web/components/progress.html", {"work": progress_of(the_edit(request, public_id))})


@requires(EDIT)
@require_GET
def export(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every record with what became of it, and the lines of the list that named none."""
    edit = the_edit(request, public_id)
    heads = [_("Số kiểm soát"), _("Nhan đề"), _("Kết quả"), _("Vì sao"), _("Thay đổi"), _("Bản tài liệu")]
    return csv_response(f"sua-hang-loat-{edit.public_id}", heads, _lines(edit))


def _lines(edit: BatchEdit) -> Iterator[list[str]]:
    branches = branch_names(edit.library)
    for line, why in edit.not_found:
        yield [line, "", str(LEFT[why]), "", "", ""]
    for rows in every_row(edit):
        for card in cards_of(edit, rows, branches):
            copies = "\n".join(f"{number}: {name}: {old} → {new}" for number, name, old, new in card.copies)
            yield [
                card.row.control_number,
                card.row.title,
                card.badge[1],
                " ".join(card.reasons),
                differences_in_words(card.pairs),
                copies,
            ]
