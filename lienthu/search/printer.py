"""Writes a tree as a query that reads back as the same tree; shown to the reader and kept with saved searches."""

import re

from lienthu.kernel import text
from lienthu.search.nodes import (
    And,
    Code,
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
from lienthu.search.vocabulary import CANONICAL_FIELD, YEAR

_PLAIN_WORD = re.compile(r"[^\s\"():*?=“”„«»：（）＊″＂+\-][^\s\"():*?“”„«»：（）＊″＂]*")


def canonical(node: Node) -> str:
    """The one way to write this query, with Vietnamese names and operators."""
    return _written(node, inside=False)


def _written(node: Node, *, inside: bool) -> str:
    match node:
        case Everything():
            return "*"
        case Nothing():
            return '""'
        case And(children):
            return _group(_conjunction(children), inside=inside)
        case Or(children):
            return _group(" HOẶC ".join(_written(child, inside=True) for child in children), inside=inside)
        case Not(child):
            return "KHÔNG " + _written(child, inside=True)
        case Years(low, high):
            return f"{CANONICAL_FIELD[YEAR]}:{_years(low, high)}"
        case Code(field, value):
            return f'{CANONICAL_FIELD[field]}:"{value}"' if " " in value else f"{CANONICAL_FIELD[field]}:{value}"
        case Word() | Phrase() | Pattern():
            written = _words(node)
            if node.field is not Field.ANY:
                return f"{CANONICAL_FIELD[node.field]}:({written})"
            # A question mark at the very end would be read as the end of a question.
            return f"({written})" if written.endswith("?") else written


def _group(written: str, *, inside: bool) -> str:
    return f"({written})" if inside else written


def _conjunction(children: tuple[Node, ...]) -> str:
    """Neighbours in one field share its name: `tác giả:(nguyễn du)`."""
    written: list[str] = []
    run: list[str] = []
    run_field = Field.ANY
    for child in (*children, None):
        field = child.field if isinstance(child, Word | Phrase | Pattern) else Field.ANY
        if run and field is not run_field:
            written.append(f"{CANONICAL_FIELD[run_field]}:({' '.join(run)})")
            run = []
        if child is None:
            break
        if field is Field.ANY:
            written.append(_written(child, inside=True))
        else:
            run_field = field
            run.append(_words(child) if isinstance(child, Word | Phrase | Pattern) else "")
    return " ".join(written)


def _words(node: Word | Phrase | Pattern) -> str:
    sign = "=" if node.exact else ""
    if isinstance(node, Pattern) or (isinstance(node, Word) and _PLAIN_WORD.fullmatch(node.text)):
        return sign + node.text
    plain = node.text.replace('"', " ").strip() if isinstance(node, Phrase) else text.exact_key(node.text)
    return f'{sign}"{plain}"'


def _years(low: int | None, high: int | None) -> str:
    if low is not None and low == high:
        return str(low)
    return f"{'' if low is None else low}..{'' if high is None else high}"
