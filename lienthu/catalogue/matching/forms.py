"""Print, large print, braille, online, microform: the same text in another form is another edition."""

from lienthu.catalogue.marc import Record

PRINT = ""
ONLINE, ELECTRONIC, MICROFORM, BRAILLE, LARGE_PRINT = "ONLINE", "ELECTRONIC", "MICROFORM", "BRAILLE", "LARGE_PRINT"

_ITEM = {"a": MICROFORM, "b": MICROFORM, "c": MICROFORM, "d": LARGE_PRINT, "f": BRAILLE, "o": ONLINE, "q": ELECTRONIC,
         "s": ELECTRONIC}  # fmt: skip
_WORDS = (
    ("online resource", ONLINE), ("trực tuyến", ONLINE), ("online", ONLINE), ("electronic", ELECTRONIC),
    ("điện tử", ELECTRONIC), ("computer file", ELECTRONIC), ("cd-rom", ELECTRONIC), ("ebook", ELECTRONIC),
    ("e-book", ELECTRONIC), ("microf", MICROFORM), ("micorf", MICROFORM), ("vi phim", MICROFORM), ("braille", BRAILLE),
    ("chữ nổi", BRAILLE), ("large print", LARGE_PRINT), ("lg. print", LARGE_PRINT), ("chữ to", LARGE_PRINT),
    ("chữ lớn", LARGE_PRINT),
)  # fmt: skip
_REPRODUCED = (("microf", MICROFORM), ("electronic", ELECTRONIC), ("online", ONLINE), ("scanned", ELECTRONIC))


def form_of(record: Record) -> tuple[str, bool]:
    """(form, whether it reproduces another edition), from 008/23 or 29, 245 $h, 250, 300 $a, 338, 533."""
    leader = record.leader[6:7]
    fixed = record.value("008")
    place = 29 if leader in ("e", "f", "g", "k", "o", "r") else 23
    form = _ITEM.get(fixed[place : place + 1], PRINT) if len(fixed) > place else PRINT
    reproduced = False
    for field in record.fields:
        tag = field.tag
        if tag == "245":
            form = form or _by_words(field.get("h").lower(), _WORDS)
        elif tag == "338" and not form and field.get("b") == "cr":
            form = ONLINE
        elif tag == "250" or tag == "300":
            text = field.get("a").lower()
            form = form or _by_words(text, _WORDS[:3] + _WORDS[9:])
        elif tag == "533":
            reproduced = True
            form = _by_words(field.get("a").lower(), _REPRODUCED) or form
    return form, reproduced


def _by_words(text: str, table: tuple[tuple[str, str], ...]) -> str:
    if not text:
        return PRINT
    return next((form for word, form in table if word in text), PRINT)
