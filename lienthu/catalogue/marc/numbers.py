"""Standard numbers: ISBN and ISSN."""

import re
from operator import mul

_ISBN_SHAPE = re.compile(r"[0-9][0-9 \-‐-―−]{7,20}[0-9xX]|[0-9]{9,13}[xX]?")
_ISSN_SHAPE = re.compile(r"[0-9]{4}[ \-‐-―−]?[0-9]{3}[0-9xX]")
_WEIGHTS = tuple(range(10, 1, -1))
_FILLERS = re.compile(r"[^0-9xX]")


def isbn13(text: str) -> str:
    """The ISBN in ``text`` as 13 digits, or nothing when there is none with a right check digit."""
    if text[:13].isdigit() and len(text) >= 13 and not text[13:14].isdigit():
        digits = text[:13]
    else:
        found = _ISBN_SHAPE.search(text)
        if found is None:
            return ""
        digits = _FILLERS.sub("", found[0]).upper()
    if len(digits) == 13 and digits.isdigit():
        return digits if digits[:3] in ("978", "979") and _check13(digits[:12]) == digits[12] else ""
    if len(digits) == 10 and digits[:9].isdigit() and _check10(digits[:9]) == digits[9]:
        body = "978" + digits[:9]
        return body + _check13(body)
    return ""


def _check13(body: str) -> str:
    codes = body.encode()
    # An ASCII digit is its value plus 48; 24 weights make 1152.
    return str((1152 - sum(codes[::2]) - 3 * sum(codes[1::2])) % 10)


def _check10(body: str) -> str:
    # An ASCII digit is its value plus 48; the weights make 54.
    rest = (48 * 54 - sum(map(mul, _WEIGHTS, body.encode()))) % 11
    return "X" if rest == 10 else str(rest)


def issn(text: str) -> str:
    """The ISSN in ``text`` as NNNN-NNNC, or nothing when there is none with a right check digit."""
    found = _ISSN_SHAPE.search(text)
    if found is None:
        return ""
    digits = _FILLERS.sub("", found[0]).upper()
    rest = -sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), digits[:7], strict=True)) % 11
    return f"{digits[:4]}-{digits[4:]}" if digits[7] == ("X" if rest == 10 else str(rest)) else ""
