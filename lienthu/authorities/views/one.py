"""One authority: what it is, what uses it, its history; making, editing, deleting it, asking for a change."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lienthu.authorities.access import EDIT, may_edit
from lienthu.authorities.actions import (
    ChangedMeanwhile,
    NotPossible,
    answer,
    create_from_heading,
    delete_authority,
    propose,
)
from lienthu.authorities.actions.creating import NoSuchHeading
from lienthu.authorities.forms import AnswerForm, ProposalForm
from lienthu.authorities.models import Authority, Deed, Proposal, ProposalState, Relation, Revision, Status
from lienthu.authorities.queries.exchanging import authority_records
from lienthu.authorities.queries.families import clusters_of, heading_row
from lienthu.authorities.queries.reach import using_records
from lienthu.authorities.views.frame import number, page_of, the_authority, to_authority, told
from lienthu.authorities.wording import change_title
from lienthu.catalogue.marc.export import write_iso2709
from lienthu.identity.access import actor_of, requires
from lienthu.kernel import ids
from lienthu.web.components import Column, Figure, Link, Row, Table, TimelineEntry

RECORDS = 25


@requires(EDIT)
@require_GET
@never_cache
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything about one authority."""
    authority = the_authority(request, public_id)
    forms = list(authority.forms.select_related("heading").order_by("-is_preferred", "heading__sort"))
    heading_ids = [form.heading_id for form in forms]
    used = len(clusters_of(heading_ids)) if heading_ids else 0
    context = page_of(
        request,
        authority,
        _("Đề mục"),
        state=_state(authority),
        rows=_facts(authority),
        variants=[form.heading.text for form in forms if not form.is_preferred],
        relations=_relations(authority),
        figures=[
            Figure(_("Biểu ghi dùng đề mục này"), used),
            Figure(_("Dạng khác"), max(0, len(forms) - 1)),
        ],
        records=_records(heading_ids, used),
        history=_history(authority),
        changes=[
            Link(
                f"{change_title(one)} ({one.get_state_display()})", reverse("authorities:change", args=[one.public_id])
            )
            for one in authority.changes.order_by("-pk")[:10]
        ],
        proposals=list(authority.proposals.filter(state=ProposalState.OPEN).order_by("pk")),
        proposal_form=ProposalForm(),
        may_align=len(forms) > 1,
    )
    return render(request, "authorities/authority.html", context)


def _state(authority: Authority) -> tuple[str, str]:
    badges = {"ACTIVE": "done", "MERGED": "withdrawn", "DELETED": "withdrawn"}
    return badges[authority.status], str(authority.get_status_display())


def _facts(authority: Authority) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [(_("Loại"), str(authority.get_kind_display()))]
    if authority.dates:
        facts.append((_("Thời gian"), authority.dates))
    if authority.note:
        facts.append((_("Phụ chú"), authority.note))
    if authority.sources:
        facts.append((_("Nguồn"), authority.sources.splitlines()))
    if authority.number:
        facts.append((_("Số của nguồn"), " ".join(filter(None, (authority.agency, authority.number)))))
    return facts


def _relations(authority: Authority) -> list[tuple[str, list[Link]]]:
    rows = Relation.objects.filter(Q(authority=authority) | Q(other=authority)).select_related("authority", "other")
    labels = {
        "BROADER": _("Khái niệm rộng hơn"),
        "NARROWER": _("Khái niệm hẹp hơn"),
        "RELATED": _("Xem thêm"),
    }
    found: dict[str, list[Authority]] = {name: [] for name in labels}
    for row in rows:
        outward = row.authority_id == authority.pk
        name = str(row.kind) if row.kind == "RELATED" or outward else "NARROWER"
        found[name].append(row.other if outward else row.authority)
    return [
        (
            labels[name],
            [
                Link(one.text, reverse("authorities:authority", args=[one.public_id]))
                for one in sorted(others, key=lambda one: bytes(one.sort))
            ],
        )
        for name, others in found.items()
        if others
    ]


