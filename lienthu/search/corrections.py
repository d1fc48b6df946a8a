"""Help with a query that found little: the keyboard was in another mode, a letter is wrong, words ran together."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from lienthu.kernel import text
from lienthu.search.compiler import Tier, positive_leaves, spelling
from lienthu.search.engine import Correction, CorrectionKind
from lienthu.search.facets import count_of
from lienthu.search.nodes import And, Everything, Node, Not, Or, Word, conjunction
from lienthu.search.printer import canonical
from lienthu.search.query import parse
from lienthu.search.reading import View

MAX_WORDS = 6
SPELLING_LENGTHS = range(2, 15)
NEAR_WORDS = 4
"""Near spellings of one word that are tried in the whole query."""
WORTH_MORE = 10
"""A query that does find something is corrected only by one that finds so many times more."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def did_you_mean(view: View, query: str, *, limit: int) -> list[Correction]:
    """The likeliest first; none when the query is as good as any near it."""
    node = parse(query).node
    if isinstance(node, Everything) or limit < 1:
        return []
    least = max(1, count_of(view, view.compiler.matching(node, Tier.FOLDED)) * WORTH_MORE)
    found: dict[str, Correction] = {}
    for step in (_keystrokes, _sound, _spelling, _spacing, _fewer_words):
        if step is _fewer_words and (found or least > 1):
            continue
        for kind, other in step(view, node):
            total = count_of(view, view.compiler.matching(other, Tier.FOLDED))
            written = canonical(other)
            if total >= least and (written not in found or found[written].total < total):
                found[written] = Correction(kind, _with_marks(view, other, total), total)
        if len(found) >= limit:
            break
    ordered = sorted(found.values(), key=lambda one: (list(CorrectionKind).index(one.kind), -one.total))
    return list({one.query: one for one in ordered}.values())[:limit]


_Candidates = Iterator[tuple[CorrectionKind, Node]]


def _words(node: Node) -> list[Word]:
    return [leaf for leaf in positive_leaves(node) if isinstance(leaf, Word)][:MAX_WORDS]


def _replaced(node: Node, change: Callable[[Word], Node]) -> Node:
    """The tree with every asked word changed; what is taken away stays."""
    match node:
        case Word():
            return change(node)
        case And(children):
            return conjunction([_replaced(child, change) for child in children])
        case Or(children):
            return Or(tuple(_replaced(child, change) for child in children))
        case Not() | _:
            return node


def _keystrokes(view: View, node: Node) -> _Candidates:
    for undo in (text.telex_to_vietnamese, text.vni_to_vietnamese):
        other = _replaced(node, _typed_with(undo))
        if other != node:
            yield CorrectionKind.KEYSTROKES, other


def _typed_with(undo: Callable[[str], str]) -> Callable[[Word], Node]:
    return lambda word: Word(undo(word.text).lower(), word.field, word.exact)


def _sound(view: View, node: Node) -> _Candidates:
    return ((CorrectionKind.SOUND, other) for other in _one_changed(view, node, text.sound_alikes))


def _spelling(view: View, node: Node) -> _Candidates:
    return ((CorrectionKind.SPELLING, other) for other in _one_changed(view, node, one_letter_away))


_Neighbours = Callable[[str], Iterable[str]]


def _one_changed(view: View, node: Node, neighbours: _Neighbours) -> Iterator[Node]:
    """The tree with one word changed; of several unknown ones the last, the others to their likeliest neighbour."""
    words = _words(node)
    unknown = [word for word in words if not _frequency(view, word)]
    for word in unknown[:-1]:
        for near in _near(view, word, neighbours)[:1]:
            node = _replaced(node, _swap(word, Word(near, word.field)))
    for word in unknown[-1:] or words:
        for near in _near(view, word, neighbours):
            yield _replaced(node, _swap(word, Word(near, word.field)))


def _swap(old: Word, new: Node) -> Callable[[Word], Node]:
    return lambda word: new if word == old else word


