"""Records near a given one: same subjects and authors, rare words of the title in common."""

from tantivy import Occur, Query

from lienthu.kernel import text
from lienthu.search.reading import View
from lienthu.search.schema import Shown, pairs

SUBJECT_WEIGHT = 2.0
AUTHOR_WEIGHT = 1.0
PAIR_WEIGHT = 1.0
WORD_WEIGHT = 0.5
TITLE_WORDS = 10
COMMON_SHARE = 0.05
"""A title word in more of the records than this says nothing of their matter …"""
COMMON_LEAST = 20
"""… unless it is in so few."""


def shown_of(view: View, record: int) -> Shown | None:
    """The stored words of a record; None when the index does not have it."""
    hits = view.best(Query.term_query(view.schema, "id", record), 1)
    return view.shown(hits[0]) if hits else None


def more_like(view: View, record: int, *, limit: int) -> list[int]:
    """Ids, the nearest first."""
    shown = shown_of(view, record)
    clauses = _clauses(view, shown) if shown else []
    if not clauses or limit < 1:
        return []
    near = Query.boolean_query([(Occur.Should, clause) for clause in clauses])
    itself = Query.term_query(view.schema, "id", record)
    query = Query.boolean_query([(Occur.Must, near), (Occur.MustNot, itself)])
    return list(view.ids(view.best(query, limit)))


def _clauses(view: View, shown: Shown) -> list[Query]:
    def weighed(field: str, value: str, weight: float) -> Query:
        return Query.boost_query(Query.term_query(view.schema, field, value), weight)

    title = text.folded_key(shown.title).split()[:TITLE_WORDS]
    most = max(view.searcher.num_docs * COMMON_SHARE, COMMON_LEAST)
    telling = [word for word in dict.fromkeys(title) if len(word) > 1 and view.searcher.doc_freq("title", word) <= most]
    clauses = [weighed("subject_name", subject, SUBJECT_WEIGHT) for subject in shown.subjects]
    clauses += [weighed("title", word, WORD_WEIGHT) for word in telling]
    clauses += [weighed("title_pairs", pair, PAIR_WEIGHT) for pair in pairs(" ".join(title)).split()]
    for author in shown.authors[:2]:
        tokens = text.folded_key(author).split()[:4]
        if len(tokens) > 1:
            clauses.append(Query.boost_query(Query.phrase_query(view.schema, "author", list(tokens)), AUTHOR_WEIGHT))
    return clauses
