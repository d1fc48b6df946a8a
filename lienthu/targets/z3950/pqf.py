"""A question as PQF, the prefix notation of YAZ: every word of a person is a quoted term, nothing of it is syntax."""

import re
from collections.abc import Mapping, Sequence

from lienthu.targets.policy.asking import Clause, Question

DEFAULT_INDEXES = {"isbn": "1=7", "issn": "1=8", "title": "1=4", "author": "1=1003", "year": "1=31", "any": "1=1016"}
"""Use attributes of Bib-1 (the numbers of the Bath profile)."""

ATTRIBUTES = re.compile(r"[1-9][0-9]?=[0-9]{1,5}(?:,[1-9][0-9]?=[0-9]{1,5}){0,7}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")


def query_of(question: Question, indexes: Mapping[str, str]) -> str:
    """The clauses joined by @and, the spellings of one number by @or; "" when the target knows no index for any."""
    return _joined("@and", [_any_of(clause, indexes) for clause in _words(question.clauses_for(indexes))])


def _words(wanted: Sequence[Clause]) -> list[Clause]:
    """Words are asked for one by one: what a server does with two words in one term nobody knows."""
    clauses: list[Clause] = []
    for clause in wanted:
        if clause.is_text:
            clauses += [Clause(clause.index, (word,), is_text=True) for word in clause.words]
        else:
            clauses.append(clause)
    return clauses


def _any_of(clause: Clause, indexes: Mapping[str, str]) -> str:
    return _joined("@or", [_term(indexes[clause.index], text) for text in clause.texts])


def _joined(operator: str, parts: Sequence[str]) -> str:
    return " ".join([*[operator] * (len(parts) - 1), *parts])


def _term(attributes: str, text: str) -> str:
    if not ATTRIBUTES.fullmatch(attributes):
        raise ValueError(f"not attributes: {attributes}")
    named = " ".join(f"@attr {pair}" for pair in attributes.split(","))
    return f"{named} {quoted(text)}"


def quoted(text: str) -> str:
    """A term in quotes. A backslash before a quote or a backslash is all that PQF knows inside them."""
    plain = _UNPRINTABLE.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
