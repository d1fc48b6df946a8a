"""The state of an authority: written whole, kept with every revision, brought back from one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from lienthu.audit.actions import Writing
from lienthu.authorities.actions.errors import ChangedMeanwhile, NotPossible
from lienthu.authorities.models import Authority, Change, ChangeState, Form, Relation, Revision, Status
from lienthu.authorities.policy.forms import HeadingForm
from lienthu.catalogue.actions.headings import headings_for, respell
from lienthu.kernel import clock
from lienthu.kernel.text import keys, sort_key

UNDER_WAY = (ChangeState.WAITING, ChangeState.RUNNING, ChangeState.REVERTING)
MOST_VARIANTS = 500


@dataclass(frozen=True, slots=True)
class AuthorityData:
    """What belongs to an authority beside its preferred form; relations are numbers of other authorities."""

    variants: tuple[HeadingForm, ...] = ()
    dates: str = ""
    note: str = ""
    sources: str = ""
    broader: tuple[int, ...] = ()
    narrower: tuple[int, ...] = ()
    related: tuple[int, ...] = ()


def locked(authority_id: int, *, expected: int | None = None) -> Authority:
    """The authority, locked until the block ends. Raises ChangedMeanwhile, NotPossible when it is out of use."""
    authority = Authority.objects.select_for_update(of=("self",)).get(pk=authority_id)
    if expected is not None and authority.version != expected:
        raise ChangedMeanwhile(current=authority.version)
    if authority.status != Status.ACTIVE:
        raise NotPossible(_("Đề mục này không còn dùng: nó đã được gộp hoặc xóa."))
    return authority


def require_still(*authorities: Authority) -> None:
    """Raise NotPossible while an earlier change of one of them is on its way to the records."""
    if Change.objects.filter(authority__in=authorities, state__in=UNDER_WAY).exists():
        raise NotPossible(_("Một thay đổi trước của đề mục này đang được đưa vào biểu ghi. Hãy đợi xong rồi làm tiếp."))


def form_of(row: Form, kind: str) -> HeadingForm:
    """A stored form as a value."""
    return HeadingForm(kind, tuple((code, value) for code, value in row.subfields), row.indicators)


def preferred_of(authority: Authority) -> Form:
    """The row of its preferred form."""
    return authority.forms.get(is_preferred=True)


def heading_ids(authorities: Iterable[Authority]) -> set[int]:
    """The headings of all their forms."""
    return set(Form.objects.filter(authority__in=list(authorities)).values_list("heading_id", flat=True))


def state_of(authority: Authority) -> dict[str, Any]:
    """Everything of an authority that a deed may change, as JSON."""
    relations = Relation.objects.filter(Q(authority=authority) | Q(other=authority)).order_by("pk")
    return {
        "status": str(authority.status),
        "merged_into": authority.merged_into_id,
        "text": authority.text,
        "dates": authority.dates,
        "note": authority.note,
        "sources": authority.sources,
        "forms": [
            {
                "heading": row.heading_id,
                "preferred": row.is_preferred,
                "indicators": row.indicators,
                "subfields": row.subfields,
            }
            for row in authority.forms.order_by("-is_preferred", "pk")
        ],
        "relations": [[row.authority_id, row.other_id, str(row.kind)] for row in relations],
    }


def source_of(authority: Authority) -> dict[str, Any]:
    """Where an authority was taken from: its number there and the MARC record, as JSON."""
    digest = bytes(authority.digest).hex() if authority.digest is not None else ""
    return {"agency": authority.agency, "number": authority.number, "marc": authority.marc, "digest": digest}


def noted(authority: Authority) -> dict[str, Any]:
    """The state before a deed, as a change keeps it."""
    return {"id": authority.pk, "version": authority.version, "state": state_of(authority)}


def write_forms(authority: Authority, preferred: HeadingForm, variants: Sequence[HeadingForm]) -> None:
    """Give an authority these forms and no others, and derive its words from them.

    Raises NotPossible when another authority prefers the same heading, or prefers a variant that is given.
    """
    different = {form.key: form for form in variants if form.key != preferred.key}
    if len(different) > MOST_VARIANTS:
        raise NotPossible(_("Một đề mục có nhiều nhất %(most)d dạng khác.") % {"most": MOST_VARIANTS})
    forms = [preferred, *different.values()]
    ids = headings_for([(authority.kind, form.text) for form in forms])
    rows = [(ids[authority.kind, form.key], form) for form in forms]
    _require_free(authority, rows[0][0])
    authority.forms.all().delete()
    Form.objects.bulk_create(
        Form(
            authority=authority,
            heading_id=heading_id,
            is_preferred=place == 0,
            indicators=form.indicators,
            subfields=[list(subfield) for subfield in form.subfields],
        )
        for place, (heading_id, form) in enumerate(rows)
    )
    respell(rows[0][0], preferred.text)
    _derive(authority, [form.text for form in forms])


def _require_free(authority: Authority, heading_id: int) -> None:
    taken = (
        Form.objects.filter(heading_id=heading_id, is_preferred=True)
        .exclude(authority=authority)
        .select_related("authority")
        .first()
    )
    if taken:
        raise NotPossible(
            _("“%(text)s” đã là dạng chuẩn của một đề mục khác. Nếu là một, hãy gộp hai đề mục.")
            % {"text": taken.authority.text},
            field="name",
        )


def _derive(authority: Authority, texts: Sequence[str]) -> None:
    authority.text = texts[0]
    authority.sort = sort_key(texts[0])
    found = [keys(text) for text in texts]
    authority.exact = "\n".join(one.exact for one in found)
    authority.toneless = "\n".join(one.toneless for one in found)
    authority.folded = "\n".join(one.folded for one in found)


def write_relations(authority: Authority, data: AuthorityData) -> None:
    """Give an authority these relations and no others; itself and those out of use are left out."""
    wanted = {*data.broader, *data.narrower, *data.related} - {authority.pk}
    there = set(Authority.objects.filter(pk__in=wanted, status=Status.ACTIVE).values_list("pk", flat=True))
    rows = [(authority.pk, other, "BROADER") for other in data.broader if other in there]
    rows += [(other, authority.pk, "BROADER") for other in data.narrower if other in there]
    rows += [(*sorted((authority.pk, other)), "RELATED") for other in data.related if other in there]
    replace_relations([authority.pk], rows)


def replace_relations(authority_ids: Sequence[int], rows: Iterable[tuple[int, int, str]]) -> None:
    """All relations of some authorities anew."""
    Relation.objects.filter(Q(authority__in=authority_ids) | Q(other__in=authority_ids)).delete()
    Relation.objects.bulk_create(
        (Relation(authority_id=a, other_id=b, kind=kind) for a, b, kind in sorted(set(rows)) if a != b),
        ignore_conflicts=True,
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a revision comes from, and the number and MARC record of the authority that it replaced."""

    upload_id: int
    replaced: dict[str, Any] | None = None


def keep_revision(
    w: Writing, authority: Authority, deed: str, change: Change | None = None, *, origin: Origin | None = None
) -> None:
    """Save the authority as its next revision, or as its first."""
    authority.version = Revision.objects.filter(authority=authority).count() + 1
    authority.updated_at = clock.now()
    authority.save()
    Revision.objects.create(
        authority=authority,
        number=authority.version,
        deed=deed,
        state=state_of(authority),
        change=change,
        upload_id=origin and origin.upload_id,
        replaced=origin and origin.replaced,
        actor_id=w.actor.account_id,
        actor_name=w.actor.name,
    )


def tell(w: Writing, ids: Iterable[int]) -> None:
    """Tell the index that what is found by these headings has changed."""
    found = sorted(set(ids))
    if found:
        w.publish("catalogue.headings_changed", heading_ids=found)
