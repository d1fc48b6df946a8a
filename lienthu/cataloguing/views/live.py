"""What the editor asks while a person types: checks, keeping, help, boxes of fixed fields, suggestions."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lienthu.cataloguing.access import EDIT
from lienthu.cataloguing.models import DraftForm
from lienthu.cataloguing.rules import tables
from lienthu.cataloguing.rules.checking import Severity, check
from lienthu.cataloguing.rules.sheets import FIXED
from lienthu.cataloguing.views.plain import posted_plain
from lienthu.cataloguing.views.presenting import boxes_of, side_of, suggested
from lienthu.cataloguing.views.work import Work, packed_sheet, posted
from lienthu.cataloguing.wording import said, words
from lienthu.identity.access import actor_of, requires


def _posted(request: HttpRequest) -> Work:
    """The sheet as JSON in the field `sheet` beside the hidden fields of the page; without it the simple form."""
    if "sheet" not in request.POST:
        return posted_plain(request)[0]
    return posted(request, packed_sheet(request.POST["sheet"]))


@requires(EDIT)
@require_POST
@never_cache
def look(request: HttpRequest) -> JsonResponse:
    """Check a sheet; nothing is written."""
    return _answer(request, _posted(request))


@requires(EDIT)
@require_POST
@never_cache
def keep(request: HttpRequest) -> JsonResponse:
    """Check a sheet and keep it as a draft."""
    work = _posted(request)
    form = DraftForm.MARC if "sheet" in request.POST else DraftForm.PLAIN
    draft = work.kept(actor_of(request), form=form)
    at = formats.date_format(timezone.localtime(draft.updated_at), "H:i")
    return _answer(request, work, draft=draft.pk, kept_words=_("Đã giữ bản nháp lúc %(at)s") % {"at": at})


def _answer(request: HttpRequest, work: Work, **more: object) -> JsonResponse:
    findings = check(work.sheet)
    rows: dict[int, list[str]] = {}
    faulty = set()
    for finding, one in zip(findings, said(findings), strict=True):
        if finding.row is not None:
            rows.setdefault(finding.row, []).append(one.text)
            if finding.severity is Severity.ERROR:
                faulty.add(finding.row)
    return JsonResponse(
        {
            "rows": rows,
            "faulty": sorted(faulty),
            "side": render_to_string("cataloguing/_side.html", {"side": side_of(work, findings)}, request=request),
            "names": {row.tag: words(rule.name) for row in work.sheet.rows if (rule := tables.fields().get(row.tag))},
            "changed": bool(work.record and work.expected is not None and work.record.revision != work.expected),
            **more,
        }
    )


@requires(EDIT)
@require_GET
def field_help(request: HttpRequest, tag: str) -> HttpResponse:
    """What a field is for; as a page of its own, or as a part of the editor (`?phan=1`)."""
    rule = tables.fields().get(tag)
    if rule is None:
        raise Http404
    marks = [
        {
            "number": number,
            "values": [(code.replace(" ", "#"), words(text)) for code, text in values.items()],
        }
        for number, values in enumerate(_folded(rule), start=1)
    ]
    context = {
        "rule": rule,
        "name": words(rule.name),
        "help": words(rule.help),
        "marks": marks,
        "subfields": [(s.code, words(s.name), s.repeatable) for s in rule.subfields.values()],
    }
    part = request.GET.get("phan") == "1"
    return render(request, "cataloguing/_help.html" if part else "cataloguing/help.html", context)


def _folded(rule: tables.FieldRule) -> list[dict[str, tables.Words]]:
    """Indicators for reading: ten digits that mean the same are one line."""
    folded = []
    for values in rule.indicators:
        alike = len(set(values.values())) == 1 and len(values) == 10
        folded.append({"0-9": next(iter(values.values()))} if alike else values)
    return folded


@requires(EDIT)
@require_GET
def boxes(request: HttpRequest) -> HttpResponse:
    """The boxes of a fixed field with this value in a record with this leader."""
    tag, value, leader = (request.GET.get(name, "") for name in ("tag", "value", "leader"))
    if tag not in FIXED | {"LDR"} or len(value) > 100 or len(leader) > 100:
        raise Http404
    context = {"boxes": boxes_of(tag, value, leader), "place": request.GET.get("place", "")[:6], "tag": tag}
    return render(request, "cataloguing/_boxes.html", context)


@requires(EDIT)
@require_POST
@never_cache
def suggestions(request: HttpRequest) -> HttpResponse:
    """Class numbers and author marks for a sheet, each with its reason."""
    return render(request, "cataloguing/_suggestions.html", suggested(_posted(request).sheet))
