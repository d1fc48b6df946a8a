"""Reads CQL 1.2 (as in SRU 1.1, 1.2 and 2.0) into a tree. Length, depth and number of clauses are bounded.

    query   ::= prefix* clause ((and | or | not | prox) modifiers clause)* ["sortby" key+]
    clause  ::= "(" query ")" | index relation modifiers term | term

All operators bind alike, from the left. Nothing is looked up here: what the names mean is `translation`'s business.
"""

import re
from dataclasses import dataclass, replace

from lienthu.protocols.sru.diagnostics import Diagnostic

MAX_CHARACTERS = 30_000
MAX_DEPTH = 50
MAX_CLAUSES = 100

_BOOLEANS = frozenset({"and", "or", "not", "prox"})
_SYMBOLS = frozenset({"=", "==", "<>", "<", ">", "<=", ">="})
_TOKEN = re.compile(
    r"""\s*(?:(?P<symbol>==|<>|<=|>=|[=<>()/])|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<word>[^\s()=<>"/]+)|(?P<stray>\S))""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Modifier:
    """`/name` or `/name=value`, the name in small letters."""

    name: str
    symbol: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One search; index and relation are empty where the server shall choose. `term` has its escapes still."""

    term: str
    index: str = ""
    relation: str = ""
    modifiers: tuple[Modifier, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    """(prefix, address of the context set) in force here; the later one wins."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Two queries and the operator between them: and, or, not, prox."""

    operator: str
    left: "Query"
    right: "Query"
    modifiers: tuple[Modifier, ...] = ()


Query = Clause | Combination


@dataclass(frozen=True, slots=True)
class SortKey:
    """One index to sort by."""

    index: str
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Sorted:
    """A whole query with its order."""

    query: Query
    keys: tuple[SortKey, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    is_symbol: bool = False
    is_quoted: bool = False

    def is_word(self, *words: str) -> bool:
        return not self.is_symbol and not self.is_quoted and self.text.lower() in words


_END = _Token("", is_symbol=True)


def parse(text: str) -> Sorted:
    """Read a whole query. Raises Diagnostic (10, 12, 13, 14, 27, 38)."""
    if len(text) > MAX_CHARACTERS:
        raise Diagnostic(12, str(MAX_CHARACTERS))
    parser = _Parser(_tokens(text))
    return parser.whole()


def parse_clause(text: str) -> Clause:
    """Read the one clause of a scan. Raises Diagnostic."""
    read = parse(text)
    if not isinstance(read.query, Clause) or read.keys:
        raise Diagnostic(10, "scanClause")
    return read.query


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        if match["stray"] is not None:
            # The only sign that no rule takes is a quotation mark without its partner.
            raise Diagnostic(14, match["stray"])
        if match["quoted"] is not None:
            found.append(_Token(match["quoted"], is_quoted=True))
        elif match["word"] is not None:
            found.append(_Token(match["word"]))
        else:
            found.append(_Token(match["symbol"], is_symbol=True))
    return found


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._clauses = 0

    def whole(self) -> Sorted:
        query = self._query(depth=0, prefixes=())
        keys: list[SortKey] = []
        if self._here().is_word("sortby"):
            self._at += 1
            while self._here() is not _END:
                keys.append(SortKey(self._text(), self._modifiers()))
            if not keys:
                raise Diagnostic(10, "sortBy")
        if self._here() is not _END:
            raise Diagnostic(13 if self._here().text == ")" else 10, self._here().text)
        return Sorted(query, tuple(keys))

    def _here(self, ahead: int = 0) -> _Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else _END

    def _symbol(self, *symbols: str) -> bool:
        return self._here().is_symbol and self._here().text in symbols

    def _text(self) -> str:
        """The word or quotation that must stand here."""
        token = self._here()
        if token.is_symbol:
            raise Diagnostic(13 if token.text == ")" else 10, token.text)
        self._at += 1
        return token.text

    def _query(self, *, depth: int, prefixes: tuple[tuple[str, str], ...]) -> Query:
        while self._symbol(">"):
            prefixes = (*prefixes, self._prefix())
        query = self._clause(depth=depth, prefixes=prefixes)
        while self._here().is_word(*_BOOLEANS):
            operator = self._text().lower()
            modifiers = self._modifiers()
            right = self._clause(depth=depth, prefixes=prefixes)
            query = Combination(operator, query, right, modifiers)
        return query

    def _prefix(self) -> tuple[str, str]:
        self._at += 1
        name = self._text()
        if not self._symbol("="):
            return "", name
        self._at += 1
        return name.lower(), self._text()

    def _clause(self, *, depth: int, prefixes: tuple[tuple[str, str], ...]) -> Query:
        if self._symbol("("):
            if depth >= MAX_DEPTH:
                raise Diagnostic(13, f"more than {MAX_DEPTH} deep")
            self._at += 1
            query = self._query(depth=depth + 1, prefixes=prefixes)
            if not self._symbol(")"):
                raise Diagnostic(13, ")")
            self._at += 1
            return query
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            raise Diagnostic(38, str(MAX_CLAUSES))
        return replace(self._search(), prefixes=prefixes)

    def _search(self) -> Clause:
        first = self._here()
        if first.is_word(*_BOOLEANS, "sortby"):
            raise Diagnostic(10, first.text)
        term = self._text()
        relation = self._relation()
        if not relation:
            return Clause(term=term)
        modifiers = self._modifiers()
        return Clause(index=term, relation=relation, modifiers=modifiers, term=self._text())

    def _relation(self) -> str:
        """The relation that stands here, if one does: a sign, or a word that is no operator."""
        token = self._here()
        if token.is_quoted or token is _END:
            return ""
        if token.is_symbol:
            if token.text not in _SYMBOLS:
                return ""
        elif token.is_word(*_BOOLEANS, "sortby"):
            return ""
        self._at += 1
        return token.text.lower()

    def _modifiers(self) -> tuple[Modifier, ...]:
        found: list[Modifier] = []
        while self._symbol("/"):
            self._at += 1
            name = self._text().lower()
            if self._here().is_symbol and self._here().text in _SYMBOLS:
                symbol = self._here().text
                self._at += 1
                found.append(Modifier(name, symbol, self._text()))
            else:
                found.append(Modifier(name))
        return tuple(found)
