"""A record from outside made ready for ours: without what is theirs alone, with the trace of where it is from."""

from lienthu.catalogue.marc import Field, Record
from lienthu.targets.policy.overlay import Line, Origin, Overlaid, is_local, put

_NO_AGENCY = "  "


def adopted(theirs: Record, *, agency: str, former: str = "") -> Record:
    """The record as a new one of ours: their number goes to 035, we are the modifying agency in 040 $d (`agency`).

    `former` names whose number it is when the record does not say so in 003.
    """
    fields = [field for field in theirs.fields if not is_local(field)]
    for field in (*_former_number(theirs, former), worked_on(theirs.get("040"), agency=agency)):
        put(fields, field)
    leader = theirs.leader[:5] + "n" + theirs.leader[6:]
    return Record(leader, fields)


def traced(overlaid: Record, theirs: Record, *, agency: str, former: str = "") -> Record:
    """An overlaid record with the same trace: their number in 035, our hand in 040."""
    fields = [field for field in overlaid.fields if field.tag != "040"]
    known = {value for field in fields if field.tag == "035" for value in field.values("a")}
    for field in _former_number(theirs, former):
        if field.get("a") not in known:
            put(fields, field)
    put(fields, worked_on(overlaid.get("040") or theirs.get("040"), agency=agency))
    return Record(overlaid.leader, fields)


def lines_with_trace(laid: Overlaid, record: Record) -> tuple[Line, ...]:
    """The lines of an overlay and those by which `record`, its traced form, says where it is from."""
    gone = [field for field in laid.record.fields if field not in record.fields]
    new = [field for field in record.fields if field not in laid.record.fields]
    texts = {repr(field) for field in gone}
    lines = [line for line in laid.lines if line.text not in texts or line.origin is Origin.DROPPED]
    lines += [Line(Origin.DROPPED, field.tag, repr(field)) for field in gone]
    lines += [Line(Origin.TRACE, field.tag, repr(field)) for field in new]
    return tuple(sorted(lines, key=lambda line: (line.tag != "LDR", line.tag)))


def worked_on(source: Field | None, *, agency: str) -> Field:
    """040 with `agency` as the last that changed the record; a record without 040 was transcribed by us."""
    if source is None:
        return Field("040", "", _NO_AGENCY, [("c", agency), ("d", agency)])
    if source.values("d")[-1:] == [agency]:
        return source
    return Field("040", "", source.indicators, [*source.subfields, ("d", agency)])


def _former_number(theirs: Record, former: str) -> list[Field]:
    """035 with their control number, in the form (agency)number, unless the record has it already."""
    number, agency = theirs.value("001").strip(), theirs.value("003").strip() or former
    if not number:
        return []
    text = f"({agency}){number}" if agency else number
    if any(value == text for field in theirs.all("035") for value in field.values("a")):
        return []
    return [Field("035", "", _NO_AGENCY, [("a", text)])]
