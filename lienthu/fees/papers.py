"""Papers for money as PDF, set by typst from JSON, and QR codes as SVG."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import qrcode
import typst
from qrcode.constants import ERROR_CORRECT_M

SHEETS = Path(__file__).parent / "sheets"
QUIET = 4
"""Modules that stay white around a QR code (ISO/IEC 18004)."""


def receipt_pdf(data: dict[str, Any], *, narrow: bool) -> bytes:
    """A receipt: on the 80 mm roll of a till, or on A5."""
    return _set("receipt", data | {"narrow": narrow})


def reconciliation_pdf(data: dict[str, Any]) -> bytes:
    """The reconciliation of a day on A4."""
    return _set("reconciliation", data)


def qr_svg(text: str, *, label: str) -> str:
    """A QR code (level M) as SVG that scales; dark modules of a row are one run of a single path."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    matrix: Sequence[Sequence[bool]] = code.get_matrix()
    size = len(matrix) + 2 * QUIET
    path = []
    for down, row in enumerate(matrix):
        across = 0
        while across < len(row):
            width = 0
            while across + width < len(row) and row[across + width]:
                width += 1
            if width:
                path.append(f"M{across + QUIET} {down + QUIET}h{width}v1h-{width}z")
            across += width or 1
    title = label.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size * 6}" height="{size * 6}" '
        f'shape-rendering="crispEdges" role="img"><title>{title}</title>'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{"".join(path)}"/></svg>'
    )


def _set(name: str, data: dict[str, Any]) -> bytes:
    made = typst.compile(
        str(SHEETS / f"{name}.typ"), root=str(SHEETS), format="pdf", sys_inputs={"data": orjson.dumps(data).decode()}
    )
    assert isinstance(made, bytes)
    return made
