"""A Vietnamese syllable taken apart for the table of rhymes."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lienthu.kernel.text import is_vietnamese_syllable, normalise
from lienthu.kernel.text.phonology import VOWELS, split_tone

TABLE = Path(__file__).parent / "data" / "author_mark_rhymes.tsv"


@dataclass(frozen=True, slots=True)
class Syllable:
    """Initial letters in capitals (of a syllable without consonant its first vowel) and the rhyme without tone."""

    initial: str
    rhyme: str


@dataclass(frozen=True, slots=True)
class RhymeCode:
    """The code of a rhyme and how many of the call numbers it was inferred from bear it."""

    code: str
    seen: int


@cache
def rhyme_codes() -> dict[str, RhymeCode]:
    """The table of rhymes. It is inferred and incomplete: see data/SOURCE.md."""
    codes = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, rhyme, agree, _total = line.split("\t")
            codes[rhyme] = RhymeCode(code, int(agree))
    return codes


def syllable_of(word: str) -> Syllable | None:
    """The parts of a Vietnamese syllable; None for any other word."""
    word = normalise(word).lower()
    if not is_vietnamese_syllable(word):
        return None
    parts = split_tone(word)
    if parts is None:
        return None
    letters = parts[0]
    consonants = len(letters) - len(letters.lstrip("bcdđghklmnpqrstvx"))
    initial, rhyme = letters[:consonants], letters[consonants:]
    if initial == "q":
        initial, rhyme = "qu", rhyme[1:]
    elif initial == "g" and rhyme.startswith("i"):
        initial, rhyme = _after_gi(rhyme)
    return Syllable((initial or rhyme[0]).upper(), rhyme)


def _after_gi(rhyme: str) -> tuple[str, str]:
    """`gi` is the consonant; where the vowel i is all there is, or belongs to iê, it is written once for both."""
    rest = rhyme[1:]
    if rest and rest[0] in VOWELS and not rest.startswith("ê"):
        return "gi", rest
    return "gi", rhyme
