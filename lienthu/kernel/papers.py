"""Official papers: the same words as PDF, set by typst, and as DOCX, which an office may change.

Nothing of the data is ever read as typst source; characters that XML cannot hold are left out of a DOCX.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KNOWN = re.compile("[ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").fullmatch


def as_pdf(sheet: Path, data: Any) -> bytes:
    """A typst sheet filled with a dataclass, which it reads as JSON from `sys.inputs.data`."""
    made = typst.compile(
        str(sheet),
        root=str(sheet.parent),
        format="pdf",
        sys_inputs={"data": orjson.dumps(asdict(data)).decode()},
    )
    assert isinstance(made, bytes)
    return made


class Office:
    """A DOCX that grows from the top down, in the type that Vietnamese offices use (Decree 30/2020/NĐ-CP: 13 pt)."""

    def __init__(self) -> None:
        self._document = Document()
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = "Times New Roman", Pt(13)

    def centred(self, text: str, *, bold: bool = False) -> None:
        """A line in the middle."""
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(printable(text)).bold = bold

    def lines(self, *texts: str) -> None:
        """A paragraph for each text."""
        for text in texts:
            self._document.add_paragraph(printable(text))

    def table(self, rows: Iterable[Sequence[str]], *, columns: int, ruled: bool = True) -> None:
        """A table whose first row is its head."""
        table = self._document.add_table(rows=0, cols=columns)
        if ruled:
            table.style = "Table Grid"
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = printable(text)

    def as_bytes(self) -> bytes:
        """The file."""
        made = BytesIO()
        self._document.save(made)
        return made.getvalue()


def printable(text: str) -> str:
    """Without the control characters and lone surrogates that XML does not know (XML 1.0, production 2)."""
    return "".join(letter for letter in text if letter in "\t\n" or _KNOWN(letter))
