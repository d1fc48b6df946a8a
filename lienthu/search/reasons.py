"""Says in plain terms why a record is among the results."""

from tantivy import Occur, Query

from lienthu.search.compiler import Compiler, Spelling, Tier, positive_leaves, spelling, tiers_of
from lienthu.search.engine import Reason, Why
from lienthu.search.facets import count_of
from lienthu.search.nodes import And, Field, Node, Pattern, Phrase, Word
from lienthu.search.reading import View
from lienthu.search.schema import whole_title

MAX_WORDS = 12

_FIELDS = (
    (Reason.TITLE, Field.TITLE),
    (Reason.AUTHOR, Field.AUTHOR),
    (Reason.SUBJECT, Field.SUBJECT),
    (Reason.SERIES, Field.SERIES),
    (Reason.PUBLISHER, Field.PUBLISHER),
)


def why(view: View, record: int, node: Node) -> Why | None:
    """The tier and the places of the words; None when the record is no result of the query."""
    one = Query.const_score_query(Query.term_query(view.schema, "id", record), 0.0)
    tier = next((tier for tier in tiers_of(node) if _has(view, one, view.compiler.matching(node, tier))), None)
    if tier is None:
        return None
    words = [leaf for leaf in positive_leaves(node) if not isinstance(leaf, Pattern)][:MAX_WORDS]
    places: dict[Reason, list[str]] = {}
    if isinstance(node, Word | Phrase | And):
        _title_reasons(view, one, words, tier, places)
    for word in words:
        for reason in _word_reasons(view, one, word, tier):
            places.setdefault(reason, []).append(word.text)
    return Why(tier, tuple((reason, tuple(places[reason])) for reason in Reason if reason in places))


def _has(view: View, one: Query, query: Query) -> bool:
    return count_of(view, Query.boolean_query([(Occur.Must, one), (Occur.Must, query)])) > 0


def _title_reasons(
    view: View, one: Query, words: list[Word | Phrase], tier: Tier, places: dict[Reason, list[str]]
) -> None:
    asked = [word for word in words if word.field in (Field.ANY, Field.TITLE)]
    tokens: list[Spelling] = [spelling(word.text) for word in asked]
    exact = [token for one_word in tokens for token in one_word.exact]
    folded = [token for one_word in tokens for token in one_word.folded]
    key = " ".join(exact if tier is Tier.EXACT else folded)
    typed = [word.text for word in asked]
    if asked and len(asked) == len(words) and _has(view, one, view.compiler.term("whole_title", whole_title(key))):
        places[Reason.WHOLE_TITLE] = typed
    elif len(folded) > 1 and _has(view, one, Query.phrase_query(view.schema, "title", list(folded))):
        places[Reason.TOGETHER_IN_TITLE] = typed


def _word_reasons(view: View, one: Query, word: Word | Phrase, tier: Tier) -> list[Reason]:
    """Places of one word; none when the record does without it."""
    compiler: Compiler = view.compiler
    found = [
        reason
        for reason, field in _FIELDS
        if word.field in (Field.ANY, field)
        and _has(view, one, compiler.matching(Phrase(word.text, field, word.exact), tier))
    ]
    if found:
        return found
    if _has(view, one, compiler.matching(Phrase(word.text, word.field, word.exact), tier)):
        return [Reason.ELSEWHERE]
    # A word with digits is also looked for among the numbers of the record; a phrase is not.
    return [Reason.NUMBER] if _has(view, one, compiler.matching(word, tier)) else []
