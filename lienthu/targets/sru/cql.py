"""A question as CQL: index, relation, quoted term; nothing that a person typed is syntax."""

import re
from collections.abc import Mapping, Sequence

from lienthu.targets.policy.asking import Clause, Question

DEFAULT_INDEXES = {
    "isbn": "bath.isbn",
    "issn": "bath.issn",
    "title": "dc.title",
    "author": "dc.creator",
    "year": "dc.date",
    "any": "cql.serverChoice",
}

INDEX = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*(?:\.[A-Za-z0-9_\-]+)?(?: (?:=|==|all|any|exact|adj))?")
"""The name of an index, and the relation if it is another than the usual one (`pica.tit =`)."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
# A backslash keeps CQL's own signs (quotes, masking, anchors) from meaning anything.
_SIGNS = re.compile(r'([\\"*?^])')


def query_of(question: Question, indexes: Mapping[str, str]) -> str:
    """All clauses joined by `and`; "" when the target knows no index for any of them."""
    return " and ".join(_clause(clause, indexes[clause.index]) for clause in question.clauses_for(indexes))


def _clause(clause: Clause, index: str) -> str:
    if not INDEX.fullmatch(index):
        raise ValueError(f"not an index: {index}")
    name, _, relation = index.partition(" ")
    if clause.is_text:
        return _of_words(name, relation, clause.words)
    terms = [f"{name} {relation or '='} {quoted(text)}" for text in clause.texts]
    return terms[0] if len(terms) == 1 else f"({' or '.join(terms)})"


def _of_words(name: str, relation: str, words: Sequence[str]) -> str:
    if relation in ("", "all"):
        return f"{name} all {quoted(' '.join(words))}"
    # Another relation is one that the server wants for lack of `all`: then every word is a clause of its own.
    return " and ".join(f"{name} {relation} {quoted(word)}" for word in words)


def quoted(text: str) -> str:
    """A term in quotes with every sign of CQL taken as a letter."""
    return '"' + _SIGNS.sub(r"\\\1", _UNPRINTABLE.sub(" ", text)) + '"'
