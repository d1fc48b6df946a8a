"""The edition statement: its number, what it counts, and the words that make it another text."""

import re
from functools import lru_cache

from lienthu.catalogue.matching.numerals import number_of
from lienthu.catalogue.matching.wordlists import words_of
from lienthu.kernel.text import folded_key

REPRINT, PRINTING = "r", "p"

_REPRINT = re.compile(r"\b(?:tai ban|tb)\b")
_PRINTING = re.compile(r"\b(?:printing|impression|tirage|nachdruck|ristampa|reimpr\w*|reprint|dicetak)\b")
_AFTER = re.compile(
    r"\b(?:tai ban|in|xuat ban|xb|tb|an ban)(?: lan)?(?: thu)? ([0-9]+|[a-z]+)\b|\b(?:lan)(?: thu)? ([0-9]+|[a-z]+)\b"
)
_ARABIC = re.compile(r"(?<![0-9])([0-9]{1,3})(?:st|nd|rd|th|d|a|e|re|er|eme|me|o|os)?\b")
_WORD = re.compile(r"[^\W\d_]+")
# In Vietnamese a few spelled numbers are everyday words; they count only where _AFTER finds them.
_SPELLED_ANYWHERE = words_of(
    "first second third fourth fifth sixth seventh eighth ninth tenth premiere deuxieme troisieme "
    "erste zweite dritte primera segunda tercera prima seconda terza primeira terceira primer segundo "
    "первое второе третье"
)
_FOLDED_SPELLED = {"premiere": 1, "deuxieme": 2, "troisieme": 3, "primer": 1}

# What the words of a statement mean for the text; the others ("ed.", "Aufl.", names of revisers) mean nothing here.
_MARKERS = {
    "revised": "rev revised revisee revue corr corrected corrigee uberarb erw enl enlarged augm expanded updated "
    "aktualis verb rived ampliata riv actualizada corregida aumentada perer ispr dop sua chua chinh bo sung "
    "chinhly new newly",
    "abridged": "abridged condensed concise gon luoc shorter brief",
    "unabridged": "unabridged complete",
    "country": "american us u british uk canadian international australian indian asian european global",
    "bilingual": "bilingual bilingue zweisprachige ngu",
    "teacher": "teacher teachers instructor instructors giao",
    "student": "student students college school",
    "limited": "limited deluxe collector collectors anniversary niem",
    "paper": "paperback pbk pocket taschenbuch ballantine vintage penguin bantam dell mass",
    "facsimile": "facsimile facsim faksimile",
}
_MARKER_OF = {word: marker for marker, words in _MARKERS.items() for word in words.split()}


OWN_WORDS = 5
_EMPTY = words_of(
    "ed edition editions edn aufl auflage izd izdanie wyd vyd ban dai han the and with first only lan thu tai xuat "
    "nouvelle nueva nova neue nuova for from this author authors ausg ausgabe kan shohan chu saihan hotsaah version ver"
)


@lru_cache(maxsize=8192)
def edition_of(statement: str) -> tuple[int, str, str]:
    """(number or 0, "" | REPRINT | PRINTING, words) of a 250 $a$b; own words without a number begin with ~."""
    text = folded_key(statement)
    if not text:
        return 0, "", ""
    kind = REPRINT if _REPRINT.search(text) else PRINTING if _PRINTING.search(text) else ""
    number = _number(text, kind)
    words = {_MARKER_OF[word] for word in text.split() if word in _MARKER_OF}
    if not number:
        own = [word for word in text.split() if word.isalpha() and len(word) > 2 and word not in _MARKER_OF]
        words.update([f"~{word}" for word in own if word not in _EMPTY][:OWN_WORDS])
    return number, kind, ",".join(sorted(words))


def _number(text: str, kind: str) -> int:
    for match in _AFTER.finditer(text):
        number = number_of(match[1] or match[2])
        if number is not None and number < 1000:
            return number
    found = _ARABIC.search(text)
    if found:
        return int(found[1])
    for word in _WORD.findall(text):
        if word in _SPELLED_ANYWHERE:
            return _FOLDED_SPELLED.get(word) or number_of(word) or 0
    first = text.split()[0]
    return (number_of(first) or 0) if len(first) > 1 and set(first) <= set("ivx") else 0


def ordinal(number: int, kind: str) -> int:
    """Counted as editions: the first reprint (Tái bản lần thứ 1) is the second time the text came out."""
    return number + 1 if kind == REPRINT else number
