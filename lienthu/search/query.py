"""Reads what a reader typed into a tree. Every input has a reading; what was read differently is told in notes.

words side by side    all of them            "hát then"        together, in this order
A OR B, A HOẶC B      one of them            NOT A, KHÔNG A, -A   without A (operators in capitals)
( )                   a group                kiê*  ki?u        truncation, one letter
=bến  ="hát then"     these marks only       tác giả: nguyễn du   field for the words up to the next
năm:1990-2000  ddc:959  isbn:…  đkcb:…  ngôn ngữ:việt  thư viện:VN-TQ-TINH  loại:luận văn   sign, field or quote
"""

import re
from dataclasses import dataclass, field
from unicodedata import category

from lienthu.kernel import text
from lienthu.search.lexer import Item, Kind, Lexer, cleaned
from lienthu.search.nodes import (
    Code,
    CodeField,
    Everything,
    Field,
    Node,
    Note,
    Nothing,
    Pattern,
    Phrase,
    Word,
    Years,
    conjunction,
    disjunction,
    negation,
)
from lienthu.search.values import code_of, digits_of, valid_isbn, years_value
from lienthu.search.vocabulary import AND, NOT, OPERATORS, OR, YEAR

MAX_CHARACTERS = 2_000
MAX_TERMS = 200
MAX_DEPTH = 50
MAX_PATTERNS = 8
PATTERN_LETTERS = 2
"""Letters that must stand before the first `*` or `?`, so that a pattern reads a small part of the dictionary."""

