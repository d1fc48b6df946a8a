"""Titles: cut into title, remainder, part and volume; compared word for word with Vietnamese eyes."""

import re
from dataclasses import dataclass, field

from lienthu.catalogue.marc import Record
from lienthu.catalogue.marc.description import unstopped
from lienthu.catalogue.matching import volumes
from lienthu.kernel.text import exact_key, normalise

_ARTICLES = {
    "eng": "the a an", "fre": "le la les l un une des", "ger": "der die das ein eine", "spa": "el la los las un una",
    "ita": "il lo la i gli le l un uno una", "por": "o a os as um uma", "dut": "de het een", "dan": "den det de en et",
    "nor": "den det de en et ei", "swe": "den det de en ett", "cat": "el la els les un una", "hun": "a az egy",
    "rum": "un o", "glg": "o a os as", "wel": "y yr",
}  # fmt: skip
ARTICLES = {language: frozenset(words.split()) for language, words in _ARTICLES.items()}
ANY_ARTICLE = frozenset(word for words in ARTICLES.values() for word in words)
_AND = {"eng": "and", "vie": "và", "fre": "et", "ger": "und", "spa": "y", "ita": "e", "por": "e"}
_MATERIAL = re.compile(
    r"\[(?:microform|electronic resource|videorecording|sound recording|computer file|text|book)[^\]]*\]"
)
_CORRECTION = re.compile(r"\[(?:i\.\s?e\.|sic)[^\]]*\]|\[!\]")
LONGEST = 400


@dataclass(slots=True)
class TitleParts:
    """245 cut up, as search keys with marks."""

    title: str = ""
    rest: str = ""
    part: str = ""
    volume: list[str] = field(default_factory=list)
    responsibility: str = ""
    parallel: list[str] = field(default_factory=list)


def title_parts(record: Record, *, language: str) -> TitleParts:
    """The parts of 245; an undivided $a, as in lists typed by hand, is cut at " : ", " / " and " = "."""
    parts = TitleParts()
    field = record.get("245")
    if field is None:
        return parts
    joined = _AND.get(language, "")
    for text in field.values("n"):
        parts.volume += volumes.of_subfield_n(_lower(text))
    said = " ".join(field.values("c"))
    title = _MATERIAL.sub("", _CORRECTION.sub("", _lower(" ".join(field.values("a")))))
    if not said:
        title, _, said = title.partition(" / ")
    title, _, parallel = title.partition(" = ")
    title, colon, remainder = title.partition(" : ")
    rest = " ".join([remainder] * bool(colon) + field.values("b"))
    parts.title = without_article(_key(_without_volume(parts, title), joined), language)
    parts.rest = _key(_without_volume(parts, _lower(rest), after_mark=True), joined)
    parts.part = _key(_without_volume(parts, _lower(" ".join(field.values("p")))), joined)
    parts.responsibility = exact_key(said[:LONGEST])
    if parallel:
        parts.parallel.append(_key(unstopped(parallel), joined))
    return parts


def _without_volume(into: TitleParts, text: str, *, after_mark: bool = False) -> str:
    """The text without its volume, which is noted unless another part has named one; ISBD marks at its ends go."""
    left, found = volumes.taken_out(text.strip(" .,:;/="), after_mark=after_mark)
    if found and not into.volume:
        into.volume = found
    return left


def _lower(text: str) -> str:
    return normalise(text[:LONGEST]).lower()


def _key(text: str, joined: str) -> str:
    """The key with "&" in words; a title typed without marks stays without."""
    if "&" in text:
        text = text.replace("&", f" {'va' if joined == 'và' and text.isascii() else joined} ")
    return exact_key(text)


def without_article(key: str, language: str) -> str:
    """The key without its leading article, if its language has articles and another word follows."""
    articles = ARTICLES.get(language)
    if not articles:
        return key
    first, _, others = key.partition(" ")
    return others if others and first in articles else key