def _records(heading_ids: list[int], used: int) -> Table | None:
    if not used:
        return None
    rows = using_records(heading_ids, limit=RECORDS)
    return Table(
        caption=_("Biểu ghi dùng đề mục này"),
        columns=[
            Column("title", _("Nhan đề")),
            Column("heading", _("Dạng trong biểu ghi")),
            Column("library", _("Thư viện"), hidden_on_phone=True),
        ],
        rows=[
            Row(
                cells={"title": one.title, "heading": one.heading, "library": one.library},
                url=reverse("discovery:record", args=[ids.encode(one.cluster_id)]),
            )
            for one in rows
        ],
    )


def _history(authority: Authority) -> list[TimelineEntry]:
    revisions = Revision.objects.filter(authority=authority).select_related("change").order_by("-number")[:50]
    entries = []
    for revision in revisions:
        url = reverse("authorities:change", args=[revision.change.public_id]) if revision.change else ""
        entries.append(
            TimelineEntry(
                at=revision.at,
                title=str(Deed(revision.deed).label),
                text=revision.state["text"],
                actor=revision.actor_name,
                url=url,
            )
        )
    return entries


@requires(EDIT)
@require_GET
def marc(request: HttpRequest, public_id: str) -> HttpResponse:
    """The authority as a MARC 21 authority record."""
    authority = the_authority(request, public_id)
    if authority.status != Status.ACTIVE:
        raise Http404
    response = HttpResponse(b"".join(write_iso2709(authority_records([authority.pk]))), content_type="application/marc")
    response["Content-Disposition"] = f'attachment; filename="de-muc-{authority.public_id}.mrc"'
    return response


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def from_heading(request: HttpRequest, heading_id: int) -> HttpResponse:
    """Ask, then make an authority of a heading that records use."""
    heading = heading_row(heading_id)
    if heading is None:
        raise Http404
    if request.method == "GET":
        records = using_records([heading_id], limit=5)
        context = {"row": heading, "records": records, "used": len(clusters_of([heading_id]))}
        context["may_edit"] = may_edit(actor_of(request))
        return render(request, "authorities/from_heading.html", context)
    try:
        made = create_from_heading(actor=actor_of(request), heading_id=heading_id)
    except NoSuchHeading:
        raise Http404 from None
    except NotPossible as error:
        told(request, error)
        return redirect("authorities:headings")
    messages.success(request, _("Đã có biểu ghi cho đề mục này. Hãy thêm dạng khác và nguồn."))
    return redirect("authorities:edit", made.public_id)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then take an authority that nothing uses out of use."""
    authority = the_authority(request, public_id)
    if request.method == "GET":
        return render(request, "authorities/delete.html", page_of(request, authority, _("Xóa đề mục này?")))
    try:
        delete_authority(
            actor=actor_of(request), authority_id=authority.pk, expected=number(request.POST.get("expected"))
        )
    except (NotPossible, ChangedMeanwhile) as error:
        told(request, error)
        return to_authority(authority)
    messages.success(request, _("Đã xóa biểu ghi đề mục “%(text)s”.") % {"text": authority.text})
    return redirect("authorities:list")


@requires(EDIT)
@require_POST
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a proposal to the keepers of the file."""
    authority = the_authority(request, public_id)
    form = ProposalForm(request.POST)
    if form.is_valid():
        propose(actor=actor_of(request), authority=authority, text=form.cleaned_data["text"])
        messages.success(request, _("Đã gửi đề nghị đến người giữ hồ sơ đề mục của tỉnh."))
    else:
        messages.warning(request, _("Hãy viết cần sửa gì."))
    return to_authority(authority)


@requires(EDIT)
@require_POST
def reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a proposal."""
    proposal = Proposal.objects.filter(pk=ids.decode(public_id) or 0).first()
    if proposal is None:
        raise Http404
    form = AnswerForm(request.POST)
    text = form.cleaned_data["answer"] if form.is_valid() else ""
    try:
        answer(actor=actor_of(request), proposal=proposal, accepted=request.POST.get("accept") == "1", text=text)
    except NotPossible as error:
        told(request, error)
    else:
        messages.success(request, _("Đã trả lời đề nghị."))
    return redirect("authorities:proposals")
