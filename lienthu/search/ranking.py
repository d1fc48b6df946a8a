"""The order of results: strict tiers of spelling, and inside a tier title > author > subject > the rest.

Scores come from plain terms only, because tantivy runs a union of terms much faster than one that mixes in phrases or
constants. Syllables that stand side by side in a title count as pairs, which are terms of their own.
"""

from collections.abc import Iterable
from itertools import pairwise

import tantivy
from tantivy import Occur, Query

from lienthu.search.compiler import Compiler, Tier, positive_leaves, spelling
from lienthu.search.nodes import And, Field, Node, Not, Or, Pattern, Phrase, Word
from lienthu.search.schema import whole_title

_MUST, _SHOULD = Occur.Must, Occur.Should

# The weight of a word anywhere else in the record is 1.
FIELD_WEIGHT = {"title": 3.0, "author": 2.0, "subject": 1.5}
PAIR_WEIGHT = 3.0
WHOLE_TITLE_WEIGHT = 100.0
POPULARITY_WEIGHT = 0.3
POPULARITY_LEVELS = (1, 2, 3, 4)
WEIGHED_WORDS = 12
"""Words whose field and neighbours count in the score; further ones must match but add only their own rarity."""

COMMON_SHARE = 0.15
"""A word in more of the records than this says little as an author or a subject and is looked for in the title only."""

FEW = 5_000
"""Up to so many candidates, all tiers are told apart in one pass; beyond, a pass for each tier reads less."""
TIER_STEP = 8_192.0
"""More than the words of a query can score together, and small enough for the scores to keep their order as floats."""


class Ranking:
    """Scored queries for one state of the index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher, compiler: Compiler) -> None:
        self._schema = schema
        self._searcher = searcher
        self._compiler = compiler
        self._has_popularity = searcher.doc_freq("popular", 1) > 0
        self._most = searcher.num_docs * COMMON_SHARE
        self._common: dict[str, bool] = {}

    def in_tier(self, node: Node, tier: Tier) -> Query:
        """Records of a tier, with the score that orders them inside it."""
        weights = self._weights(node, (tier,))
        if not weights:
            return self._compiler.matching(node, tier)
        # One word in plain letters: every record that has it anywhere has it in `every`, so none need be required, and
        # a union of terms is twice as fast as a required term with optional ones.
        occur = _SHOULD if tier is Tier.FOLDED and self._is_one_term(node) else _MUST
        required = [(occur, query) for query in self._compiler.parts(node, tier)]
        return Query.boolean_query(required + [(_SHOULD, weight) for weight in weights])

    def in_all_tiers(self, node: Node) -> Query:
        """All results, the tiers told apart by steps in the score."""
        steps = [
            Query.const_score_query(self._compiler.matching(node, tier), TIER_STEP)
            for tier in (Tier.EXACT, Tier.TONELESS)
        ]
        optional = [*steps, *self._weights(node, (Tier.EXACT, Tier.FOLDED))]
        required = [(_MUST, query) for query in self._compiler.parts(node, Tier.FOLDED)]
        return Query.boolean_query(required + [(_SHOULD, one) for one in optional])

    def are_few(self, node: Node) -> bool:
        """Whether so few records can match that one pass over them is the quickest."""
        return self._at_most(node) <= FEW

    def _at_most(self, node: Node) -> int:
        match node:
            case Word() | Phrase():
                return min(
                    (self._searcher.doc_freq(node.field or "every", token) for token in spelling(node.text).folded),
                    default=0,
                )
            case And(children):
                return min((self._at_most(child) for child in children if not isinstance(child, Not)), default=FEW + 1)
            case Or(children):
                return sum(map(self._at_most, children))
            case _:
                return FEW + 1

    def _is_one_term(self, node: Node) -> bool:
        return (
            isinstance(node, Word)
            and node.field is Field.ANY
            and node.text.isalpha()
            and not node.exact
            and not self._has_popularity
            and len(spelling(node.text).folded) == 1
        )

    def _is_common(self, token: str) -> bool:
        known = self._common.get(token)
        if known is None:
            known = self._common[token] = self._searcher.doc_freq("every", token) > self._most
            if len(self._common) > 10_000:
                self._common.clear()
        return known

    def _weights(self, node: Node, tiers: tuple[Tier, ...]) -> list[Query]:
        asked = list(positive_leaves(node))
        leaves = [leaf for leaf in asked if not isinstance(leaf, Pattern)]
        weights: list[Query] = []
        anywhere = [leaf for leaf in leaves if leaf.field is Field.ANY]
        for token, exact in self._tokens(anywhere):
            if Tier.EXACT in tiers:
                weights.append(self._weighed("title_exact", exact, FIELD_WEIGHT["title"]))
            if tiers[-1] is not Tier.EXACT:
                weights.append(self._weighed("title", token, FIELD_WEIGHT["title"]))
            if not self._is_common(token):
                weights.append(self._weighed("author", token, FIELD_WEIGHT["author"]))
                weights.append(self._weighed("subject", token, FIELD_WEIGHT["subject"]))
        if leaves and isinstance(node, Word | Phrase | And):
            weights.extend(self._title_weights(leaves, tiers, no_patterns=len(leaves) == len(asked)))
        if weights and self._has_popularity:
            weights.extend(self._weighed("popular", level, POPULARITY_WEIGHT) for level in POPULARITY_LEVELS)
        return weights

    @staticmethod
    def _tokens(leaves: list[Word | Phrase]) -> list[tuple[str, str]]:
        """Folded and exact tokens of the first words."""
        spellings = [spelling(leaf.text) for leaf in leaves[:WEIGHED_WORDS]]
        return [pair for one in spellings for pair in zip(one.folded, one.exact, strict=True)][:WEIGHED_WORDS]

    def _title_weights(
        self, leaves: list[Word | Phrase], tiers: tuple[Tier, ...], *, no_patterns: bool
    ) -> Iterable[Query]:
        """Words that stand side by side in a title, and titles that are just these words."""
        asked = [leaf for leaf in leaves if leaf.field in (Field.ANY, Field.TITLE)]
        tokens = self._tokens(asked)
        for (first, _), (second, _) in pairwise(tokens):
            yield self._weighed("title_pairs", f"{first}_{second}", PAIR_WEIGHT)
        # A title is asked for as a whole when all words may be of the title; a year or a library may stand beside them.
        if asked and len(asked) == len(leaves) and no_patterns:
            for tier in tiers:
                whole = " ".join(exact if tier is Tier.EXACT else token for token, exact in tokens)
                yield self._weighed("whole_title", whole_title(whole), WHOLE_TITLE_WEIGHT)

    def _weighed(self, field: str, value: str | int, weight: float) -> Query:
        return Query.boost_query(Query.term_query(self._schema, field, value), weight)
