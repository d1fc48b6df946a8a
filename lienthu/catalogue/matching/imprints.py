"""Years and extent: what 008, 260/264 and 300 say in numbers."""

import re

from lienthu.catalogue.marc import Record

NO_END = 9999
OPEN_SET = 999
"""Volumes of a set whose end was not known: "v.", "v. <1-3>"."""
_OPEN = re.compile(r"[<\[ ]*(?:v|t|vol|bd)\.\s*(?:$|[<:;])|[<\[ ]*(?:v|t|vol|bd)\.\s*[0-9-]*\s*>")
_YEAR = re.compile(r"(?<![0-9])(1[4-9][0-9]{2}|20[0-9]{2})(?![0-9])")
_RUN = re.compile(r"(?<=[0-9]{4})\]?\s*[-–].*")
_DECADE = re.compile(r"(?<![0-9])(?:(?:1[4-9]|20)[0-9]-|(?:1[4-9]|20)--)(?![0-9])")
_CORRECTED = re.compile(r"i\.\s?e\.,?\s*([0-9]{4})")
_PAGES = re.compile(
    r"([0-9]{1,5})\s*(?:\]|\?)?\s*(?:pages?|pgs?|pp?|trang|tr|s|seiten|str|стр|с|leaves|leaf|l|ff?|bl|hal|blz|side|sider|sidor|lk|o|old"
    r"|к|xv|ye|k|feuilles|cols?|tờ)\b(?! of plates| of music| ảnh| pl| tables| maps|, pl)"
)
_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,5}(?![0-9])")
_VOLUMES = re.compile(r"(?<![0-9])([0-9]{1,3})\s*(?:v|vols?|volumes?|t|tập|bd|bde|tomes?|q|quyển|cuốn|т)\b")


def years_of(record: Record) -> tuple[tuple[int, ...], int]:
    """(years of publication, best first; end of the run or 0). The year of the original of a reprint is left out."""
    fixed = record.value("008")
    kind, first, second = fixed[6:7], _year(fixed[7:11]), _year(fixed[11:15])
    imprint: list[int] = []
    for field in record.fields:
        if field.tag == "260" or (field.tag == "264" and field.indicators[1:] in ("1", " ", "0", "2", "4")):
            for text in field.values("c"):
                if _DECADE.search(text) and not _YEAR.search(text):
                    # "[199-?]": 008 had to name a year all the same.
                    return (), 0
                corrected = _CORRECTED.search(text)
                imprint += [int(corrected[1])] if corrected else map(int, _YEAR.findall(_RUN.sub("", text)))
    years = [first] if first and kind not in ("b", "n", "|") else []
    last = 0
    if kind in ("m", "i", "k", "c", "d", "u"):
        last = NO_END if fixed[11:15] in ("9999", "uuuu") else second
    elif kind == "t" and second:
        years.append(second)
    if kind != "r":
        years += imprint[:3]
    elif not years:
        years = imprint[:1]
    if kind == "s" and years and imprint and abs(imprint[0] - years[0]) > 1:
        # 008 is often a default that nobody looked at; what was copied from the book is right.
        years = imprint[:1]
    # A copyright date far from the year of publication is that of an earlier edition.
    return tuple(dict.fromkeys(year for year in years if abs(year - years[0]) <= 1)), last


def _year(text: str) -> int:
    return int(text) if text.isdigit() and "1400" <= text <= "2100" else 0


def extent_of(text: str) -> tuple[int, int]:
    """(pages, volumes) of a 300 $a in lower case: the longest numbering; 0 where it says none."""
    volumes = _VOLUMES.search(text)
    counted = text
    ends = [match.end() for match in _PAGES.finditer(text)]
    if ends:
        counted = text[: ends[-1]]
    elif volumes or text.lstrip("[ ").startswith(("v.", "t.", "vol")):
        counted = ""
    pages = [int(number) for number in _NUMBER.findall(counted)]
    count = int(volumes[1]) if volumes else 0
    return max(pages, default=0), OPEN_SET if not count and _OPEN.match(text) else count
