"""What the steps make of a record. The record that comes in is never touched."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lienthu.batchedit.policy import steps as s
from lienthu.batchedit.policy.linking import follow, without_link
from lienthu.batchedit.policy.patterns import occurs, replaced
from lienthu.batchedit.policy.shapes import SYSTEM, place_of
from lienthu.batchedit.policy.steps import Condition, Step
from lienthu.catalogue.marc import Field, Record
from lienthu.cataloguing.rules import codec, tables
from lienthu.cataloguing.rules.sheets import indicators, is_control

LEADER = "LDR"
# Subfields that point elsewhere; text in them is no text.
_POINTERS = frozenset("68")

CONDITION, NOTHING = "condition", "nothing"


@dataclass(frozen=True, slots=True)
class Applied:
    """The record after all steps, and for each step whether it changed something, found nothing to do, or was
    kept by its condition ("changed", NOTHING, CONDITION).
    """

    record: Record
    outcomes: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return "changed" in self.outcomes

    @property
    def why_not(self) -> str:
        """Why the record stayed as it was: CONDITION when no step's condition was met."""
        told = set(self.outcomes)
        return CONDITION if told == {CONDITION} else NOTHING


def apply(record: Record, steps: Sequence[Step]) -> Applied:
    """Carry the steps out one after the other; each sees what those before it left. Steps on copies do nothing here."""
    outcomes: list[str] = []
    for step in steps:
        if step.kind in s.ON_COPIES:
            outcomes.append(NOTHING if holds(record, step.condition) else CONDITION)
            continue
        if not holds(record, step.condition):
            outcomes.append(CONDITION)
            continue
        after = _DEEDS[step.kind](record, step)
        outcomes.append(NOTHING if after is None or after == record else "changed")
        record = after or record
    return Applied(record, tuple(outcomes))


def holds(record: Record, condition: Condition | None) -> bool:
    """Whether a record meets a condition of the record; one of single fields is asked for each of them."""
    if condition is None or condition.of == s.OF_FIELD:
        return True
    if condition.tag == LEADER:
        return _test(condition, [record.leader])
    values: list[str] = []
    for one in record.fields:
        if matches_tag(condition.tag, one.tag):
            values += _values(one, condition.code)
    return _test(condition, values)


def matches_tag(pattern: str, tag: str) -> bool:
    """X stands for any figure."""
    return len(tag) == 3 and all(sign in ("X", tag[place]) for place, sign in enumerate(pattern))


def _values(one: Field, code: str) -> list[str]:
    if one.is_control:
        return [] if code else [one.value]
    return [value for each, value in one.subfields if each == code or (not code and each not in _POINTERS)]


def _test(condition: Condition, values: Sequence[str]) -> bool:
    if condition.test == s.EXISTS:
        return bool(values)
    if condition.test == s.MISSING:
        return not values
    pattern = condition.pattern
    if condition.test == s.EQUALS:
        # Blanks around a value are no part of what it says.
        return any(occurs(pattern, value.strip()) for value in values)
    any_found = any(occurs(pattern, value) for value in values)
    return not any_found if condition.test in (s.LACKS, s.UNLIKE) else any_found


def _chosen(record: Record, step: Step, able: Callable[[Field], bool] = lambda one: True) -> set[int]:
    """Places of the fields that the step is about: right tag, right content, then the first, the last, the n-th."""
    places = [
        place
        for place, one in enumerate(record.fields)
        if one.tag not in SYSTEM and matches_tag(step.tag, one.tag) and able(one) and _meets(one, step.condition)
    ]
    if step.which == s.ALL:
        return set(places)
    if step.which == s.LAST:
        return set(places[-1:])
    number = 1 if step.which == s.FIRST else int(step.which)
    return set(places[number - 1 : number])


def _meets(one: Field, condition: Condition | None) -> bool:
    return condition is None or condition.of != s.OF_FIELD or _test(condition, _values(one, condition.code))


