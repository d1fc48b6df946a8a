"""Help with the search box: completions while typing."""

from collections import Counter
from collections.abc import Iterable

from tantivy import Occur, Query

from lienthu.kernel import text
from lienthu.search.compiler import prefix_pattern
from lienthu.search.engine import Suggestion, SuggestionKind
from lienthu.search.reading import View
from lienthu.search.schema import WHOLE_TITLE, Shown

MAX_TOKENS = 8
SHORTEST_PREFIX = 2
"""A single letter begins too much to be worth a list."""
SHORTEST_LISTED = 4
COMMON_SHARE = 0.01
SHORTEST_EXPANDED = 3
"""A shorter beginning is not looked up in the dictionary: a fifth of all words may begin so."""
_TITLES_READ = 16
_RECORDS_READ = 16
_RECORDS_SIFTED = 60
_NAMES = 3


def suggest(view: View, typed: str, *, limit: int) -> list[Suggestion]:
    """Titles that begin so, then authors and subjects with all these words, then other titles."""
    tokens = text.folded_key(typed[:200]).split()[-MAX_TOKENS:]
    if not tokens or limit < 1 or (len(tokens) == 1 and len(tokens[0]) < SHORTEST_PREFIX):
        return []
    whole_words = typed[-1:].isspace()
    starting = _titles_starting(view, " ".join(tokens)[:WHOLE_TITLE]) if _begins_few(view, tokens) else []
    found = starting[: max(limit - 2 * _NAMES, limit // 2)]
    for kind in (SuggestionKind.AUTHOR, SuggestionKind.SUBJECT):
        found += _names(view, kind, tokens, whole_words=whole_words)[:_NAMES]
    if len(found) < limit:
        seen = {one.text for one in found}
        rest = starting + _titles_with(view, tokens, whole_words=whole_words)
        found += [one for one in {one.text: one for one in rest}.values() if one.text not in seen]
    return found[:limit]


def _begins_few(view: View, tokens: list[str]) -> bool:
    """Whether few titles begin so. tantivy reads every term with a prefix, whatever the limit: 40 ms for `the`."""
    if len(tokens) > 1:
        return True
    common = view.searcher.doc_freq("title", tokens[0]) > view.searcher.num_docs * COMMON_SHARE
    return len(tokens[0]) >= SHORTEST_LISTED and not common


def _titles_starting(view: View, prefix: str) -> list[Suggestion]:
    terms = view.searcher.terms_with_prefix("whole_title", prefix, limit=_TITLES_READ)
    terms.sort(key=lambda term: (-term[1], len(term[0])))
    found: dict[str, Suggestion] = {}
    for term, count in terms:
        for address in view.best(Query.term_query(view.schema, "whole_title", term), 1):
            title = view.shown(address).title
            key = text.folded_key(title)
            if key not in found:
                record = view.ids([address])[0] if count == 1 else None
                found[key] = Suggestion(SuggestionKind.TITLE, title, record)
    return list(found.values())


def _titles_with(view: View, tokens: list[str], *, whole_words: bool) -> list[Suggestion]:
    return [
        Suggestion(SuggestionKind.TITLE, shown.title, record)
        for record, shown in _records(view, "title", tokens, whole_words=whole_words)
        if _has_all(shown.title, tokens, whole_words=whole_words)
    ]


def _names(view: View, kind: SuggestionKind, tokens: list[str], *, whole_words: bool) -> list[Suggestion]:
    """Headings that have all the words, the most frequent first."""
    counts: Counter[str] = Counter()
    for _, shown in _records(view, kind.value, tokens, whole_words=whole_words):
        names = shown.authors if kind is SuggestionKind.AUTHOR else shown.subjects
        counts.update(name for name in dict.fromkeys(names) if _has_all(name, tokens, whole_words=whole_words))
    return [Suggestion(kind, name) for name, _ in counts.most_common()]


def _has_all(name: str, tokens: list[str], *, whole_words: bool) -> bool:
    present = text.folded_key(name).split()
    complete = tokens if whole_words else tokens[:-1]
    return all(token in present for token in complete) and (
        whole_words or any(word.startswith(tokens[-1]) for word in present)
    )


def _records(view: View, field: str, tokens: list[str], *, whole_words: bool) -> Iterable[tuple[int, Shown]]:
    """A few records that have all the words in a field, the last one perhaps unfinished."""
    complete, last = (tokens, "") if whole_words else (tokens[:-1], tokens[-1])
    if not complete and len(last) < SHORTEST_EXPANDED:
        complete, last = tokens, ""
    clauses = [(Occur.Must, Query.term_query(view.schema, field, token)) for token in complete]
    if last:
        clauses.append((Occur.Should, Query.term_query(view.schema, field, last)))
    if len(last) >= SHORTEST_EXPANDED:
        clauses.append((Occur.Must, Query.regex_query(view.schema, field, prefix_pattern(last))))
    limit = _RECORDS_SIFTED if last and len(last) < SHORTEST_EXPANDED else _RECORDS_READ
    addresses = view.best(Query.boolean_query(clauses), limit)
    return list(zip(view.ids(addresses), map(view.shown, addresses), strict=True))
