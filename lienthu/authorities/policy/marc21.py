"""MARC 21 authority records: what one says, and one that says what an authority is.

Source: MARC 21 Format for Authority Data (Library of Congress), fields 1XX, 4XX, 5XX, 046, 667-680.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lienthu.authorities.policy.forms import FormProblem, HeadingForm, clean_form
from lienthu.catalogue.marc import Field, Record

_KINDS = {
    "00": "PERSON", "10": "CORPORATE", "11": "MEETING", "30": "TITLE", "48": "TOPIC", "50": "TOPIC", "51": "PLACE",
    "55": "GENRE",
}  # fmt: skip
_TAGS = {"PERSON": "00", "CORPORATE": "10", "MEETING": "11", "TITLE": "30", "TOPIC": "50", "PLACE": "51", "GENRE": "55"}
# Subdivisions and form terms that stand in no record alone; 1XX that are none of both are local.
_PARTS = frozenset({"162", "180", "181", "182", "185"})
_HEADINGS = frozenset("1" + one for one in _KINDS) | _PARTS
_CONTROL = frozenset("0123456789weij")
# Fields written anew from the authority; everything else of an imported record is handed on as it came.
_OWN = frozenset({"001", "003", "005", "040", "670", "680"})
AUTHORITY_TYPE = "z"
_LEADER = "00000nz  a2200000n  4500"
DELETED = frozenset("dox")
# 008 of an authority record: no decisions stated, established heading, not romanised.
_FIXED = "|| anannaabn          |n ana      "


@dataclass(frozen=True, slots=True)
class Related:
    """A see-also reference: BROADER, NARROWER or RELATED, and the form of the other heading."""

    relation: str
    form: HeadingForm


@dataclass(frozen=True, slots=True)
class Draft:
    """What an authority record says."""

    preferred: HeadingForm
    variants: tuple[HeadingForm, ...] = ()
    related: tuple[Related, ...] = ()
    dates: str = ""
    note: str = ""
    sources: str = ""
    number: str = ""
    agency: str = ""
    is_deleted: bool = field(default=False)


class NotAnAuthority(ValueError):
    """The record cannot be taken; `code` is not_authority, no_heading, subdivision or no_words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def draft_of(record: Record) -> Draft:
    """Read an authority record. Raises NotAnAuthority."""
    if record.leader[6:7] != AUTHORITY_TYPE:
        raise NotAnAuthority("not_authority")
    heading = next((one for one in record.fields if one.tag in _HEADINGS and one.subfields), None)
    if heading is None:
        raise NotAnAuthority("no_heading")
    preferred = _form(heading)
    if preferred is None:
        raise NotAnAuthority("subdivision" if heading.tag in _PARTS else "no_words")
    references = [one for one in record.fields if one.tag[:1] in "45" and one.subfields]
    return Draft(
        preferred=preferred,
        variants=_variants(references, preferred),
        related=_related(references),
        dates=_dates(record, preferred),
        note="\n".join(_texts(record, ("678", "680"), "abi")),
        sources="\n".join(_texts(record, ("670",), "abu")),
        number=record.value("001").strip(),
        agency=record.value("003").strip(),
        is_deleted=record.leader[5:6] in DELETED,
    )


def _form(one: Field) -> HeadingForm | None:
    kind = _KINDS.get(one.tag[1:])
    if kind is None:
        return None
    # A name with a title ($t) stands for the work.
    kind = "TITLE" if any(code == "t" for code, _ in one.subfields) else kind
    parts = [
        (code, value) for code, value in one.subfields if code not in _CONTROL or (code == "e" and kind == "MEETING")
    ]
    try:
        return clean_form(kind, parts, one.indicators[:1] + " ")
    except FormProblem:
        return None


def _variants(references: Sequence[Field], preferred: HeadingForm) -> tuple[HeadingForm, ...]:
    found: dict[str, HeadingForm] = {}
    for one in references:
        form = _form(one) if one.tag[0] == "4" else None
        if form is not None and form.kind == preferred.kind and form.key != preferred.key:
            found.setdefault(form.key, form)
    return tuple(found.values())


def _related(references: Sequence[Field]) -> tuple[Related, ...]:
    relations = {"g": "BROADER", "h": "NARROWER"}
    found = []
    for one in references:
        form = _form(one) if one.tag[0] == "5" else None
        if form is not None:
            found.append(Related(relations.get(one.get("w")[:1], "RELATED"), form))
    return tuple(found)


def _dates(record: Record, preferred: HeadingForm) -> str:
    given = record.get("046")
    if given is not None:
        span = [given.get(code) for code in ("f", "g") if given.get(code)] or [given.get("s"), given.get("t")]
        return " - ".join(filter(None, span))
    return " ".join(value for code, value in preferred.subfields if code == "d" and preferred.kind == "PERSON")


def _texts(record: Record, tags: tuple[str, ...], codes: str) -> list[str]:
    found = (" ".join(value.strip() for value in one.values(codes)) for one in record.all(*tags))
    return [text for text in found if text]


def record_of_draft(
    draft: Draft, *, number: str, agency: str, changed_at: datetime, imported: Record | None = None
) -> Record:
    """An authority record of what we hold; fields of the imported record that we do not keep follow unchanged.

    `changed_at` becomes 005 and, in a record of our own, the day in 008.
    """
    kept = [one for one in imported.fields if one.tag not in _OWN and one.tag[0] not in "145"] if imported else []
    leader = imported.leader if imported else _LEADER
    if not any(one.tag == "008" for one in kept):
        kept.append(Field("008", changed_at.strftime("%y%m%d") + _FIXED))
    fields = [
        Field("001", number),
        Field("003", agency),
        Field("005", changed_at.strftime("%Y%m%d%H%M%S.0")),
        *kept,
        Field("040", "", "  ", [("a", draft.agency or agency), ("b", "vie"), ("c", agency)]),
        _reference("1", draft.preferred),
        *(_reference("4", form) for form in draft.variants),
        *(_reference("5", one.form, one.relation) for one in draft.related),
        *(Field("670", "", "  ", [("a", line)]) for line in draft.sources.splitlines() if line.strip()),
        *(Field("680", "", "  ", [("i", line)]) for line in draft.note.splitlines() if line.strip()),
    ]
    return Record(leader, sorted(fields, key=lambda one: one.tag))


def _reference(block: str, form: HeadingForm, relation: str = "") -> Field:
    head = {"BROADER": [("w", "g")], "NARROWER": [("w", "h")]}.get(relation, [])
    indicators = "  "
    if form.kind in ("PERSON", "CORPORATE", "MEETING"):
        indicators = (form.indicators[:1].strip() or {"PERSON": "0"}.get(form.kind, "2")) + " "
    elif form.kind == "TITLE":
        indicators = " 0"
    return Field(block + _TAGS[form.kind], "", indicators, [*head, *form.subfields])
