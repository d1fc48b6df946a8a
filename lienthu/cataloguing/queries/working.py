"""What stands on the desk: the sheet of a record or draft, and what its copies say."""

from lienthu.catalogue.marc import Record
from lienthu.catalogue.queries.desk import SourceRecord, content_of, items_of
from lienthu.cataloguing.rules.checking import Held
from lienthu.cataloguing.rules.linked import filed, paired
from lienthu.cataloguing.rules.sheets import Row, Sheet, sheet_of

# Fields of the system of a library that do not go along into another library's record.
_LOCAL = frozenset({"001", "003", "005", "852", "952", "942", "999"})


def sheet_of_record(record: SourceRecord, revision: int | None = None) -> Sheet:
    """The sheet of a record, as it stands or as a revision had it."""
    return sheet_of(content_of(record, revision).marc)


def shown(sheet: Sheet) -> Sheet:
    """For the eye: original scripts beside their fields."""
    return paired(sheet)


def kept(sheet: Sheet) -> Sheet:
    """For keeping: original scripts together in their place."""
    return filed(sheet)


def held_by(record: SourceRecord | None) -> Held:
    """What the copies of a record say about numbers and shelf marks."""
    if record is None:
        return Held()
    items = list(items_of(record).values_list("accession_number", "call_number"))
    return Held(any(number for number, _ in items), any(mark for _, mark in items))


def derived(marc: Record, *, source_code: str, source_number: str, agency: str, attribute: bool = True) -> Sheet:
    """A record of one library as the beginning of another library's own.

    With `attribute` it says where it comes from: 035 names library and number, 040 keeps who made it and adds `agency`.
    """
    sheet = sheet_of(marc)
    rows = [row for row in sheet.rows if row.tag not in _LOCAL and row.tag[:1] != "9"]
    if attribute:
        mark = Row("035", "##", f"$a ({source_code}){source_number}")
        if mark not in rows:
            rows.insert(next((i for i, row in enumerate(rows) if row.tag > "035"), len(rows)), mark)
        rows = _with_modifier(rows, source_code, agency)
    return sheet.with_rows(rows)


def _with_modifier(rows: list[Row], source_code: str, agency: str) -> list[Row]:
    at = next((i for i, row in enumerate(rows) if row.tag == "040"), None)
    if at is None:
        place = next((i for i, row in enumerate(rows) if row.tag > "040"), len(rows))
        made = Row("040", "##", f"$a {source_code} $d {agency}")
        return [*rows[:place], made, *rows[place:]]
    if not rows[at].text.endswith(f"$d {agency}"):
        rows[at] = Row("040", rows[at].indicators, f"{rows[at].text} $d {agency}")
    return rows