def _changed(record: Record, places: set[int], change: Callable[[Field], Field | None]) -> Record:
    """The record with these fields changed; a field that comes out as None is left out."""
    fields: list[Field] = []
    for place, one in enumerate(record.fields):
        after = change(one) if place in places else one
        if after is not None:
            fields.append(after)
    return Record(record.leader, fields)


def _with(one: Field, subfields: Sequence[tuple[str, str]]) -> Field | None:
    """The field with other subfields; no field without any."""
    return Field(one.tag, "", one.indicators, list(subfields)) if subfields else None


def inserted(fields: Sequence[Field], new: Sequence[Field]) -> list[Field]:
    """The fields with new ones behind the last whose tag is not higher."""
    result = list(fields)
    for one in new:
        place = max((at + 1 for at, known in enumerate(result) if known.tag <= one.tag), default=0)
        result.insert(place, one)
    return result


def _replace(record: Record, step: Step) -> Record | None:
    def change(one: Field) -> Field:
        if one.is_control:
            after = replaced(step.pattern, one.value, step.value)
            return one if after is None else Field(one.tag if after.strip() else "", after)
        subfields = []
        for code, value in one.subfields:
            wanted = code == step.code or (not step.code and code not in _POINTERS)
            after = replaced(step.pattern, value, step.value) if wanted else None
            if after is None:
                subfields.append((code, value))
            elif after.strip():
                subfields.append((code, after))
        return _with(one, subfields) or Field("", "")

    def says(one: Field) -> bool:
        return any(occurs(step.pattern, value) for value in _values(one, step.code))

    after = _changed(record, _chosen(record, step, says), change)
    # A field of which nothing is left goes as a whole.
    return Record(after.leader, [one for one in after.fields if one.tag])


def _add_field(record: Record, step: Step) -> Record | None:
    if is_control(step.tag):
        new = Field(step.tag, codec.fixed_value(step.value))
        known = any(one.tag == step.tag for one in record.fields)
    else:
        subfields = [(code, value) for code, value in codec.read(step.value) if value]
        new = Field(step.tag, "", indicators(step.indicators), subfields)
        known = new in record.fields
    return None if known else Record(record.leader, inserted(record.fields, [new]))


def _delete_field(record: Record, step: Step) -> Record | None:
    places = _chosen(record, step)
    gone = [record.fields[place] for place in sorted(places)]
    return follow(_changed(record, places, lambda one: None), gone, to_tag="")


def _add_subfield(record: Record, step: Step) -> Record | None:
    def change(one: Field) -> Field:
        known = [place for place, (code, _value) in enumerate(one.subfields) if code == step.code]
        subfields = list(one.subfields)
        if not known or step.there == s.REPEAT:
            if (step.code, step.value) not in subfields:
                subfields.append((step.code, step.value))
        elif step.there == s.OVERWRITE:
            subfields[known[0]] = (step.code, step.value)
            subfields = [one for place, one in enumerate(subfields) if place not in known[1:]]
        return Field(one.tag, "", one.indicators, subfields)

    return _changed(record, _chosen(record, step), change)


def _delete_subfield(record: Record, step: Step) -> Record | None:
    def change(one: Field) -> Field | None:
        return _with(one, [(code, value) for code, value in one.subfields if code != step.code])

    return _changed(record, _chosen(record, step), change)


def _move_field(record: Record, step: Step) -> Record | None:
    places = _chosen(record, step)
    moved = [record.fields[place] for place in sorted(places)]
    kept = [one for place, one in enumerate(record.fields) if place not in places]
    new = [Field(step.to_tag, "", one.indicators, list(one.subfields)) for one in moved]
    return follow(Record(record.leader, inserted(kept, new)), moved, to_tag=step.to_tag)


def _copy_field(record: Record, step: Step) -> Record | None:
    copies = [
        without_link(Field(step.to_tag, "", record.fields[place].indicators, list(record.fields[place].subfields)))
        for place in sorted(_chosen(record, step))
    ]
    new = [one for one in copies if one not in record.fields]
    return Record(record.leader, inserted(record.fields, new))


def _move_subfield(record: Record, step: Step) -> Record | None:
    return _carry(record, step, keep=False)


