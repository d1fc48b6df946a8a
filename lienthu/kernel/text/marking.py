"""Showing why a text was found: which of its words the search terms hit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lienthu.kernel.text.keys import exact_of, folded_of, folded_token, lowered, toneless_of, toneless_token
from lienthu.kernel.text.normal import normalise
from lienthu.kernel.text.tokenisation import Token, token_texts, tokens_of_normalised

Segment = tuple[str, bool]

ELLIPSIS = "…"


_TIERS: tuple[Callable[[str], str], ...] = (exact_of, toneless_of, folded_of)


@dataclass(frozen=True, slots=True)
class _Term:
    """One search term: its tokens, and whether the last is only the beginning of a word."""

    words: tuple[str, ...]
    is_beginning: bool


def highlight(text: str, terms: Iterable[str]) -> list[Segment]:
    """``normalise(text)`` in segments, each with whether a term hits it; joined they give that text.

    A term is a word, a phrase, or either with ``*`` at its end for the beginning of a word; other words are hit only
    whole. A term without marks hits marked words; a marked one hits its own spelling, and only where that does not
    occur, the words that differ from it in tone, then in marks. Hits parted only by blanks become one segment.
    """
    text = normalise(text)
    return _segments(text, _merged(text, _hits(tokens_of_normalised(text), _terms(terms))), 0, len(text))


def snippet(text: str, terms: Iterable[str], width: int = 200) -> list[Segment]:
    """The part of the text, about ``width`` characters, with the most hits, cut between words; "…" where it was cut.

    Without a hit, the beginning of the text.
    """
    text = normalise(text)
    words = tokens_of_normalised(text)
    hits = _merged(text, _hits(words, _terms(terms)))
    if len(text) <= width:
        return _segments(text, hits, 0, len(text))
    start, end = _window(words, hits, len(text), width)
    found = _segments(text, hits, start, end)
    before = [(ELLIPSIS, False)] if start else []
    after = [(ELLIPSIS, False)] if end < len(text) else []
    return before + found + after


def _terms(terms: Iterable[str]) -> list[_Term]:
    found = []
    for term in terms:
        text = normalise(term).rstrip()
        words = tuple(token_texts(text))
        if words:
            found.append(_Term(words, text.endswith("*")))
    return found


def _hits(words: Sequence[Token], terms: Sequence[_Term]) -> list[tuple[int, int]]:
    """(start, end) in the text of every hit, in order; they may overlap."""
    keyed: dict[int, list[str]] = {}
    found: set[tuple[int, int]] = set()
    for term in terms:
        for number in _tiers_of(term):
            if number not in keyed:
                keyed[number] = [_TIERS[number](word.text) for word in words]
            places = _places(keyed[number], term, _TIERS[number])
            if places:
                last = len(term.words) - 1
                found.update((words[place].start, words[place + last].end) for place in places)
                break
    return sorted(found)


def _tiers_of(term: _Term) -> tuple[int, ...]:
    """The tiers to try: a term written without marks asks for every marking at once."""
    return (2,) if all(exact_of(word) == folded_of(word) for word in term.words) else (0, 1, 2)


def _places(keyed: Sequence[str], term: _Term, tier: Callable[[str], str]) -> list[int]:
    """Indexes of the tokens where the term begins."""
    wanted = [tier(word) for word in term.words]
    *whole, last = wanted
    # The beginning of "lyceum" is "ly" as typed, while the whole word "ly" is also spelled "li".
    typed = lowered(term.words[-1])
    beginnings = (typed, toneless_token(typed), folded_token(typed))[_TIERS.index(tier)]
    found = []
    for place in range(len(keyed) - len(whole)):
        final = keyed[place + len(whole)]
        if final != last and not (term.is_beginning and final.startswith(beginnings)):
            continue
        if all(keyed[place + offset] == word for offset, word in enumerate(whole)):
            found.append(place)
    return found


def _merged(text: str, hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in hits:
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].isspace()):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _segments(text: str, hits: Sequence[tuple[int, int]], start: int, end: int) -> list[Segment]:
    found: list[Segment] = []
    at = start
    for first, last in hits:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if at < first:
            found.append((text[at:first], False))
        found.append((text[first:last], True))
        at = last
    if at < end:
        found.append((text[at:end], False))
    return found


def _window(words: Sequence[Token], hits: Sequence[tuple[int, int]], length: int, width: int) -> tuple[int, int]:
    """(start, end) of the stretch to show."""
    if not hits:
        return 0, _cut_after(words, 0, width)
    best, most = hits[0][0], 0
    last = 0
    for index, (first, _) in enumerate(hits):
        last = max(last, index)
        while last < len(hits) and hits[last][1] <= first + width:
            last += 1
        if last - index > most:
            best, most = first, last - index
    # A quarter of the width goes before the first hit; at the end of the text, all that is left over.
    wanted = max(0, min(best - width // 4, length - width))
    start = next((word.start for word in words if word.start >= wanted), best) if wanted else 0
    start = min(start, best)
    return start, length if start + width >= length else _cut_after(words, start, width)


def _cut_after(words: Sequence[Token], start: int, width: int) -> int:
    """End of the last word that ends within the width; a longer word is cut."""
    end = max((word.end for word in words if start < word.end <= start + width), default=start + width)
    return end if end > start else start + width
