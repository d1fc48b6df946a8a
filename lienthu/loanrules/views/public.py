"""The rules of borrowing as everybody may read them, in plain words, with the day from which they hold."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lienthu.kernel import clock
from lienthu.libraries.queries import Library, library_by_code, public_libraries
from lienthu.loanrules.forms import PublicForm
from lienthu.loanrules.policy.resolving import ANY, resolve
from lienthu.loanrules.queries.categories import category_path
from lienthu.loanrules.queries.due import calendar_at, due_of
from lienthu.loanrules.queries.editions import coming_editions
from lienthu.loanrules.queries.places import Chain, chain_of_scope
from lienthu.loanrules.queries.tables import valid_editions
from lienthu.loanrules.queries.terms import rule_book
from lienthu.loanrules.views.matrix import pairs_in, sources_in
from lienthu.loanrules.wording import explain_due, pair_name
from lienthu.loanrules.wording_public import sentences
from lienthu.web.components import Crumb


@dataclass(frozen=True)
class Said:
    """For whom and for what, in sentences."""

    name: str
    sentences: tuple[str, ...]


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The libraries whose rules can be read."""
    return render(request, "loanrules/public.html", {"libraries": public_libraries()})


@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    """The rules of a library today, and the answer to one question: which reader, which item."""
    library = library_by_code(code)
    if library is None or not library.listed:
        raise Http404
    today = clock.today()
    chain = chain_of_scope(library.scope)
    levels = rule_book().tables(chain, on=today)
    refs = [row.ref for rows in levels for row in rows]
    form = PublicForm(
        request.GET or None, categories=[one.category for one in refs], item_types=[one.item_type for one in refs]
    )
    everybody = resolve(levels, category_path=(ANY,), item_type=ANY)
    context = {
        "place": library,
        "crumbs": [
            Crumb(_("Nội quy mượn tài liệu"), reverse("loanrules:public")),
            Crumb(library.name_vi, reverse("libraries:library", args=[library.code])),
            Crumb(_("Nội quy mượn")),
        ],
        "since": _since(chain, today),
        "coming": [one.valid_from for one in coming_editions(library.scope)],
        "general": sentences(everybody),
        "others": [
            Said(pair_name(*pair), tuple(said))
            for pair in pairs_in(levels)
            if pair != (ANY, ANY)
            and (
                said := sentences(
                    resolve(levels, category_path=category_path(pair[0]), item_type=pair[1]), beside=everybody
                )
            )
        ],
        "sources": sources_in(levels),
        "form": form,
        "answer": _answer(library, chain, form, today) if request.GET else None,
    }
    return render(request, "loanrules/public_of.html", context)


def _since(chain: Chain, today: date) -> date | None:
    """The day from which what is read here holds: the latest beginning among the tables that decide."""
    editions = valid_editions([place.scope_id for place in chain], on=today)
    return max((one.valid_from for one in editions if one.valid_from), default=None)


def _answer(library: Library, chain: Chain, form: PublicForm, today: date) -> dict[str, object]:
    category, item_type = form.question()
    terms = rule_book().terms(chain, path=category_path(category), item_type=item_type, on=today)
    due = due_of(
        terms=terms, library_id=library.pk, branch_id=None, at=clock.now(), calendar=calendar_at(library.scope)
    )
    return {
        "asked": pair_name(category, item_type),
        "sentences": sentences(terms.values()),
        "due": due.on if terms.lendable.value else None,
        "steps": explain_due(due) if terms.lendable.value else [],
    }
