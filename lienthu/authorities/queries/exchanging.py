"""Authorities as MARC 21 authority records, for export."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import connection
from django.db.models import Q

from lienthu.authorities.models import Authority, Form, Relation, Status
from lienthu.authorities.policy.forms import HeadingForm
from lienthu.authorities.policy.marc21 import Draft, Related, record_of_draft
from lienthu.catalogue.marc import Record

CHUNK = 500
# Authority records of the demonstration province; see data/SOURCE.md.
DEMONSTRATION = Path(__file__).resolve().parent.parent / "data" / "demonstration.mrc"


def draft_of_authority(authority: Authority, forms: Iterable[Form], related: tuple[Related, ...]) -> Draft:
    """What we hold of an authority, as an authority record says it."""
    rows = sorted(forms, key=lambda row: (not row.is_preferred, row.pk))
    values = [_value(authority.kind, row) for row in rows]
    return Draft(
        preferred=values[0],
        variants=tuple(values[1:]),
        related=related,
        dates=authority.dates,
        note=authority.note,
        sources=authority.sources,
        number=authority.number,
        agency=authority.agency,
    )


def authority_records(ids: Iterable[int] | None = None) -> Iterator[Record]:
    """Every authority in use, or those with these numbers, in order of number, as MARC 21 authority records."""
    agency = _network()
    found = Authority.objects.filter(status=Status.ACTIVE).order_by("pk")
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    last = 0
    while chunk := list(found.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        yield from _records(chunk, agency)


def _records(chunk: list[Authority], agency: str) -> Iterator[Record]:
    forms: dict[int, list[Form]] = {}
    for form in Form.objects.filter(authority__in=chunk):
        forms.setdefault(form.authority_id, []).append(form)
    related = _related(chunk)
    for authority in chunk:
        draft = draft_of_authority(authority, forms[authority.pk], tuple(related.get(authority.pk, ())))
        yield record_of_draft(
            draft,
            number=authority.number or authority.public_id,
            agency=authority.agency or agency,
            changed_at=authority.updated_at,
            imported=Record.from_marcjson(authority.marc) if authority.marc else None,
        )


def _related(chunk: list[Authority]) -> dict[int, list[Related]]:
    ids = {one.pk for one in chunk}
    rows = list(Relation.objects.filter(Q(authority__in=ids) | Q(other__in=ids)).order_by("pk"))
    ends = {row.authority_id for row in rows} | {row.other_id for row in rows}
    forms = {
        form.authority_id: _value(form.authority.kind, form)
        for form in Form.objects.filter(authority__in=ends, is_preferred=True).select_related("authority")
    }
    found: dict[int, list[Related]] = {}
    for row in rows:
        there, back = ("BROADER", "NARROWER") if row.kind == "BROADER" else ("RELATED", "RELATED")
        for one, relation, other in ((row.authority_id, there, row.other_id), (row.other_id, back, row.authority_id)):
            if one in ids:
                found.setdefault(one, []).append(Related(relation, forms[other]))
    return found


def _value(kind: str, row: Form) -> HeadingForm:
    return HeadingForm(kind, tuple((code, value) for code, value in row.subfields), row.indicators)


def _network() -> str:
    """The code of the network, which stands for it in 003."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM identity_scope WHERE parent_id IS NULL ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    return str(row[0]) if row else "VN"
