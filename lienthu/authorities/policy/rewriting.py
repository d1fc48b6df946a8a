"""Putting a new form of a heading into a bibliographic record; everything else of it stays as it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from lienthu.authorities.policy.forms import DIVISIONS, HeadingForm, key_of, text_of
from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.description import unstopped

TAGS_OF_KIND = {
    "PERSON": ("100", "600", "700"),
    "CORPORATE": ("110", "610", "710"),
    "MEETING": ("111", "611", "711"),
    "TITLE": ("130", "240", "730", "630", "830"),
    "TOPIC": ("648", "650", "653", "654", "690"),
    "PLACE": ("651",),
    "GENRE": ("655",),
}
_NAME_PARTS = {"PERSON": "abcdq", "CORPORATE": "abcdn", "MEETING": "acdenq"}
_AUTHORS = ("100", "110", "111", "700", "710", "711")
KEYWORDS = "653"
# Which field of the union record a MARC field speaks in; a lock on it keeps the MARC field too.
LOCKED_BY = {"1": ("authors", "author_headings"), "7": ("authors", "author_headings"), "6": ("subjects",)}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A record after a change: `record` is None when nothing in it used the old words; `kept` are locked fields."""

    record: Record | None
    lines: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = field(default=())


def rewritten(
    record: Record, *, old: Collection[str], form: HeadingForm, locked: Collection[str] = (), drop_numbers: bool = False
) -> Rewritten:
    """The record with `form` in place of headings that have, or begin with words that have, a key in `old`.

    `locked` are fields of the union record that a person holds. `drop_numbers`: links to authority numbers ($0, $1)
    of the old heading do not fit the new one. `lines` are the fields before and after.
    """
    fields: list[Field] = []
    lines: list[tuple[str, str]] = []
    kept: list[str] = []
    for one in record.fields:
        changed = _changed(one, old, form, drop_numbers) if one.tag in TAGS_OF_KIND[form.kind] else None
        if changed is None:
            fields.append(one)
        elif _is_locked(one.tag, locked):
            kept.append(one.tag)
            fields.append(one)
        else:
            fields.append(changed)
            lines.append((repr(one), repr(changed)))
    if not lines:
        return Rewritten(None, kept=tuple(kept))
    return Rewritten(Record(record.leader, fields), tuple(lines), tuple(kept))


def _is_locked(tag: str, locked: Collection[str]) -> bool:
    if tag in ("130", "240", "730"):
        return "other_titles" in locked
    return any(name in locked for name in LOCKED_BY.get(tag[0], ()))


def _changed(one: Field, old: Collection[str], form: HeadingForm, drop_numbers: bool) -> Field | None:
    if one.tag == KEYWORDS:
        return _keywords(one, old, form)
    places = next((span for span in _spans(one, form.kind) if _key(one, form.kind, span) in old), None)
    if places is None:
        return None
    last = one.subfields[places[-1]][1].rstrip()
    subfields = [
        *(one.subfields[place] for place in range(places[0])),
        *_ended(form.subfields, last, more=places[-1] + 1 < len(one.subfields)),
        *(
            subfield
            for place, subfield in enumerate(one.subfields)
            if place > places[0] and place not in places and not (drop_numbers and subfield[0] in "01")
        ),
    ]
    result = Field(one.tag, "", _indicators(one, form), subfields)
    return None if result == one else result


def _keywords(one: Field, old: Collection[str], form: HeadingForm) -> Field | None:
    """653 holds a keyword in each $a, whole as a text."""
    subfields = [
        (code, form.text if code == "a" and key_of(unstopped(value)) in old else value) for code, value in one.subfields
    ]
    return None if subfields == list(one.subfields) else Field(one.tag, "", one.indicators, subfields)


def _key(one: Field, kind: str, places: list[int]) -> str:
    return key_of(text_of(kind, [one.subfields[place] for place in places], tag=one.tag))


def _spans(one: Field, kind: str) -> list[list[int]]:
    """What of a field may be a heading: the main part, of a subject also with its first divisions; longest first."""
    main = _main_places(one, kind)
    if not main:
        return []
    spans = [main]
    if one.tag[0] == "6":
        divisions = [place for place, (code, _value) in enumerate(one.subfields) if code in DIVISIONS]
        spans += [sorted([*main, *divisions[:count]]) for count in range(1, len(divisions) + 1)]
    return spans[::-1]


def _main_places(one: Field, kind: str) -> list[int]:
    """Where the subfields of the main part stand: of an author those before a title ($t), of a subject no division."""
    places = []
    for place, (code, _value) in enumerate(one.subfields):
        if one.tag in _AUTHORS:
            if code == "t":
                break
            if code in _NAME_PARTS[kind]:
                places.append(place)
        elif kind == "TITLE" and one.tag != "630":
            if code in "atnp":
                places.append(place)
        elif code.isalpha() and code != "e" and code not in DIVISIONS:
            places.append(place)
    return places


def _ended(new: Sequence[tuple[str, str]], last: str, *, more: bool) -> list[tuple[str, str]]:
    """The new subfields with the punctuation that the old ones ended with: a comma before a role, a full stop."""
    subfields = list(new)
    code, value = subfields[-1]
    sign = last[-1:] if last[-1:] in ".," else ""
    if sign == "." and (unstopped(last) == last or value.endswith((".", "-"))):
        sign = ""
    if sign == "," and not more:
        sign = ""
    subfields[-1] = (code, value + sign)
    return subfields


def _indicators(one: Field, form: HeadingForm) -> str:
    """Names say by the first indicator how they are built; the second belongs to the record."""
    if form.kind in _NAME_PARTS and form.indicators[:1].strip():
        return form.indicators[0] + one.indicators[1:2]
    return one.indicators


def form_in(record: Record, *, kind: str, key: str) -> HeadingForm | None:
    """The first field of a record that uses a heading, as a form; None when it has none with this key."""
    for one in record.fields:
        if one.tag == KEYWORDS or one.tag not in TAGS_OF_KIND[kind]:
            continue
        codes = [one.subfields[place] for place in _main_places(one, kind)]
        divisions = [(code, value) for code, value in one.subfields if code in DIVISIONS and one.tag not in _AUTHORS]
        for parts in (codes, [*codes, *divisions]):
            if parts and key_of(text_of(kind, parts, tag=one.tag)) == key:
                code, value = parts[-1]
                return HeadingForm(kind, (*parts[:-1], (code, unstopped(value))), one.indicators[:1] + " ")
    return None
