"""Tables as CSV and XLSX that Excel opens with Vietnamese letters intact and without running what somebody typed."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a sheet can hold at most: rows without the head, letters in a cell.
MOST_ROWS, MOST_LETTERS = 1_048_575, 32_767
# What no XML document may hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDEST = 60
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file for csv.writer that hands back each line."""

    def write(self, line: str) -> str:
        return line


def csv_response(name: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Stream a CSV file: UTF-8 with byte order mark, a leading apostrophe before what a sheet would compute."""
    response = StreamingHttpResponse(_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_response(name: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """An XLSX file of one sheet, heads fixed on top; memory does not grow with it.

    Numbers are numbers; every other cell is text, whatever it begins with, so nothing is computed and nothing linked.
    Rows beyond what a sheet holds are left out.
    """
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    for column, head in enumerate(heads):
        sheet.set_column(column, column, min(_WIDEST, max(12, len(str(head)) + 2)))
        sheet.write_string(0, column, str(head), bold)
    sheet.freeze_panes(1, 0)
    for place, row in zip(range(1, MOST_ROWS + 1), rows, strict=False):
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(place, column, value)
            elif value not in (None, ""):
                sheet.write_string(place, column, _NOT_XML.sub("", str(value))[:MOST_LETTERS])
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _lines(heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([str(head) for head in heads])
    for row in rows:
        yield writer.writerow([_safe(value) for value in row])


def _safe(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
