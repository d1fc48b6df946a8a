"""The old Vietnamese encodings as tables: each Vietnamese letter and the bytes that stand for it.

Written as Latin-1 characters, one for each byte, so that the same tables read bytes and texts whose bytes were once
taken for Western characters ("false Unicode"). Sources: TCVN 5712:1993 (VN1 and VN3, the latter as the ABC fonts have
it), RFC 1456 (VISCII 1.1 and VIQR), the documentation of the VNI fonts, Microsoft's code page 1258, and for BK HCM2
the tables of the typing programs that supported it.
"""

from unicodedata import normalize

from lienthu.kernel.text.phonology import TONE_MARKS, TONED

HUYEN, HOI, NGA, SAC, NANG = 1, 2, 3, 4, 5
_TONE_ORDER = (SAC, HUYEN, HOI, NGA, NANG)
"""The order in which the rows below give tones."""

LETTERS = tuple(letter for letter in dict.fromkeys([*TONED.values(), "đ"]) if letter > "\x7f")
"""The 67 lower-case letters of Vietnamese that ASCII has not."""
ALL_LETTERS = LETTERS + tuple(letter.upper() for letter in LETTERS)
"""The 134 letters of both cases."""

Table = dict[str, str]
"""Vietnamese letter -> Latin-1 characters of its bytes."""


def _rows(text: str) -> Table:
    """A table from lines of ``vowel level sắc huyền hỏi ngã nặng``, bytes in hexadecimal; ``-`` where ASCII serves."""
    table: Table = {}
    for line in text.strip().splitlines():
        vowel, level, *tones = line.split()
        if level != "-":
            table[vowel] = chr(int(level, 16))
        for tone, code in zip(_TONE_ORDER, tones, strict=False):
            table[_toned(vowel, tone)] = chr(int(code, 16))
    return table


def _toned(vowel: str, tone: int) -> str:
    found = TONED[vowel.lower(), tone]
    return found if vowel.islower() else found.upper()


TCVN3: Table = _rows("""
    a -  B8 B5 B6 B7 B9
    ă A8 BE BB BC BD C6
    â A9 CA C7 C8 C9 CB
    e -  D0 CC CE CF D1
    ê AA D5 D2 D3 D4 D6
    i -  DD D7 D8 DC DE
    o -  E3 DF E1 E2 E4
    ô AB E8 E5 E6 E7 E9
    ơ AC ED EA EB EC EE
    u -  F3 EF F1 F2 F4
    ư AD F8 F5 F6 F7 F9
    y -  FD FA FB FC FE
    đ AE
    Ă A1
    Â A2
    Ê A3
    Ô A4
    Ơ A5
    Ư A6
    Đ A7
""")
"""TCVN 5712:1993 VN3, the ABC fonts: capitals with tones come from a font of capitals (.VnTimeH) in the same bytes."""

TCVN: Table = (
    TCVN3
    | _rows("""
    A -  83 80 81 82 84
    Ă A1 C0 AF BA BF 85
    Â A2 C4 C1 C2 C3 86
    E -  8A 87 88 89 8B
    Ê A3 DA C5 CD D9 8C
    I -  90 8D 8E 8F 91
    O -  95 92 93 94 96
    Ô A4 FF DB E0 F0 97
    Ơ A5 9B 98 99 9A 9C
    U -  00 9D 9E 9F 02
    Ư A6 11 04 05 06 12
    Y -  16 13 14 15 17
""")
    | {"Ú": "\x01"}
)
"""TCVN 5712:1993 VN1: VN3 and the capitals with tones, some of them among the control characters."""

VISCII: Table = _rows("""
    a -  E1 E0 E4 E3 D5
    ă E5 A1 A2 C6 C7 A3
    â E2 A4 A5 A6 E7 A7
    e -  E9 E8 EB A8 A9
    ê EA AA AB AC AD AE
    i -  ED EC EF EE B8
    o -  F3 F2 F6 F5 F7
    ô F4 AF B0 B1 B2 B5
    ơ BD BE B6 B7 DE FE
    u -  FA F9 FC FB F8
    ư DF D1 D7 D8 E6 F1
    y -  FD CF D6 DB DC
    đ F0
    A -  C1 C0 C4 C3 80
    Ă C5 81 82 02 05 83
    Â C2 84 85 86 06 87
    E -  C9 C8 CB 88 89
    Ê CA 8A 8B 8C 8D 8E
    I -  CD CC 9B CE 98
    O -  D3 D2 99 A0 9A
    Ô D4 8F 90 91 92 93
    Ơ B4 95 96 97 B3 94
    U -  DA D9 9C 9D 9E
    Ư BF BA BB BC FF B9
    Y -  DD 9F 14 19 1E
    Đ D0
""")
"""RFC 1456: VISCII 1.1."""


