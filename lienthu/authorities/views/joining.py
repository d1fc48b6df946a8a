"""Possible duplicates, merging, splitting, giving records the preferred form."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.authorities.access import EDIT, may_edit, require_edit
from lienthu.authorities.actions import (
    ChangedMeanwhile,
    NotPossible,
    align_records,
    create_from_heading,
    merge_authorities,
    note_headings,
    split_authority,
)
from lienthu.authorities.actions.creating import NoSuchHeading
from lienthu.authorities.actions.merging import preferred_elsewhere
from lienthu.authorities.actions.state import form_of, preferred_of
from lienthu.authorities.forms import form_class
from lienthu.authorities.models import Authority, Kind, Status
from lienthu.authorities.policy.likeness import undated
from lienthu.authorities.queries.listing import AuthorityFilter, duplicates, find_authorities, waiting_headings
from lienthu.authorities.queries.reach import preview, using_records
from lienthu.authorities.views.frame import kind_tabs, number, page_of, tabs, the_authority, to_authority, told
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import ids

GROUPS = 20
FOUND = 20
SPLIT_RECORDS = 200
# So many new headings are looked at while the page is made; more are left to the night.
NOTED_AT_ONCE = 5_000


@requires(EDIT)
@require_GET
def alike(request: HttpRequest) -> HttpResponse:
    """Headings that may be one: the same name without marks, with and without dates."""
    if waiting_headings() <= NOTED_AT_ONCE:
        note_headings(most=NOTED_AT_ONCE)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else "PERSON"
    groups, following = duplicates(kind=kind, after=request.GET.get("sau", "")[:300], size=GROUPS)
    base = reverse("authorities:duplicates")
    context = {
        "groups": groups,
        "tabs": tabs("duplicates"),
        "kinds": kind_tabs("duplicates", kind),
        "next": f"{base}?{urlencode({'kind': kind, 'sau': following})}" if following else "",
        "waiting": waiting_headings(),
        "may_edit": may_edit(actor_of(request)),
    }
    return render(request, "authorities/duplicates.html", context)


@requires(EDIT)
@require_POST
def pair(request: HttpRequest) -> HttpResponse:
    """Two headings of the report were chosen: see to it that both have an authority, then show what merging does."""
    keep, absorb = number(request.POST.get("keep")), number(request.POST.get("absorb"))
    if keep is None or absorb is None or keep == absorb:
        messages.warning(request, _("Hãy chọn một đề mục để giữ và một đề mục khác để gộp vào."))
        return redirect("authorities:duplicates")
    try:
        kept, absorbed = (create_from_heading(actor=actor_of(request), heading_id=one) for one in (keep, absorb))
    except NoSuchHeading:
        raise Http404 from None
    except NotPossible as error:
        told(request, error)
        return redirect("authorities:duplicates")
    address = reverse("authorities:merge", args=[kept.public_id])
    return redirect(f"{address}?{urlencode({'gop': absorbed.public_id})}")


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose another authority, see what absorbing it does, and do it."""
    keep = the_authority(request, public_id)
    require_edit(actor_of(request))
    if keep.status != Status.ACTIVE:
        return to_authority(keep)
    chosen = request.POST.get("gop") or request.GET.get("gop", "")
    absorb = _other(keep, chosen)
    if request.method == "POST" and absorb is not None:
        try:
            change = merge_authorities(
                actor=actor_of(request),
                keep_id=keep.pk,
                absorb_id=absorb.pk,
                keep_expected=number(request.POST.get("expected")),
                absorb_expected=number(request.POST.get("other")),
                why=request.POST.get("why", "")[:500],
            )
        except (NotPossible, ChangedMeanwhile) as error:
            told(request, error)
            return to_authority(keep)
        messages.success(request, _("Đã gộp. Biểu ghi liên kết đang được sửa; bạn có thể rời trang này."))
        return redirect("authorities:change", change.public_id)
    context = page_of(request, keep, _("Gộp một đề mục khác vào đây"), absorb=absorb)
    if absorb is not None:
        old, new = preferred_of(absorb), form_of(preferred_of(keep), keep.kind)
        context["preview"] = preview(old_headings=[old.heading_id], form=new)
    else:
        words = request.GET.get("q", "").strip()[:200]
        found = find_authorities(AuthorityFilter(words=words or undated(keep.text), kind=keep.kind))
        context |= {"words": words, "found": list(found.exclude(pk=keep.pk)[:FOUND])}
    return render(request, "authorities/merge.html", context)


def _other(keep: Authority, public_id: str) -> Authority | None:
    other = ids.decode(public_id) if public_id else None
    found = Authority.objects.filter(pk=other or 0, kind=keep.kind, status=Status.ACTIVE)
    return found.exclude(pk=keep.pk).first()


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new authority out of this one, with the variants and records that the person ticks."""
    authority = the_authority(request, public_id)
    require_edit(actor_of(request))
    if authority.status != Status.ACTIVE:
        return to_authority(authority)
    variants = list(authority.forms.filter(is_preferred=False).select_related("heading").order_by("heading__sort"))
    records = using_records([preferred_of(authority).heading_id], limit=SPLIT_RECORDS)
    form = form_class(authority.kind)(request.POST or None, kind=authority.kind)
    for name in ("variants", "broader", "narrower", "related", "note", "sources", "keep_old"):
        form.fields.pop(name)
    ticked = {
        "variant": {one for one in map(number, request.POST.getlist("variant")) if one is not None},
        "record": {one for one in map(number, request.POST.getlist("record")) if one is not None},
    }
    if request.method == "POST" and form.is_valid():
        try:
            change = split_authority(
                actor=actor_of(request),
                authority_id=authority.pk,
                expected=number(request.POST.get("expected")),
                form=form.cleaned_data["form"],
                variant_ids=sorted(ticked["variant"]),
                record_ids=sorted(ticked["record"]),
                why=form.cleaned_data["why"],
            )
        except ChangedMeanwhile as error:
            told(request, error)
            return to_authority(authority)
        except NotPossible as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Đã tách thành hai đề mục."))
            return redirect("authorities:change", change.public_id)
    context = page_of(
        request, authority, _("Tách đề mục"), form=form, variants=variants, records=records, ticked=ticked
    )
    return render(request, "authorities/split.html", context, status=400 if form.errors else 200)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def align(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give records that use other forms the preferred one, after a look at what that does."""
    authority = the_authority(request, public_id)
    require_edit(actor_of(request))
    if authority.status != Status.ACTIVE:
        return to_authority(authority)
    if request.method == "POST":
        try:
            change = align_records(
                actor=actor_of(request), authority=authority, expected=number(request.POST.get("expected"))
            )
        except (NotPossible, ChangedMeanwhile) as error:
            told(request, error)
            return to_authority(authority)
        return redirect("authorities:change", change.public_id)
    own = authority.forms.filter(is_preferred=False).exclude(heading__in=preferred_elsewhere(authority))
    form = form_of(preferred_of(authority), authority.kind)
    shown = preview(old_headings=list(own.values_list("heading_id", flat=True)), form=form)
    context = page_of(request, authority, _("Đưa biểu ghi về dạng chuẩn"), preview=shown)
    return render(request, "authorities/align.html", context)
