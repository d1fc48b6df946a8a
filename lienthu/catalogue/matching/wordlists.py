"""Lists of words written as running text."""

from importlib.resources import files


def words_of(text: str, separator: str | None = None) -> frozenset[str]:
    """The words of the text, parted by blanks or by the given separator."""
    return frozenset(text.split(separator))


def data_lines(name: str) -> list[str]:
    """The lines of a file under data/, without comments."""
    text = files("lienthu.catalogue.matching").joinpath("data", name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


SMALL_WORDS = words_of(
    "a an the and or of in on for to with de des du la le les et und der die das và y e el los il lo i o os as en im"
)

KNOWN_WORDS = frozenset(word for line in data_lines("title_words.txt") for word in line.split())
"""Words of real titles in plain letters: none of them is a misspelling of another."""


def share_of(one: str, other: str) -> float:
    """Share of the shorter text's words that the longer one has."""
    words, others = set(one.split()) - SMALL_WORDS, set(other.split()) - SMALL_WORDS
    return len(words & others) / max(1, min(len(words), len(others)))