_SPECIAL = re.compile(
    r"""["“”„«»():：（）=*＊?<>]|(?<!\S)[+\-]|\d{5}|\d\.\.\d|\d[ -]\d|[\x00-\x1f\x7f-\x9f\ud800-\udfff]"""
)
# With dots it can only mean years; 1945-1975 is a part of many titles.
_YEAR_RANGE = re.compile(r"\d{4}\.\.\d{4}")
# The text analysis keeps these as words: C++, C#.
_SIGNED = re.compile(r"[a-z](?:\+\+|#)")
_WILDCARDS = re.compile(r"[*?]+")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as understood."""

    node: Node
    notes: tuple[Note, ...] = ()


@dataclass(slots=True)
class _Group:
    """An open parenthesis: alternatives so far, the last one still growing."""

    scope: Field | str | None = None
    implied: bool = False
    """Opened by `-tác giả: nam cao`: the minus takes away the words of the field together."""
    negated: bool = False
    alternatives: list[list[Node]] = field(default_factory=lambda: [[]])
    negate_next: bool = False
    ends_with_operator: bool = False


def parse(query: str) -> Parsed:
    """Never raises. An empty query means every record, one without any letter or digit means none."""
    if len(query) <= MAX_CHARACTERS and not _SPECIAL.search(query):
        words = text.normalise(query).lower().split()
        if len(words) <= MAX_TERMS and OPERATORS.keys().isdisjoint(query.split()):
            node = _plain(words)
            return Parsed(node, (Note("no_words"),) if isinstance(node, Nothing) else ())
    return _Parser(query).parsed()


def _plain(words: list[str]) -> Node:
    if not words:
        return Everything()
    return conjunction([Word(_bare(word)) for word in words if _has_letters(word)])


def _bare(word: str) -> str:
    """The word without the signs around it, which say nothing."""
    if word.isalnum():
        return word
    start, end = 0, len(word)
    while start < end and not word[start].isalnum():
        start += 1
    while end > start and not (word[end - 1].isalnum() or category(word[end - 1]).startswith("M")):
        end -= 1
    if end - start == 1 and (signed := _SIGNED.match(word, start)):
        return signed[0]
    # A letter newer than this Python is none to it, yet the text analysis may know it.
    return word[start:end] or word


def _one_word(typed: str, scope: Field, *, exact: bool) -> Node | None:
    """A word, or what only a number can mean; None for signs alone."""
    word = _bare(typed)
    if scope is Field.ANY and _YEAR_RANGE.fullmatch(word) and (years := years_value(word, 0)):
        return years[0]
    if valid_isbn(digits_of(word)):
        return code_of(CodeField.ISBN, word)
    return Word(word, scope, exact) if _has_letters(word) else None


def _has_letters(word: str) -> bool:
    return word.isalnum() or bool(text.exact_key(word))


class _Parser:
    def __init__(self, query: str) -> None:
        self._notes: list[Note] = []
        if len(query) > MAX_CHARACTERS:
            query = query[:MAX_CHARACTERS]
            self._note("too_long", number=MAX_CHARACTERS)
        self._query = cleaned(query)
        self._stack = [_Group()]
        self._scope: Field | str | None = None
        self._skipped_parentheses = 0
        self._terms = 0
        self._patterns = 0

    def parsed(self) -> Parsed:
        lexer = Lexer(self._query)
        items = lexer.items()
        self._notes.extend(lexer.notes)
        if items and all(item.kind is Kind.OPERATOR for item in items):
            items = [Item(Kind.WORD, item.text.lower()) for item in items]
        for at, item in enumerate(items):
            if self._terms >= MAX_TERMS and item.kind in (Kind.WORD, Kind.PHRASE, Kind.VALUE):
                self._note("too_many_words", number=MAX_TERMS)
                break
            self._take(item, last=at == len(items) - 1)
        node = self._finish()
        if isinstance(node, Nothing):
            if not self._query.strip():
                node = Everything()
            elif not self._notes:
                self._note("no_words")
        return Parsed(node, tuple(dict.fromkeys(self._notes)))

    def _note(self, code: str, piece: str = "", *, number: int = 0) -> None:
        self._notes.append(Note(code, piece, number))

    def _take(self, item: Item, *, last: bool) -> None:
        match item.kind:
            case Kind.OPEN:
                self._open(item)
            case Kind.CLOSE:
                self._close()
            case Kind.OPERATOR:
                self._operator(item)
            case Kind.FIELD:
                self._field(item, last=last)
            case _:
                self._operand(item, last=last)

    def _field(self, item: Item, *, last: bool) -> None:
        self._end_scope()
        if item.sign == "-":
            self._push(_Group(implied=True), negated=True)
        self._scope = item.value if isinstance(item.value, Field | str) else None
        if last:
            self._note("empty_field", str(item.value))

    def _end_scope(self) -> None:
        """The words of a field end here."""
        self._scope = None
        if self._stack[-1].implied:
            self._end_group()

    def _operand(self, item: Item, *, last: bool) -> None:
        self._terms += 1
        if item.sign or item.kind is Kind.VALUE:
            self._end_scope()
        scope = self._scope if self._scope is not None else self._stack[-1].scope
        node = self._node(item, scope, last=last)
        if node is not None:
            self._add(node, negated=item.sign == "-")
        if item.kind is Kind.PHRASE:
            self._end_scope()

    def _node(self, item: Item, scope: Field | str | None, *, last: bool) -> Node | None:
        if item.kind is Kind.VALUE:
            return item.value if isinstance(item.value, Years | Code) else None
        if isinstance(scope, CodeField) or scope == YEAR:
            return self._coded(item, scope, last=last)
        words = scope if isinstance(scope, Field) else Field.ANY
        return self._text(item, words, last=last)

    def _text(self, item: Item, scope: Field, *, last: bool) -> Node | None:
        if item.kind is Kind.WORD:
            return self._word(item, scope, last=last)
        if _WILDCARDS.search(item.text):
            self._note("wildcard_in_phrase", item.text.strip())
        if valid_isbn(digits_of(item.text)):
            return code_of(CodeField.ISBN, item.text)
        return Phrase(" ".join(item.text.lower().split()), scope, item.exact) if _has_letters(item.text) else None

    def _coded(self, item: Item, scope: CodeField | str, *, last: bool) -> Node | None:
        if scope == YEAR:
            read = years_value(item.text, 0)
            if read and read[1] == len(item.text):
                return read[0]
        elif code := code_of(CodeField(scope), item.text):
            return code
        self._note("unknown_value", item.text)
        return self._text(item, Field.ANY, last=last)

    def _word(self, item: Item, scope: Field, *, last: bool) -> Node | None:
        if "*" in item.text or "?" in item.text:
            return self._pattern(item, scope, last=last)
        return _one_word(item.text, scope, exact=item.exact)

    def _pattern(self, item: Item, scope: Field, *, last: bool) -> Node | None:
        typed = item.text
        if typed == "*" and scope is Field.ANY:
            return Everything()
        # A question put to the catalogue ends with a question mark; that is no truncation.
        if last and self._terms > 2 and typed.endswith("?") and not _WILDCARDS.search(typed.rstrip("?")):
            typed = typed.rstrip("?")
        stem = _WILDCARDS.split(typed, maxsplit=1)[0]
        bare = _WILDCARDS.sub("", typed)
        if not _has_letters(bare):
            return None
        if stem == typed:
            return _one_word(typed, scope, exact=item.exact)
        if len(text.exact_key(stem)) < PATTERN_LETTERS or not bare.isalnum() or not _WILDCARDS.search(typed):
            self._note("wildcard_too_short", item.text, number=PATTERN_LETTERS)
            return _one_word(bare, scope, exact=item.exact)
        if self._patterns >= MAX_PATTERNS:
            self._note("too_many_wildcards", item.text, number=MAX_PATTERNS)
            return _one_word(bare, scope, exact=item.exact)
        self._patterns += 1
        return Pattern(re.sub(r"\*[*?]+|\?+\*[*?]*", "*", typed), scope, item.exact)

    def _add(self, node: Node, *, negated: bool) -> None:
        group = self._stack[-1]
        if group.negate_next != negated:
            node = negation(node)
        group.negate_next = False
        group.ends_with_operator = False
        group.alternatives[-1].append(node)

    def _operator(self, item: Item) -> None:
        self._end_scope()
        group = self._stack[-1]
        if item.value == NOT:
            group.negate_next = not group.negate_next
            return
        if not group.alternatives[-1] or group.ends_with_operator:
            self._note("stray_operator", item.text)
            return
        group.ends_with_operator = True
        if item.value == OR:
            group.alternatives.append([])
        elif item.value == AND:
            group.negate_next = False

    def _open(self, item: Item) -> None:
        scope = self._scope if self._scope is not None else self._stack[-1].scope
        if len(self._stack) > MAX_DEPTH:
            self._skipped_parentheses += 1
            self._note("too_deep", number=MAX_DEPTH)
        else:
            self._push(_Group(scope=scope), negated=item.sign == "-")
            self._scope = None

    def _push(self, group: _Group, *, negated: bool) -> None:
        parent = self._stack[-1]
        group.negated = parent.negate_next != negated
        parent.negate_next = False
        self._stack.append(group)

    def _close(self) -> None:
        self._end_scope()
        if self._skipped_parentheses:
            self._skipped_parentheses -= 1
        elif len(self._stack) == 1:
            self._note("extra_parenthesis")
        else:
            self._end_group()
            self._end_scope()

    def _end_group(self) -> None:
        group = self._stack.pop()
        node = self._group_node(group)
        if not isinstance(node, Nothing):
            self._stack[-1].negate_next = False
            self._add(node, negated=group.negated)

    def _group_node(self, group: _Group) -> Node:
        if group.negate_next or group.ends_with_operator:
            self._note("stray_operator")
        parts = [conjunction(part) for part in group.alternatives if part]
        return disjunction(parts)

    def _finish(self) -> Node:
        self._end_scope()
        if len(self._stack) > 1:
            self._note("unclosed_parenthesis")
        while len(self._stack) > 1:
            self._end_group()
        return self._group_node(self._stack[0])
