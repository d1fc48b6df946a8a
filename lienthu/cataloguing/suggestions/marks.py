"""Author marks: initial, rhyme code, initial of the next word (Nguyễn Du: NG527D); under the title without author."""

from lienthu.cataloguing.suggestions.foreign import lc_cutter
from lienthu.cataloguing.suggestions.syllables import Syllable, rhyme_codes, syllable_of
from lienthu.cataloguing.suggestions.values import Reason, Suggestion
from lienthu.kernel.text import normalise, tokens

ARTICLES = frozenset({"the", "a", "an"})


def author_marks(name: str, title: str) -> tuple[Suggestion, ...]:
    """Marks for a work under its author's name, or under its title where `name` is empty.

    A name or title is taken for Vietnamese when most of its words are Vietnamese syllables; anything else goes by the
    Cutter table of the Library of Congress. Nothing at all to go by: an empty tuple.
    """
    source = "author" if name.strip() else "title"
    words = _words(name if source == "author" else title)
    if not words:
        return ()
    if _is_vietnamese(words, whole=source == "author"):
        return (_vietnamese(words, source),)
    return (_foreign(_filing_word(name, words, source), source),)


def _words(text: str) -> list[str]:
    """Words without years and numbers; initials of a name stay."""
    found = (token.text for token in tokens(normalise(text)))
    return [word for word in found if any(letter.isalpha() for letter in word)]


def _is_vietnamese(words: list[str], *, whole: bool) -> bool:
    """Every word of a name (Dan Brown is none), most words of a title, must be a Vietnamese syllable."""
    known = sum(syllable_of(word) is not None for word in words)
    if syllable_of(words[0]) is None:
        return False
    return known == len(words) if whole else known * 3 > len(words) * 2


def _vietnamese(words: list[str], source: str) -> Suggestion:
    first = syllable_of(words[0])
    assert first is not None
    params: dict[str, str | int] = {"word": words[0], "rhyme": first.rhyme, "source": source}
    code = rhyme_codes().get(first.rhyme)
    if code is None:
        return Suggestion("", Reason("rhyme_not_in_table", params))
    following = _initial(syllable_of(words[1]), words[1]) if len(words) > 1 else ""
    params |= {"initial": first.initial, "code": code.code, "next": following, "seen": code.seen}
    return Suggestion(f"{first.initial}{code.code}{following}", Reason("rhyme", params))


def _initial(syllable: Syllable | None, word: str) -> str:
    return syllable.initial if syllable is not None else word[0].upper()


def _filing_word(name: str, words: list[str], source: str) -> str:
    """The family name (before the comma, else the last word), or the first word of a title that is no article."""
    if source == "title":
        return next((word for word in words if word.lower() not in ARTICLES), words[0])
    family, comma, _given = name.partition(",")
    if comma:
        inverted = _words(family)
        return inverted[0] if inverted else words[0]
    return words[-1]


def _foreign(word: str, source: str) -> Suggestion:
    mark = lc_cutter(word)
    params = {"word": word, "source": source}
    if not mark:
        return Suggestion("", Reason("no_table", params))
    return Suggestion(mark, Reason("lc_cutter", params))