def _stacked(vowels: str, rows: dict[str, tuple[str, str]], singles: str) -> Table:
    """A table of two-byte letters: a vowel and the byte of its marks.

    ``vowels`` gives "letter base" pairs for letters with a byte of their own; ``rows`` gives for a set of letters the
    base to write (empty: the letter's own) and the bytes of level (``-``: none), sắc, huyền, hỏi, ngã, nặng.
    The capitals stand 0x20 below.
    """
    own = {letter: chr(int(code, 16)) for letter, code in (pair.split(":") for pair in vowels.split())}
    table: Table = dict(own)
    for letters, (base, codes) in rows.items():
        level, *tones = codes.split()
        for letter in letters:
            start = base or own.get(letter) or letter
            if level != "-":
                table[letter] = start + chr(int(level, 16))
            for tone, code in zip(_TONE_ORDER, tones, strict=True):
                table[_toned(letter, tone)] = start + chr(int(code, 16))
    table |= {letter: chr(int(code, 16)) for letter, code in (pair.split(":") for pair in singles.split())}
    return table | {letter.upper(): "".join(map(_capital, code)) for letter, code in table.items()}


def _capital(character: str) -> str:
    return chr(ord(character) - 0x20)


VNI: Table = _stacked(
    "ơ:F4 ư:F6 đ:F1",
    {
        "aeouyơư": ("", "- F9 F8 FB F5 EF"),
        "ă": ("a", "EA E9 E8 FA FC EB"),
        "â": ("a", "E2 E1 E0 E5 E3 E4"),
        "ê": ("e", "E2 E1 E0 E5 E3 E4"),
        "ô": ("o", "E2 E1 E0 E5 E3 E4"),
    },
    "í:ED ì:EC ỉ:E6 ĩ:F3 ị:F2 ỵ:EE",
)
"""VNI for Windows: a vowel and behind it a byte for its marks."""

BKHCM2: Table = _stacked(
    "ă:F9 â:EA ê:EF ô:F6 ơ:FA ư:FB đ:E0",
    {
        "aeouyơư": ("", "- E1 E2 E3 E4 E5"),
        "ă": ("", "- E6 E7 E8 E9 E5"),
        "âêô": ("", "- EB EC ED EE E5"),
    },
    "í:F1 ì:F2 ỉ:F3 ĩ:F4 ị:F5",
)
"""BK HCM2, of the Polytechnic University of Ho Chi Minh City: as VNI, but with bytes for ă, â, ê and ô."""

CP1258_TONES = {HUYEN: "\xcc", HOI: "\xd2", NGA: "\xde", SAC: "\xec", NANG: "\xf2"}
CP1258_LETTERS: Table = {
    **{letter: letter for letter in "âêôÂÊÔ"},
    "ă": "\xe3", "Ă": "\xc3", "đ": "\xf0", "Đ": "\xd0", "ơ": "\xf5", "Ơ": "\xd5", "ư": "\xfd", "Ư": "\xdd",
}  # fmt: skip
CP1258: Table = CP1258_LETTERS | {
    _toned(vowel, tone): CP1258_LETTERS.get(vowel, vowel) + code
    for lower in "aăâeêioôơuưy"
    for vowel in (lower, lower.upper())
    for tone, code in CP1258_TONES.items()
}
"""Microsoft's code page 1258 as Windows types it: a letter, then its tone as a combining mark."""

_VIQR_QUALITY = {"\u0306": "(", "\u0302": "^", "\u031b": "+"}
_VIQR_TONES = {TONE_MARKS[HUYEN]: "`", TONE_MARKS[HOI]: "?", TONE_MARKS[NGA]: "~", TONE_MARKS[SAC]: "'",
               TONE_MARKS[NANG]: "."}  # fmt: skip
VIQR_SIGNS = _VIQR_QUALITY | _VIQR_TONES


def _viqr(letter: str) -> str:
    if letter in "đĐ":
        return "dd" if letter == "đ" else "DD"
    base, *marks = list(normalize("NFD", letter))
    ordered = sorted(marks, key=lambda mark: mark in _VIQR_TONES)
    return base + "".join(VIQR_SIGNS[mark] for mark in ordered)


VIQR: Table = {letter: _viqr(letter) for letter in ALL_LETTERS}
"""RFC 1456: Vietnamese Quoted-Readable, marks as ASCII signs behind their letter."""
