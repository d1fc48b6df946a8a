"""The rules by which a record from outside may change one of a library."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lienthu.identity.access import actor_of, require, requires, scopes_with
from lienthu.libraries.queries import libraries, library_of_code
from lienthu.targets.access import MANAGE
from lienthu.targets.actions.keeping import set_rules
from lienthu.targets.forms import RulesForm
from lienthu.targets.queries import rules_of


@requires(MANAGE)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The libraries whose rules one sets; a single one opens at once."""
    own = libraries().filter(scope__in=scopes_with(actor_of(request), MANAGE))
    if own.count() == 1:
        return redirect("targets:rules_of", own[0].code)
    return render(request, "targets/rules_list.html", {"libraries": own})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """One library's rules, one for each group of fields."""
    library = library_of_code(code)
    if library is None:
        raise Http404
    require(actor_of(request), MANAGE, at=library.scope)
    form = RulesForm(request.POST or None, rules=rules_of(library))
    if request.method == "POST" and form.is_valid():
        set_rules(actor=actor_of(request), library=library, rules=form.rules())
        messages.success(request, _("Đã lưu quy tắc của %(library)s.") % {"library": library.name_vi})
        return redirect("targets:rules_of", library.code)
    return render(request, "targets/rules.html", {"form": form, "library": library}, status=400 if form.errors else 200)