def _copy_subfield(record: Record, step: Step) -> Record | None:
    return _carry(record, step, keep=True)


def _carry(record: Record, step: Step, *, keep: bool) -> Record | None:
    """Within one field the values go to the other code; to another field they go into its first, or into a new one."""
    places = _chosen(record, step, lambda one: any(code == step.code for code, _value in one.subfields))
    if step.to_tag == step.tag:
        return _changed(record, places, lambda one: _recoded(one, step, keep=keep))
    carried = [
        value
        for place in sorted(places)
        for code, value in record.fields[place].subfields
        if code == step.code
    ]  # fmt: skip
    fields: list[Field] = []
    for place, one in enumerate(record.fields):
        if place not in places or keep:
            fields.append(one)
        elif rest := _with(one, [(code, value) for code, value in one.subfields if code != step.code]):
            fields.append(rest)
    target = next((place for place, one in enumerate(fields) if one.tag == step.to_tag and not one.is_control), None)
    if target is None:
        new = [Field(step.to_tag, "", "  ", [(step.to_code, value) for value in carried])] if carried else []
        return Record(record.leader, inserted(fields, new))
    known = fields[target]
    fresh = [(step.to_code, value) for value in carried if (step.to_code, value) not in known.subfields]
    fields[target] = Field(known.tag, "", known.indicators, [*known.subfields, *fresh])
    return Record(record.leader, fields)


def _recoded(one: Field, step: Step, *, keep: bool) -> Field | None:
    if not keep:
        return _with(one, [(step.to_code if code == step.code else code, value) for code, value in one.subfields])
    values = [(step.to_code, value) for code, value in one.subfields if code == step.code]
    return _with(one, [*one.subfields, *(pair for pair in values if pair not in one.subfields)])


def _set_indicator(record: Record, step: Step) -> Record | None:
    sign = step.value.replace("#", " ") or " "

    def change(one: Field) -> Field:
        first, second = one.indicators[0], one.indicators[1]
        new = sign + second if step.number == "1" else first + sign
        return Field(one.tag, "", new, list(one.subfields))

    return _changed(record, _chosen(record, step, lambda one: not one.is_control), change)


def _set_fixed(record: Record, step: Step) -> Record | None:
    found = place_of(step.place)
    if found is None:
        return None
    place, value = found[0], codec.fixed_value(step.value)
    if place.part == LEADER:
        return Record(_written(record.leader, place.start, value), list(record.fields))

    kind = place.part.partition("/")[2]

    def suits(one: Field) -> bool:
        here = tables.part_of_008(record.leader) if place.tag == "008" else one.value[:1]
        return kind in ("", here) and len(one.value) >= place.start + len(value)

    places = {at for at, one in enumerate(record.fields) if one.tag == place.tag and suits(one)}
    return _changed(record, places, lambda one: Field(one.tag, _written(one.value, place.start, value)))


def _written(text: str, start: int, value: str) -> str:
    return text[:start] + value + text[start + len(value) :]


def _drop_duplicates(record: Record, step: Step) -> Record | None:
    def repeated() -> Iterator[int]:
        for place, one in enumerate(record.fields):
            if matches_tag(step.tag, one.tag) and one.tag not in SYSTEM and one in record.fields[:place]:
                yield place

    return _changed(record, set(repeated()), lambda one: None)


_DEEDS: dict[str, Callable[[Record, Step], Record | None]] = {
    s.REPLACE: _replace,
    s.ADD_FIELD: _add_field,
    s.DELETE_FIELD: _delete_field,
    s.ADD_SUBFIELD: _add_subfield,
    s.DELETE_SUBFIELD: _delete_subfield,
    s.MOVE_FIELD: _move_field,
    s.COPY_FIELD: _copy_field,
    s.MOVE_SUBFIELD: _move_subfield,
    s.COPY_SUBFIELD: _copy_subfield,
    s.SET_INDICATOR: _set_indicator,
    s.SET_FIXED: _set_fixed,
    s.DROP_DUPLICATES: _drop_duplicates,
}
