"""Showing why a text was found: which of its words the search terms hit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lienthu.kernel.text.keys import exact_of, folded_of, folded_token, lowered, toneless_of, toneless_token
from lienthu.kernel.text.normal import normalise
from lienthu.kernel.text.tokenisation import Token, token_spans, token_texts, tokens_of_normalised

Segment = tuple[str, bool]

ELLIPSIS = "…"


_TIERS: tuple[Callable[[str], str], ...] = (exact_of, toneless_of, folded_of)
# The terms of some hundred searches; a page of results marks them in all its titles and names.
_REMEMBERED = 512

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Looked:
    """One search term in one tier: the keys of its words; what the last may begin with, if it is a beginning."""

    tier: int
    whole: tuple[str, ...]
    last: str
    beginning: str | None


def highlight(text: str, terms: Iterable[str]) -> list[Segment]:
    """``normalise(text)`` in segments, each with whether a term hits it; joined they give that text.

    A term is a word, a phrase, or either with ``*`` at its end for the beginning of a word; other words are hit only
    whole. A term without marks hits marked words; a marked one hits its own spelling, and only where that does not
    occur, the words that differ from it in tone, then in marks. Hits parted only by blanks become one segment.
    """
    text = normalise(text)
    return _segments(text, _merged(text, _hits(text, _terms(tuple(terms)))), 0, len(text))


def snippet(text: str, terms: Iterable[str], width: int = 200) -> list[Segment]:
    """The part of the text, about ``width`` characters, with the most hits, cut between words; "…" where it was cut.

    Without a hit, the beginning of the text.
    """
    text = normalise(text)
    hits = _merged(text, _hits(text, _terms(tuple(terms))))
    if len(text) <= width:
        return _segments(text, hits, 0, len(text))
    start, end = _window(tokens_of_normalised(text), hits, len(text), width)
    found = _segments(text, hits, start, end)
    before = [(ELLIPSIS, False)] if start else []
    after = [(ELLIPSIS, False)] if end < len(text) else []
    return before + found + after


@lru_cache(maxsize=_REMEMBERED)
def _terms(terms: tuple[str, ...]) -> tuple[tuple[_Looked, ...], ...]:
    """Each term as it is looked for, tier after tier."""
    found = []
    for term in terms:
        text = normalise(term).rstrip()
        words = token_texts(text)
        if words:
            found.append(tuple(_looked(words, tier, text.endswith("*")) for tier in _tiers_of(words)))
    return tuple(found)


def _tiers_of(words: Sequence[str]) -> tuple[int, ...]:
    """The tiers to try: a term written without marks asks for every marking at once."""
    return (2,) if all(exact_of(word) == folded_of(word) for word in words) else (0, 1, 2)


def _looked(words: Sequence[str], tier: int, is_beginning: bool) -> _Looked:
    *whole, last = map(_TIERS[tier], words)
    # The beginning of "lyceum" is "ly" as typed, while the whole word "ly" is also spelled "li".
    typed = lowered(words[-1])
    beginning = (typed, toneless_token(typed), folded_token(typed))[tier] if is_beginning else None
    return _Looked(tier, tuple(whole), last, beginning)


def _hits(text: str, terms: Sequence[Sequence[_Looked]]) -> list[Span]:
    """(start, end) in the normalised text of every hit, in order; they may overlap."""
    words = token_texts(text) if terms else []
    keyed: dict[int, list[str]] = {}
    found: set[Span] = set()
    for term in terms:
        for looked in term:
            if looked.tier not in keyed:
                keyed[looked.tier] = list(map(_TIERS[looked.tier], words))
            places = _places(keyed[looked.tier], looked)
            if places:
                found.update((place, place + len(looked.whole)) for place in places)
                break
    if not found:
        return []
    spans = token_spans(text, words)
    return sorted((spans[first][0], spans[last][1]) for first, last in found)


def _places(keyed: Sequence[str], looked: _Looked) -> list[int]:
    """Indexes of the words where the term begins."""
    if looked.beginning is None:
        if looked.last not in keyed:
            return []
        lasts = [place for place, key in enumerate(keyed) if key == looked.last]
    else:
        lasts = [place for place, key in enumerate(keyed) if key == looked.last or key.startswith(looked.beginning)]
    before = len(looked.whole)
    if not before:
        return lasts
    return [last - before for last in lasts if last >= before and tuple(keyed[last - before : last]) == looked.whole]


def _merged(text: str, hits: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in hits:
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].isspace()):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _segments(text: str, hits: Sequence[Span], start: int, end: int) -> list[Segment]:
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


def _window(words: Sequence[Token], hits: Sequence[Span], length: int, width: int) -> Span:
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