def _near(view: View, word: Word, neighbours: _Neighbours) -> list[str]:
    """Neighbours that are words of the index, the most frequent first."""
    tokens = spelling(word.text).folded
    if word.exact or len(tokens) != 1 or len(tokens[0]) not in SPELLING_LENGTHS or not tokens[0].isalpha():
        return []
    field = word.field or "every"
    counted = [(view.searcher.doc_freq(field, other), other) for other in neighbours(tokens[0])]
    known = sorted((pair for pair in counted if pair[0]), reverse=True)
    least = view.searcher.doc_freq(field, tokens[0])
    return [other for count, other in known if count > least][:NEAR_WORDS]


def one_letter_away(token: str) -> set[str]:
    """Every plain spelling reached by leaving out, swapping, changing or adding one letter."""
    splits = [(token[:at], token[at:]) for at in range(len(token) + 1)]
    left_out = {left + right[1:] for left, right in splits if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    changed = {left + letter + right[1:] for left, right in splits if right for letter in _LETTERS}
    added = {left + letter + right for left, right in splits for letter in _LETTERS}
    return (left_out | swapped | changed | added) - {token, ""}


def _spacing(view: View, node: Node) -> _Candidates:
    words = _words(node)
    for word in words:
        for pair in _torn(view, word):
            yield CorrectionKind.SPACING, _replaced(node, _swap(word, pair))
    if isinstance(node, And):
        for first, second in pairwise(words):
            joined = Word(first.text + second.text, first.field)
            if first.field == second.field and _frequency(view, joined):
                rest = [joined if child == first else child for child in node.children if child != second]
                yield CorrectionKind.SPACING, conjunction(rest)


def _torn(view: View, word: Word) -> list[Node]:
    """Two words in place of one, where a title has the two side by side."""
    token = "".join(spelling(word.text).folded)
    cuts = [(token[:at], token[at:]) for at in range(2, len(token) - 1)] if len(token) <= SPELLING_LENGTHS[-1] else []
    counted = [(view.searcher.doc_freq("title_pairs", "_".join(cut)), cut) for cut in cuts]
    best = sorted((pair for pair in counted if pair[0]), reverse=True)[:1]
    return [conjunction([Word(part, word.field) for part in cut]) for _, cut in best]


def _fewer_words(view: View, node: Node) -> _Candidates:
    """Each word left out once, when nothing has them all."""
    if isinstance(node, And) and len(node.children) <= MAX_WORDS:
        for left_out in node.children:
            rest = [child for child in node.children if child != left_out]
            if rest and not all(isinstance(child, Not) for child in rest):
                yield CorrectionKind.FEWER_WORDS, conjunction(rest)


def _frequency(view: View, word: Word) -> int:
    tokens = spelling(word.text).folded
    counts = [int(view.searcher.doc_freq(word.field or "every", token)) for token in tokens]
    return min(counts, default=0)


def _with_marks(view: View, node: Node, total: int) -> str:
    """The query written with the marks its best record has: `truyen kieu` -> `truyện kiều`."""
    if not total:
        return canonical(node)
    hits = view.best(view.ranking.in_tier(node, Tier.FOLDED), 1)
    shown = view.shown(hits[0]) if hits else None
    pieces = (shown.title, *shown.authors, *shown.subjects) if shown else ()
    marked = _marks_of([word.text for word in _words(node)], pieces)
    return canonical(_replaced(node, lambda word: _marked_word(word, marked)))


def _marks_of(typed: list[str], pieces: tuple[str, ...]) -> dict[str, str]:
    """How the record spells the words; where it has two side by side, as it spells them there."""
    alone: dict[str, str] = {}
    together: dict[tuple[str, str], tuple[str, str]] = {}
    for piece in pieces:
        spelt = [(text.folded_key(token.text), token.text.lower()) for token in text.tokens(piece)]
        for folded, written in spelt:
            alone.setdefault(folded, written)
        for (first, first_written), (second, second_written) in pairwise(spelt):
            together.setdefault((first, second), (first_written, second_written))
    for pair in pairwise(map(text.folded_key, typed)):
        alone.update(zip(pair, together.get(pair, ()), strict=False))
    return alone


def _marked_word(word: Word, marked: dict[str, str]) -> Word:
    if not word.text.isascii() or word.exact:
        return word
    return Word(marked.get(text.folded_key(word.text), word.text), word.field)
