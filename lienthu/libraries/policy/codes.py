"""Form of a library code: TCVN 11645:2016 (ISO 15511), as used in Viet Nam.

A code is the country prefix "VN-" and an identifier of Latin letters without marks, digits, "-", "/" and ":";
at most 16 characters in all. Codes that differ only in case are the same code.
"""

import re
from enum import StrEnum

PREFIX = "VN-"
MAX_LENGTH = 16

_ALLOWED = re.compile(r"[A-Za-z0-9/:-]*\Z")


class CodeFault(StrEnum):
    """Why a code has not the form of the standard."""

    EMPTY = "EMPTY"
    PREFIX = "PREFIX"
    TOO_LONG = "TOO_LONG"
    CHARACTER = "CHARACTER"
    EDGE = "EDGE"
    DOUBLE_SEPARATOR = "DOUBLE_SEPARATOR"


def code_faults(code: str) -> tuple[CodeFault, ...]:
    """Return everything that is wrong with the form of `code`; empty when it is a code."""
    if not code:
        return (CodeFault.EMPTY,)
    faults = []
    if not code.startswith(PREFIX):
        faults.append(CodeFault.PREFIX)
    if len(code) > MAX_LENGTH:
        faults.append(CodeFault.TOO_LONG)
    if not _ALLOWED.match(code):
        faults.append(CodeFault.CHARACTER)
    identifier = code.removeprefix(PREFIX)
    if not identifier or identifier[0] in "-/:" or identifier[-1] in "-/:":
        faults.append(CodeFault.EDGE)
    if re.search(r"[-/:]{2}", identifier):
        faults.append(CodeFault.DOUBLE_SEPARATOR)
    return tuple(faults)
