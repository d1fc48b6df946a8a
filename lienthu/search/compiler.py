"""Turns a query tree into tantivy queries, one for each tier of spelling.

A tier's query asks for every word in that tier, so exact ⊆ toneless ⊆ folded; what is taken away (`Not`) is the same
in all three, or the tiers would not nest.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from unicodedata import combining, normalize

import tantivy
from tantivy import Occur, Query

from lienthu.kernel import text
from lienthu.search.nodes import (
    And,
    Code,
    CodeField,
    Everything,
    Field,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Phrase,
    Word,
    Years,
)
from lienthu.search.schema import EXACT_FIELDS, isbn_forms, plain_identifier

_MUST, _SHOULD, _MUST_NOT = Occur.Must, Occur.Should, Occur.MustNot

_NUMBER_KINDS = {CodeField.ISBN: "i", CodeField.ISSN: "s", CodeField.CONTROL: "c", CodeField.BARCODE: "b"}
_NUMBER_LENGTH = 5
_TERM_FIELDS = {
    CodeField.DDC: "ddc",
    CodeField.LANGUAGE: "language",
    CodeField.LIBRARY: "library",
    CodeField.TYPE: "type",
    CodeField.WHOLE_TITLE: "whole_title",
    CodeField.WHOLE_SUBJECT: "subject_name",
}


class Tier(IntEnum):
    """How closely the spelling of a record follows the one typed."""

    EXACT = 0
    TONELESS = 1
    FOLDED = 2


@dataclass(frozen=True, slots=True)
class Spelling:
    """The tokens of one typed word or phrase in all tiers."""

    exact: tuple[str, ...]
    toneless: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def marked(self) -> bool:
        """Whether any token was typed with marks."""
        return self.exact != self.folded


@lru_cache(maxsize=8192)
def spelling(typed: str) -> Spelling:
    """Tokens of a piece of text."""
    keys = text.keys(typed)
    return Spelling(tuple(keys.exact.split()), tuple(keys.toneless.split()), tuple(keys.folded.split()))


def positive_leaves(node: Node) -> Iterable[Word | Phrase | Pattern]:
    """Text that records are asked to have, in the order typed."""
    match node:
        case Word() | Phrase() | Pattern():
            yield node
        case And(children) | Or(children):
            for child in children:
                yield from positive_leaves(child)


def tiers_of(node: Node) -> tuple[Tier, ...]:
    """Tiers that can differ for this query. Without a single mark all spellings are equal: one types `hat then` because
    marks are a trouble to type, not because one wants the English words."""
    if any(_marked(leaf) for leaf in positive_leaves(node)):
        return (Tier.EXACT, Tier.TONELESS, Tier.FOLDED)
    return (Tier.FOLDED,)


def _marked(leaf: Word | Phrase | Pattern) -> bool:
    return not leaf.exact and not leaf.text.isascii() and spelling(leaf.text).marked


class Compiler:
    """Queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def term(self, field: str, value: str) -> Query:
        """Records with this very term."""
        return Query.term_query(self._schema, field, value)

    def matching(self, node: Node, tier: Tier) -> Query:
        """Records the tree means in this tier, scored by the rarity of the words."""
        return self._match(node, tier)

    def parts(self, node: Node, tier: Tier) -> list[Query]:
        """As `matching`, as queries that a record must all match."""
        if isinstance(node, And) and not any(isinstance(child, Not) for child in node.children):
            return [self._match(child, tier) for child in node.children]
        return [self._match(node, tier)]

    def _match(self, node: Node, tier: Tier) -> Query:
        match node:
            case Word():
                return self._word(node, tier)
            case Phrase():
                return self._text(spelling(node.text), node.field, Tier.EXACT if node.exact else tier)
            case And(children):
                return self._conjunction(children, tier)
            case Or(children):
                return Query.boolean_query([(_SHOULD, self._match(child, tier)) for child in children])
            case Not():
                return self._conjunction((node,), tier)
            case Pattern():
                return self._pattern(node, Tier.EXACT if node.exact else tier)
            case _:
                return self._untiered(node)

    def _untiered(self, node: Years | Code | Everything | Nothing) -> Query:
        match node:
            case Years(low, high):
                return self._years(low, high)
            case Code():
                return self._code(node)
            case Everything():
                return Query.all_query()
            case Nothing():
                return Query.empty_query()

    def _conjunction(self, children: Sequence[Node], tier: Tier) -> Query:
        clauses = [
            (_MUST_NOT, self._taken_away(child.child)) if isinstance(child, Not) else (_MUST, self._match(child, tier))
            for child in children
        ]
        if all(occur is _MUST_NOT for occur, _ in clauses):
            clauses.append((_MUST, Query.all_query()))
        return Query.boolean_query(clauses)

    def _taken_away(self, node: Node) -> Query:
        """With marks, only that spelling goes (`KHÔNG bền` keeps Bến); without, every spelling."""
        return self._match(node, tiers_of(node)[0])

    def _word(self, node: Word, tier: Tier) -> Query:
        tokens = spelling(node.text)
        words = self._text(tokens, node.field, Tier.EXACT if node.exact else tier)
        if node.field is Field.ANY and not node.text.isalpha() and any(map(str.isdigit, node.text)):
            plain = plain_identifier(node.text)
            if len(plain) >= _NUMBER_LENGTH:
                return Query.boolean_query([(_SHOULD, words), (_SHOULD, self._code(Code(CodeField.NUMBER, plain)))])
        return words

    def _text(self, tokens: Spelling, field: Field, tier: Tier) -> Query:
        """One token, or several that stand together."""
        if not tokens.folded:
            return Query.empty_query()
        if tier is Tier.FOLDED:
            return self._sequence(field or "every", tokens.folded)
        if field is Field.ANY:
            if tier is Tier.EXACT:
                return self._sequence("exact", tokens.exact)
            if len(tokens.folded) == 1:
                return self._toneless(tokens.toneless[0])
        elif tier is Tier.EXACT and len(tokens.folded) == 1 and field == Field.TITLE:
            return self.term(EXACT_FIELDS[field], tokens.exact[0])
        marks = self._marks(tokens, field, tier)
        return Query.boolean_query(
            [(_MUST, self._sequence(field or "every", tokens.folded)), *((_MUST, _unscored(mark)) for mark in marks)]
        )

    def _marks(self, tokens: Spelling, field: Field, tier: Tier) -> list[Query]:
        """That every token carries its marks: in the field itself where it keeps them, else anywhere in the record."""
        if tier is Tier.TONELESS:
            return [self._toneless(token) for token in tokens.toneless]
        place = EXACT_FIELDS.get(field, "exact")
        return [self.term(place, token) for token in tokens.exact]

    def _toneless(self, token: str) -> Query:
        return Query.boolean_query([(_SHOULD, self.term("exact", token)), (_SHOULD, self.term("toneless", token))])

    def _sequence(self, field: str, tokens: Sequence[str]) -> Query:
        if len(tokens) == 1:
            return Query.term_query(self._schema, field, tokens[0])
        return Query.phrase_query(self._schema, field, list(tokens))

    def _pattern(self, node: Pattern, tier: Tier) -> Query:
        field = node.field or "every"
        folded = self._regex(field, [_folded_letters, text.folded_key], node.text, plain=True)
        if tier is Tier.FOLDED:
            return folded
        if tier is Tier.EXACT:
            marks = self._regex(EXACT_FIELDS.get(node.field, "exact"), [str.lower, text.exact_key], node.text)
        else:
            toneless = [text.toneless_key]
            marks = Query.boolean_query(
                [(_SHOULD, self._regex(place, toneless, node.text)) for place in ("exact", "toneless")]
            )
        return Query.boolean_query([(_MUST, folded), (_MUST, marks)])

    def _regex(self, field: str, spell: Sequence[Callable[[str], str]], pattern: str, *, plain: bool = False) -> Query:
        forms = dict.fromkeys(_regex_form(pattern, how, plain=plain) for how in spell)
        return Query.regex_query(self._schema, field, "|".join(f"({form})" for form in forms))

    def _years(self, low: int | None, high: int | None) -> Query:
        years = Query.range_query(self._schema, "year", tantivy.FieldType.Integer, low, high)
        return _unscored(years)

    def _code(self, node: Code) -> Query:
        if term_field := _TERM_FIELDS.get(node.field):
            return _unscored(self.term(term_field, node.value))
        if node.field is CodeField.RECORD:
            return _unscored(Query.term_query(self._schema, "id", int(node.value)))
        if node.field is not CodeField.NUMBER:
            return _unscored(self.term("identifier", _NUMBER_KINDS[node.field] + node.value))
        values = ["i" + form for form in isbn_forms(node.value)]
        values += [kind + node.value for kind in "scb"]
        return _unscored(Query.term_set_query(self._schema, "identifier", values))


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _folded_letters(piece: str) -> str:
    """Plain letters of part of a word, without the rules for whole syllables (`ly` is `li`, `ly*` also lyric)."""
    apart = normalize("NFD", piece.lower()).replace("đ", "d")
    return "".join(letter for letter in apart if not combining(letter))


def prefix_pattern(token: str) -> str:
    """A regular expression for the folded tokens that begin so."""
    return re.escape(token) + _any_letter(token, plain=True) + "*"


def _any_letter(stem: str, *, plain: bool) -> str:
    """Any letter that can stand in the same word. To build the automaton for `.` takes 0.3 ms; for the letters of two
    bytes, all that stand beside plain ones in folded words, 0.03 ms; for those up to Vietnamese ones, 0.08 ms."""
    if plain and stem.isascii():
        return "[\\x00-\u07ff]"
    return "[\\x00-\u1fff]" if max(stem, default="") <= "\u1fff" else "."


def _regex_form(pattern: str, spell: Callable[[str], str], *, plain: bool) -> str:
    pieces = [piece if piece in _SIGNS else spell(piece) for piece in re.split(r"([*?])", pattern)]
    letter = _any_letter("".join(pieces), plain=plain)
    signs = {"*": letter + "*", "?": letter}
    form = "".join(signs.get(piece) or re.escape(piece) for piece in pieces)
    # At the end of a word `?` is one letter or none.
    return form + "?" if len(pieces) > 1 and pieces[-2:] == ["?", ""] else form


_SIGNS = frozenset("*?")
