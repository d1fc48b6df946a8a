"""Taking in files of MARC 21 authority records, two hundred a transaction; the same file again changes nothing.

An import adds: variants, notes, sources, relations, and authorities that were not there. It never changes the preferred
form of one that is there, since that would rewrite records of every library; a file that has another one is reported.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q

from lienthu.audit.actions import Writing, writing
from lienthu.authorities.access import require_edit
from lienthu.authorities.actions.creating import insert
from lienthu.authorities.actions.errors import NotPossible
from lienthu.authorities.actions.state import (
    AuthorityData,
    Origin,
    form_of,
    heading_ids,
    keep_revision,
    preferred_of,
    source_of,
    tell,
    write_forms,
)
from lienthu.authorities.models import Authority, Form, Relation, RelationKind, Status
from lienthu.authorities.policy.left import Left
from lienthu.authorities.policy.marc21 import Draft, NotAnAuthority, Related, draft_of
from lienthu.catalogue.actions.headings import heading_key
from lienthu.catalogue.marc import Bad, Item, RawRecord, UnreadableFile, open_records
from lienthu.identity.access import Actor

CHUNK = 200
DIGEST_BYTES = 16
SAMPLES = 20


@dataclass(slots=True)
class ImportReport:
    """What became of a file: counts (read, created, updated, unchanged, kept, rejected) and what needs a look.

    With an `upload_id` what is written remembers the file, so that it can be taken back.
    """

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("read", "created", "updated", "unchanged", "kept", "rejected"), 0)
    )
    left: list[Left] = field(default_factory=list)
    problem: str = ""
    samples: list[dict[str, Any]] = field(default_factory=list)
    upload_id: int | None = None


# Called after each chunk with the report, what it left, and how many bytes of the file are done with.
Keep = Callable[[ImportReport, list[Left], int], None]


def import_file(
    *, actor: Actor, source: BinaryIO, report: ImportReport | None = None, keep: Keep | None = None
) -> ImportReport:
    """Take in a file of authority records in any MARC format. Raises Refused; an unreadable file is in the report.

    A file that breaks off keeps what came before. A `report` says how far an earlier run came: what it has read is
    not taken again. `keep` is called in the transaction of each chunk.
    """
    require_edit(actor)
    report = report or ImportReport()
    relations: list[tuple[int, Related]] = []
    try:
        items = iter(open_records(source))
        relations += _relations_of(islice(items, report.counts["read"]))
        while chunk := list(islice(items, CHUNK)):
            with writing(actor) as w:
                relations += _import_chunk(w, chunk, report, keep)
    except UnreadableFile as error:
        report.problem = error.problem.message
    _relate(actor, relations, upload_id=report.upload_id)
    return report


def try_file(*, actor: Actor, source: BinaryIO, keep: Keep | None = None) -> ImportReport:
    """What `import_file` would do, with samples; writes nothing but what `keep` writes.

    Every chunk is tried against the file as it is now, so a heading that comes twice, far apart, counts as new twice.
    """
    require_edit(actor)
    report = ImportReport()
    try:
        items = iter(open_records(source))
        while chunk := list(islice(items, CHUNK)):
            known = len(report.left)
            with transaction.atomic():
                with writing(actor) as w:
                    _import_chunk(w, chunk, report, None)
                transaction.set_rollback(True)
            if keep:
                keep(report, report.left[known:], chunk[-1].offset)
    except UnreadableFile as error:
        report.problem = error.problem.message
    return report


def _import_chunk(w: Writing, chunk: list[Item], report: ImportReport, keep: Keep | None) -> list[tuple[int, Related]]:
    relations: list[tuple[int, Related]] = []
    before, known = dict(report.counts), len(report.left)
    touched: list[Authority] = []
    for item, draft in _drafts(chunk, report):
        authority, outcome = _take(w, item, draft, report)
        report.counts[outcome] += 1
        if authority is not None:
            relations += [(authority.pk, one) for one in draft.related]
            if outcome != "unchanged":
                touched.append(authority)
                if len(report.samples) < SAMPLES:
                    report.samples.append(_sample(item, draft, outcome))
    if touched:
        w.audit(
            "authorities.imported",
            target=("authorities", len(touched)),
            details={name: report.counts[name] - before[name] for name in report.counts},
        )
        tell(w, heading_ids(touched))
    else:
        w.nothing_changed()
    if keep:
        keep(report, report.left[known:], chunk[-1].offset)
    return relations


def _sample(item: RawRecord, draft: Draft, outcome: str) -> dict[str, Any]:
    return {
        "number": item.number,
        "text": draft.preferred.text,
        "kind": draft.preferred.kind,
        "variants": [form.text for form in draft.variants[:5]],
        "outcome": outcome,
    }


def _relations_of(items: Iterable[Item]) -> Iterator[tuple[int, Related]]:
    """See-also references of records that an earlier run has taken in."""
    for _item, draft in _drafts(items, ImportReport()):
        if draft.related and (known := _known(draft)) is not None:
            yield from ((known.pk, one) for one in draft.related)


def _drafts(chunk: Iterable[Item], report: ImportReport) -> Iterator[tuple[RawRecord, Draft]]:
    for item in chunk:
        report.counts["read"] += 1
        if isinstance(item, Bad):
            report.left.append(Left(item.number, item.offset, item.problem.code, item.problem.message))
            report.counts["rejected"] += 1
            continue
        try:
            yield item, draft_of(item.record)
        except NotAnAuthority as error:
            report.left.append(Left(item.number, item.offset, error.code))
            report.counts["rejected"] += 1


def _take(w: Writing, item: RawRecord, draft: Draft, report: ImportReport) -> tuple[Authority | None, str]:
    digest = blake2b(item.raw, digest_size=DIGEST_BYTES).digest()
    known = _known(draft)
    columns: dict[str, Any] = {
        "agency": draft.agency,
        "number": draft.number,
        "marc": item.record.as_marcjson(),
        "digest": digest,
    }
    if draft.is_deleted:
        # What a supplier withdraws stays here: a person decides.
        report.left.append(Left(item.number, item.offset, "withdrawn_by_source", draft.preferred.text))
        return None, "kept"
    if known is None:
        data = AuthorityData(variants=draft.variants, dates=draft.dates, note=draft.note, sources=draft.sources)
        if Form.objects.filter(
            heading__key=heading_key(draft.preferred.text), heading__kind=draft.preferred.kind
        ).exists():
            report.left.append(Left(item.number, item.offset, "variant_elsewhere", draft.preferred.text))
        origin = _origin(report)
        return insert(w, draft.preferred, data, deed="IMPORTED", origin=origin, **columns), "created"
    if known.digest is not None and bytes(known.digest) == digest:
        return known, "unchanged"
    return known, _update(w, known, item, draft, columns, report)


def _known(draft: Draft) -> Authority | None:
    """The authority with this number, else the one that prefers this heading."""
    same = Q(
        forms__is_preferred=True,
        forms__heading__key=heading_key(draft.preferred.text),
        forms__heading__kind=draft.preferred.kind,
    )
    found = Authority.objects.filter(status=Status.ACTIVE)
    if draft.number:
        numbered = found.filter(agency=draft.agency, number=draft.number).first()
        if numbered is not None:
            return numbered
    return found.filter(same).first()


def _update(
    w: Writing, known: Authority, item: RawRecord, draft: Draft, columns: dict[str, Any], report: ImportReport
) -> str:
    own = preferred_of(known)
    preferred = form_of(own, known.kind)
    if draft.preferred.kind != known.kind:
        report.left.append(Left(item.number, item.offset, "other_kind", draft.preferred.text))
        return "kept"
    variants = [form_of(row, known.kind) for row in known.forms.filter(is_preferred=False).order_by("pk")]
    variants += draft.variants
    if draft.preferred.key != preferred.key:
        variants.append(draft.preferred)
        report.left.append(Left(item.number, item.offset, "other_form", f"{draft.preferred.text} | {preferred.text}"))
    try:
        write_forms(known, preferred, variants)
    except NotPossible as error:
        report.left.append(Left(item.number, item.offset, "not_possible", error.message))
        return "kept"
    # What a person wrote wins; the file fills what is empty.
    for name, value in (("dates", draft.dates), ("note", draft.note), ("sources", draft.sources)):
        if not getattr(known, name) or not known.is_edited:
            setattr(known, name, value or getattr(known, name))
    origin = _origin(report, replaced=source_of(known))
    taken = Authority.objects.filter(agency=draft.agency, number=draft.number).exclude(pk=known.pk).exists()
    for name, value in columns.items():
        if not (taken and name in ("agency", "number")):
            setattr(known, name, value)
    keep_revision(w, known, "IMPORTED", origin=origin)
    return "updated"


def _origin(report: ImportReport, *, replaced: dict[str, Any] | None = None) -> Origin | None:
    return Origin(report.upload_id, replaced) if report.upload_id else None


def _relate(actor: Actor, relations: list[tuple[int, Related]], *, upload_id: int | None) -> None:
    """See-also references, when both ends are there; a reference to a heading without authority stays in the MARC."""
    if not relations:
        return
    with writing(actor) as w:
        made = 0
        for place in range(0, len(relations), CHUNK):
            rows = list(_rows(relations[place : place + CHUNK]))
            for row in rows:
                row.upload_id = upload_id
            there = Relation.objects.count()
            Relation.objects.bulk_create(rows, ignore_conflicts=True)
            made += Relation.objects.count() - there
        if made:
            w.audit("authorities.imported", target=("relations", made), details={"relations": made})
        else:
            w.nothing_changed()


def _rows(relations: list[tuple[int, Related]]) -> Iterator[Relation]:
    wanted = Q(pk__in=[])
    for _from, one in relations:
        wanted |= Q(heading__kind=one.form.kind, heading__key=heading_key(one.form.text))
    found = Form.objects.filter(wanted, is_preferred=True, authority__status=Status.ACTIVE)
    targets = {
        (kind, key): authority
        for kind, key, authority in found.values_list("heading__kind", "heading__key", "authority")
    }
    for authority, one in relations:
        other = targets.get((one.form.kind, heading_key(one.form.text)))
        if other is None or other == authority:
            continue
        pair = {"BROADER": (authority, other), "NARROWER": (other, authority)}.get(one.relation)
        first, second = pair or (min(authority, other), max(authority, other))
        kind = RelationKind.BROADER if pair else RelationKind.RELATED
        yield Relation(authority_id=first, other_id=second, kind=kind)
