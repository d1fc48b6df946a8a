"""How large the parts of a file of records may be."""

from dataclasses import dataclass, field

from lienthu.intake.limits import MIB, Limits


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Sizes in bytes. ``cells`` bounds the rectangle that a sheet of a workbook spans (about 32 bytes each).

    ``columns`` bounds how many cells a row may have up to the last one that holds anything.
    """

    record: int = 4 * MIB
    xml_record: int = 16 * MIB
    json_record: int = 16 * MIB
    row: int = MIB
    row_lines: int = 200
    workbook: int = 64 * MIB
    workbook_unpacked: int = 512 * MIB
    cells: int = 8_000_000
    columns: int = 400
    file: Limits = field(default_factory=Limits)


DEFAULT_LIMITS = ReadLimits()
