"""Vietnamese syllables from the rules of quốc ngữ: onset + rhyme + tone. Pure Python, no dependencies.

The table is written from phonology (nuclei with the codas they take), not from a word list, so that it accepts every
well-formed syllable, also those that occur only in names.
"""

from functools import lru_cache
from unicodedata import normalize

VOWELS = "aăâeêioôơuưy"
# Tones in the order of Vietnamese dictionaries; index 0 is ngang, without a mark.
TONE_MARKS = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SAC, NANG = 4, 5

TONED: dict[tuple[str, int], str] = {
    (vowel, tone): normalize("NFC", vowel + mark) for vowel in VOWELS for tone, mark in enumerate(TONE_MARKS)
}
TONE_OF: dict[str, tuple[str, int]] = {letter: key for key, letter in TONED.items() if key[1]}
WITHOUT_TONE = str.maketrans({letter: vowel for letter, (vowel, _) in TONE_OF.items()})
BASE_LETTER = str.maketrans("ăâêôơưđ", "aaeooud")

# In the order of reading: "gi" and "qu" before "g", so that "già" and "quả" carry the tone on the vowel after them.
_ONSETS = "gi qu - b c ch d đ g gh h k kh l m n ng ngh nh p ph r s t th tr v x"

# nucleus: (which of its letters carries the tone, its codas; "-" is no coda)
_NUCLEI = {
    "a": (0, "- i y o u m n ng nh p t c ch"),
    "ă": (0, "m n ng p t c"),
    "â": (0, "y u m n ng p t c"),
    "e": (0, "- o m n ng p t c"),
    "ê": (0, "- u m n nh p t ch"),
    "i": (0, "- u m n nh p t ch"),
    "o": (0, "- i m n ng p t c"),
    "ô": (0, "- i m n ng p t c"),
    "ơ": (0, "- i m n p t"),
    "u": (0, "- i m n ng p t c"),
    "ư": (0, "- i u m n ng t c"),
    "y": (0, "-"),
    "ia": (0, "-"),
    "ua": (0, "-"),
    "ưa": (0, "-"),
    "iê": (1, "u m n ng p t c"),
    "yê": (1, "u m n ng t"),
    "uô": (1, "i m n ng t c"),
    "ươ": (1, "i u m n ng p t c"),
    "oa": (1, "- i y o m n ng nh p t c ch"),
    "oă": (1, "m n ng p t c"),
    "oe": (1, "- o m n t"),
    "oo": (1, "ng c"),
    "uâ": (1, "y n ng t"),
    "uê": (1, "- u n nh ch"),
    "uơ": (1, "-"),
    "uy": (1, "- u n nh p t ch"),
    "uya": (1, "-"),
    "uyê": (2, "n t"),
}
_Y_CODAS_AFTER_QU = ("", "u", "n", "nh", "p", "t", "ch")
# Onsets that real names write with a final y ("Vy", "Thy"), beside the doublets of "lý"/"lí".
_ONSETS_BEFORE_Y = frozenset(["", "h", "k", "l", "m", "s", "t", "v", "d", "n", "th"])
# "hoà"/"hòa": the three rhymes whose tone two schools of spelling put on different letters.
_TWO_PLACES = frozenset(["oa", "oe", "uy"])
_STOPS = ("p", "t", "c", "ch")


def _fits(onset: str, nucleus: str, coda: str) -> bool:
    """Whether the spelling rules let this onset stand before this rhyme."""
    front = nucleus[0] in "eêiy"
    if onset == "qu":
        if nucleus == "y":
            return coda in _Y_CODAS_AFTER_QU
        if nucleus == "yê":
            return coda in ("n", "t")
        return nucleus in ("a", "ă", "â", "e", "ê", "i", "ơ") or (nucleus == "ô" and coda in ("", "c"))
    if nucleus == "yê":
        return onset == ""
    if nucleus == "iê" and onset == "":
        return False
    if nucleus == "y":
        return coda == "" and onset in _ONSETS_BEFORE_Y
    if onset in ("c", "ng"):
        return not front
    if onset == "g":
        return nucleus[0] not in "eêy"
    if onset in ("k", "gh", "ngh"):
        return front
    return not (onset == "gi" and front and nucleus[0] in "iy")


def _rhymes() -> list[tuple[str, str, int]]:
    """(nucleus, coda, place of the tone) of every rhyme."""
    found = [
        (nucleus, "" if coda == "-" else coda, place)
        for nucleus, (place, codas) in _NUCLEI.items()
        for coda in codas.split()
    ]
    return found + [("y", coda, 0) for coda in _Y_CODAS_AFTER_QU if coda]


def _syllables() -> dict[str, tuple[int, int, bool]]:
    """Toneless syllable: (place of its tone, other accepted place or -1, ends in a stop)."""
    table: dict[str, tuple[int, int, bool]] = {}
    rhymes = _rhymes()
    for onset in _ONSETS.replace("-", "").split(" "):
        for nucleus, coda, place in rhymes:
            if _fits(onset, nucleus, coda):
                at = len(onset) + place
                other = len(onset) if not coda and nucleus in _TWO_PLACES else -1
                table.setdefault(onset + nucleus + coda, (at, other, coda in _STOPS))
    return table


SYLLABLES = _syllables()


def split_tone(word: str) -> tuple[str, int, int] | None:
    """A lower-case NFC word as (letters without tone, tone, index of its mark or -1); None with more than one mark."""
    tone, place = 0, -1
    for index, letter in enumerate(word):
        if letter in TONE_OF:
            if tone:
                return None
            tone, place = TONE_OF[letter][1], index
    return word.translate(WITHOUT_TONE), tone, place


def with_tone(toneless: str, tone: int, place: int) -> str:
    """The word with the tone set on the vowel at ``place``; that letter must be a vowel without tone."""
    return toneless[:place] + TONED[toneless[place], tone] + toneless[place + 1 :]


def place_tone(word: str) -> str:
    """The lower-case NFC word with its tone where today's rules put it: ``hòa`` -> ``hoà``, ``cuả`` -> ``của``.

    Words that are no Vietnamese syllable come back unchanged.
    """
    parts = split_tone(word)
    if parts is None or not parts[1]:
        return word
    toneless, tone, place = parts
    known = SYLLABLES.get(toneless)
    return word if known is None or known[0] == place else with_tone(toneless, tone, known[0])


@lru_cache(maxsize=32_768)
def is_vietnamese_syllable(s: str) -> bool:
    """Whether the NFC word, in any case, is a well-formed Vietnamese syllable: ``hoà`` and ``hòa`` yes, ``hat`` no.

    A syllable that ends in a stop (p, t, c, ch) must bear sắc or nặng, so most English words are refused.
    """
    if not 0 < len(s) <= 7:
        return False
    parts = split_tone(s.lower())
    known = SYLLABLES.get(parts[0]) if parts else None
    if parts is None or known is None:
        return False
    _, tone, place = parts
    at, other, stopped = known
    if stopped:
        return tone in (SAC, NANG) and place == at
    return not tone or place in (at, other)
