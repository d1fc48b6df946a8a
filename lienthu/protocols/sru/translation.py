"""From CQL to the query tree of `lienthu.search`: what our indexes, relations and signs mean.

Marks are told apart as on the search page: `kieu` finds Kiều, `kiều` finds Kiều first. Adjacent means side by side in
this order.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lienthu.kernel import ids, text
from lienthu.protocols.sru.cql import Clause, Modifier, Query, SortKey
from lienthu.protocols.sru.diagnostics import Diagnostic
from lienthu.search import (
    Code,
    CodeField,
    Everything,
    Field,
    Node,
    Nothing,
    Pattern,
    Phrase,
    Sort,
    Word,
    Years,
)
from lienthu.search.nodes import conjunction, disjunction, negation
from lienthu.search.values import code_of, digits_of, valid_isbn

YEAR = "year"
Target = Field | CodeField | str

CONTEXT_SETS = {
    "cql": "info:srw/cql-context-set/1/cql-v1.2",
    "dc": "info:srw/cql-context-set/1/dc-v1.1",
    "bath": "http://zing.z3950.org/cql/bath/2.0/",
    "rec": "info:srw/cql-context-set/2/rec-1.1",
}
_OTHER_NAMES = {
    "info:srw/cql-context-set/1/cql-v1.1": "cql",
    "info:srw/cql-context-set/1/dc-v1.0": "dc",
    "http://purl.org/dc/elements/1.1/": "dc",
    "info:srw/cql-context-set/2/rec-1.0": "rec",
}
_SETS_BY_ADDRESS = {address: name for name, address in CONTEXT_SETS.items()} | _OTHER_NAMES

INDEXES: dict[str, Target] = {
    "cql.serverchoice": Field.ANY, "cql.anywhere": Field.ANY, "cql.keywords": Field.ANY, "cql.anyindexes": Field.ANY,
    "dc.title": Field.TITLE, "dc.creator": Field.AUTHOR, "dc.contributor": Field.AUTHOR, "dc.subject": Field.SUBJECT,
    "dc.publisher": Field.PUBLISHER, "dc.date": YEAR, "dc.language": CodeField.LANGUAGE,
    "dc.identifier": CodeField.NUMBER,
    "bath.isbn": CodeField.ISBN, "bath.issn": CodeField.ISSN, "bath.any": Field.ANY, "bath.title": Field.TITLE,
    "bath.name": Field.AUTHOR, "bath.author": Field.AUTHOR, "bath.subject": Field.SUBJECT,
    "rec.identifier": CodeField.RECORD,
}  # fmt: skip
_ALL_RECORDS = "cql.allrecords"
_RESULT_SET = "cql.resultsetid"
# What a name without a prefix means, the first set that has it.
_DEFAULT_SETS = ("cql", "dc", "bath", "rec")

MAX_PATTERNS = 8
PATTERN_LETTERS = 2
_WHOLE = frozenset({"exact", "=="})
_ADJACENT = frozenset({"=", "scr", "adj"})
_COMPARING = frozenset({"<", ">", "<=", ">="})
_RELATIONS = _WHOLE | _ADJACENT | _COMPARING | {"all", "any", "<>", "within"}
# Modifiers that ask for what happens anyway, and the one that asks for these marks only.
_HARMLESS = frozenset({
    "ignorecase", "ignoreaccents", "masked", "word", "string", "relevant", "number", "isodate", "unstemmed",
})  # fmt: skip
_EXACT_MARKS = "respectaccents"
_YEAR = re.compile(r"(\d{4})(?:-\d\d(?:-\d\d)?)?")
_MASKED_YEAR = re.compile(r"(\d{2,3})(?:\*|\?{1,2})")


@dataclass(frozen=True, slots=True)
class _Term:
    """A term without its escapes; `signs` are the places of signs that mask, and `anchors` of those that anchor."""

    text: str
    signs: frozenset[int]
    has_anchor: bool

    @classmethod
    def read(cls, written: str) -> "_Term":
        letters: list[str] = []
        signs: set[int] = set()
        anchored = escaped = False
        for letter in written:
            if escaped:
                if letter not in '*?"\\^':
                    raise Diagnostic(26, letter)
                letters.append(letter)
                escaped = False
            elif letter == "\\":
                escaped = True
            else:
                if letter in "*?":
                    signs.add(len(letters))
                anchored |= letter == "^"
                letters.append(letter)
        return cls("".join(letters), frozenset(signs), anchored)

    def words(self) -> list["_Term"]:
        return [
            _Term(found[0], frozenset(at - found.start() for at in self.signs if at in range(*found.span())), False)
            for found in re.finditer(r"\S+", self.text)
        ]


class Translation:
    """One query being translated; counts the patterns, which are dear."""

    def __init__(self) -> None:
        self._patterns = 0

    def node(self, query: Query) -> Node:
        """The tree. Raises Diagnostic. The depth of the recursion is bounded by the parser."""
        if isinstance(query, Clause):
            return self._clause(query)
        if query.operator == "prox":
            raise Diagnostic(39)
        if query.modifiers and not all(one.name.removeprefix("rel.") == "algorithm" for one in query.modifiers):
            raise Diagnostic(46, query.modifiers[0].name)
        left, right = self.node(query.left), self.node(query.right)
        if query.operator == "or":
            return disjunction([left, right])
        return conjunction([left, negation(right) if query.operator == "not" else right])

    def _clause(self, clause: Clause) -> Node:
        name = index_name(clause)
        relation = clause.relation.removeprefix("cql.") or "="
        if name == _RESULT_SET:
            raise Diagnostic(50)
        if name == _ALL_RECORDS:
            return Everything()
        if relation not in _RELATIONS:
            raise Diagnostic(19, clause.relation)
        exact = _exact_marks(clause.modifiers)
        term = _Term.read(clause.term)
        if not term.text.strip():
            raise Diagnostic(27)
        if term.has_anchor:
            raise Diagnostic(31)
        if relation == "<>":
            return negation(self._search(INDEXES[name], "=", term, exact=exact))
        return self._search(INDEXES[name], relation, term, exact=exact)

    def _search(self, target: Target, relation: str, term: _Term, *, exact: bool) -> Node:
        if target == YEAR:
            return _years(relation, term)
        if relation in _COMPARING or relation == "within":
            raise Diagnostic(22, relation)
        if isinstance(target, CodeField):
            return _codes(target, relation, term)
        return self._text(Field(target), relation, term, exact=exact)

    def _text(self, field: Field, relation: str, term: _Term, *, exact: bool) -> Node:
        if term.text.strip() == "*" and term.signs and field is Field.ANY:
            return Everything()
        if relation in _WHOLE:
            return _whole(field, term)
        words = term.words()
        if relation == "any":
            return disjunction([self._word(field, word, exact=exact) for word in words])
        # The server chooses for `=`: adjacent, unless a sign in it asks for any word of a kind.
        if relation == "all" or term.signs:
            if relation == "adj":
                raise Diagnostic(28, term.text)
            return conjunction([self._word(field, word, exact=exact) for word in words])
        if field is Field.ANY and valid_isbn(digits_of(term.text)) and (isbn := code_of(CodeField.ISBN, term.text)):
            return isbn
        if len(words) == 1:
            return self._word(field, words[0], exact=exact)
        return Phrase(term.text.lower(), field, exact) if text.exact_key(term.text) else _unusable(term.text)

    def _word(self, field: Field, word: _Term, *, exact: bool) -> Node:
        if not word.signs:
            return Word(word.text.lower(), field, exact) if text.exact_key(word.text) else _unusable(word.text)
        self._patterns += 1
        if self._patterns > MAX_PATTERNS:
            raise Diagnostic(30, str(MAX_PATTERNS))
        if len(text.exact_key(word.text[: min(word.signs)])) < PATTERN_LETTERS:
            raise Diagnostic(29, word.text)
        bare = "".join(letter for at, letter in enumerate(word.text) if at not in word.signs)
        if not bare.isalnum():
            raise Diagnostic(28, word.text)
        return Pattern(re.sub(r"\*[*?]+|\?+\*[*?]*", "*", word.text.lower()), field, exact)


def _exact_marks(modifiers: tuple[Modifier, ...]) -> bool:
    exact = False
    for one in modifiers:
        name = one.name.removeprefix("cql.").removeprefix("rel.")
        if name not in _HARMLESS and name != _EXACT_MARKS:
            raise Diagnostic(20, one.name)
        exact |= name == _EXACT_MARKS
    return exact


def _unusable(word: str) -> Node:
    raise Diagnostic(36, word)


def _whole(field: Field, term: _Term) -> Node:
    """exact, ==: the whole title or subject; elsewhere these words side by side with these marks."""
    if term.signs:
        raise Diagnostic(28, term.text)
    if field is Field.TITLE:
        return code_of(CodeField.WHOLE_TITLE, term.text) or _unusable(term.text)
    if field is Field.SUBJECT:
        return Code(CodeField.WHOLE_SUBJECT, text.normalise(term.text))
    return Phrase(term.text.lower(), field, True) if text.exact_key(term.text) else _unusable(term.text)


def _codes(field: CodeField, relation: str, term: _Term) -> Node:
    if term.signs:
        raise Diagnostic(28, term.text)
    values = term.text.split() if relation in ("any", "all") else [term.text.strip()]
    found = [_code(field, value) for value in values]
    return disjunction(found) if relation == "any" else conjunction(found)


def _code(field: CodeField, value: str) -> Node:
    if field is CodeField.RECORD:
        number = ids.decode(value)
        return Code(field, str(number)) if number is not None else Nothing()
    # A language by a name that nobody knows, or a number of signs alone, is no error: nothing has it.
    return code_of(field, value) or Nothing()


def _years(relation: str, term: _Term) -> Node:
    words = term.text.split()
    if relation in ("any", "all"):
        found = [_year_span(word) for word in words]
        return disjunction(list(found)) if relation == "any" else conjunction(list(found))
    if relation == "within":
        if len(words) != 2:
            raise Diagnostic(36, term.text)
        first, last = (_year_span(word) for word in words)
        return Years(first.low, last.high)
    if len(words) != 1:
        raise Diagnostic(36, term.text)
    span = _year_span(words[0])
    return _COMPARED[relation](span)


_COMPARED: dict[str, Callable[[Years], Node]] = {
    "<": lambda span: Years(None, (span.low or 0) - 1),
    "<=": lambda span: Years(None, span.high),
    ">": lambda span: Years((span.high or 0) + 1, None),
    ">=": lambda span: Years(span.low, None),
    **dict.fromkeys(_ADJACENT | _WHOLE, lambda span: span),
}


def _year_span(word: str) -> Years:
    if plain := _YEAR.fullmatch(word):
        return Years(int(plain[1]), int(plain[1]))
    if masked := _MASKED_YEAR.fullmatch(word):
        return Years(int(masked[1].ljust(4, "0")), int(masked[1].ljust(4, "9")))
    raise Diagnostic(36, word)


def index_name(clause: Clause) -> str:
    """The full name of the index of a clause. Raises Diagnostic (15, 16)."""
    if not clause.index:
        return "cql.serverchoice"
    prefix, dot, name = clause.index.lower().rpartition(".")
    if not dot:
        return _unprefixed(clause, name)
    chosen = _context_set(clause, prefix)
    full = f"{chosen}.{name}"
    if full not in INDEXES and full not in (_ALL_RECORDS, _RESULT_SET):
        raise Diagnostic(16, clause.index)
    return full


def _unprefixed(clause: Clause, name: str) -> str:
    given = next((address for prefix, address in reversed(clause.prefixes) if not prefix), "")
    sets = (_SETS_BY_ADDRESS[given],) if given in _SETS_BY_ADDRESS else _DEFAULT_SETS
    for one in sets:
        if f"{one}.{name}" in INDEXES or f"{one}.{name}" in (_ALL_RECORDS, _RESULT_SET):
            return f"{one}.{name}"
    raise Diagnostic(16, clause.index)


def _context_set(clause: Clause, prefix: str) -> str:
    for name, address in reversed(clause.prefixes):
        if name == prefix:
            if address not in _SETS_BY_ADDRESS:
                raise Diagnostic(15, address)
            return _SETS_BY_ADDRESS[address]
    if prefix not in CONTEXT_SETS:
        raise Diagnostic(15, prefix)
    return prefix


_SORTS: dict[tuple[str, bool], Sort] = {
    ("title", True): Sort.TITLE,
    ("date", True): Sort.YEAR_ASC,
    ("date", False): Sort.YEAR_DESC,
}


def sort_of(keys: tuple[SortKey, ...]) -> Sort:
    """The order that `sortBy` asks for. Raises Diagnostic."""
    if not keys:
        return Sort.RELEVANCE
    ascending = True
    for one in keys[0].modifiers:
        name = one.name.removeprefix("sort.")
        if name in ("ascending", "descending"):
            ascending = name == "ascending"
        elif name not in ("ignorecase", "missinghigh"):
            raise Diagnostic(80, one.name)
    return _sort(keys[0].index.lower().removeprefix("dc."), ascending, count=len(keys))


def sort_of_keys(written: str) -> Sort:
    """The order that the parameter `sortKeys` of 1.1 asks for: `path,schema,ascending,…` parted by blanks."""
    keys = written.split()
    if not keys:
        return Sort.RELEVANCE
    path, _schema, direction = (*keys[0].split(","), "", "")[:3]
    if direction not in ("", "0", "1"):
        raise Diagnostic(90, direction)
    return _sort(path.strip("/").lower().removeprefix("dc."), direction != "0", count=len(keys))


def _sort(name: str, ascending: bool, *, count: int) -> Sort:
    if count > 1:
        raise Diagnostic(84, "1")
    if name not in ("title", "date"):
        raise Diagnostic(88, name)
    if (name, ascending) not in _SORTS:
        raise Diagnostic(90, name)
    return _SORTS[name, ascending]
