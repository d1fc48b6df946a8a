"""Cuts a typed query into words, phrases, parentheses, operators and fields. Reads anything; judges nothing."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from lienthu.kernel import text
from lienthu.search.nodes import Code, CodeField, Field, Note, Years
from lienthu.search.values import code_value, digits_of, valid_isbn, years_value
from lienthu.search.vocabulary import (
    ENGLISH_OPERATORS,
    FIELD_NAMES,
    LONGEST_FIELD_NAME,
    OPERATORS,
    WRITTEN_TIGHT,
    YEAR,
)


class Kind(Enum):
    """What a piece of the query is."""

    WORD = auto()
    PHRASE = auto()
    VALUE = auto()
    FIELD = auto()
    OPERATOR = auto()
    OPEN = auto()
    CLOSE = auto()


@dataclass(frozen=True, slots=True)
class Item:
    """One piece; `sign` is `+`, `-` or empty, `value` what a field code or an operator stands for."""

    kind: Kind
    text: str = ""
    sign: str = ""
    exact: bool = False
    value: Field | str | Years | Code | None = None


_LETTERS = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"', "＂": '"', "：": ":", "（": "(", "）": ")", "＊": "*",
})  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PIECE = re.compile(
    r"""(?P<sign>(?<!\S)[+\-]+|(?<=\()[+\-]+)?
    (?:(?P<equals>=+)?"(?P<phrase>[^"]*)(?P<closed>"?)
      |(?P<open>\()|(?P<close>\))
      |(?P<word>[^\s"()]+))""",
    re.VERBOSE,
)
_ISBN = re.compile(r"(?<![^\s(])(?:isbn\s*:?\s*)?((?:97[89][ -]?)?(?:\d[ -]?){9}[\dXx])(?=[\s)]|$)", re.IGNORECASE)


def cleaned(query: str) -> str:
    """The query in one normal form: NFC, straight quotes, no control signs."""
    plain = _CONTROL.sub(" ", query)
    if plain.isascii():
        return plain
    return text.normalise(plain.translate(_LETTERS))


class Lexer:
    """One pass over one query."""

    def __init__(self, query: str) -> None:
        self._query = self._with_isbns_named(query)
        self._capitals = _only_capitals(query)
        self._items: list[Item] = []
        self.notes: list[Note] = []

    def items(self) -> list[Item]:
        """All pieces in order."""
        at = 0
        while found := _PIECE.search(self._query, at):
            at = max(self._take(found), at + 1)
        return self._items

    def _with_isbns_named(self, query: str) -> str:
        if not any(sign.isdigit() for sign in query):
            return query
        return _ISBN.sub(self._isbn_named, query)

    @staticmethod
    def _isbn_named(found: re.Match[str]) -> str:
        number = digits_of(found[1])
        quoted = found.string.count('"', 0, found.start()) % 2
        return found[0] if quoted or not valid_isbn(number) else f" isbn:{number} "

    def _take(self, found: re.Match[str]) -> int:
        sign = (found["sign"] or "")[:1]
        if found["phrase"] is not None:
            if not found["closed"]:
                self.notes.append(Note("unclosed_quote"))
            self._items.append(Item(Kind.PHRASE, found["phrase"], sign, exact=bool(found["equals"])))
        elif found["open"]:
            self._items.append(Item(Kind.OPEN, sign=sign))
        elif found["close"]:
            self._items.append(Item(Kind.CLOSE))
        else:
            return self._take_word(found["word"], sign, start=found.start("word"))
        return found.end()

    def _take_word(self, word: str, sign: str, *, start: int) -> int:
        if ":" in word:
            return self._take_colon(word, sign, start=start)
        if not sign and (operator := OPERATORS.get(word)) and (not self._capitals or word in ENGLISH_OPERATORS):
            self._items.append(Item(Kind.OPERATOR, word, value=operator))
        else:
            self._push_word(word, sign)
        return start + len(word)

    def _push_word(self, word: str, sign: str) -> None:
        exact = word.startswith("=")
        if word := word.lstrip("=+"):
            self._items.append(Item(Kind.WORD, word.lower(), sign, exact))

    def _take_colon(self, word: str, sign: str, *, start: int) -> int:
        name, rest = word.split(":", 1)
        after = start + len(name) + 1
        before = self._words_before()
        known = False
        for count in range(min(len(before), LONGEST_FIELD_NAME - bool(name)), -1, -1):
            syllables = [item.text for item in before[len(before) - count :]] + ([name] if name else [])
            field = _field_named(syllables, tight=bool(rest) or self._query[after : after + 1] in {'"', "("})
            known = known or field is not None
            end = self._take_field(field, after, drop=count, sign=sign) if field is not None else None
            if end is not None:
                return end
        if name:
            self._take_word(name, sign, start=start)
        if known:
            self.notes.append(Note("unknown_value", rest))
        elif name.isalpha() and rest[:1].isalnum():
            self.notes.append(Note("unknown_field", name))
        return after

    def _words_before(self) -> list[Item]:
        words: list[Item] = []
        for item in reversed(self._items[-LONGEST_FIELD_NAME:]):
            if item.kind is not Kind.WORD or item.exact or not item.text.isalpha():
                break
            words.insert(0, item)
            if item.sign:
                break
        return words

    def _take_field(self, field: Field | CodeField | str, after: int, *, drop: int, sign: str) -> int | None:
        """Push the field, or its value where it holds codes; None when what follows is no value of it."""
        sign = sign or (self._items[-drop].sign if drop else "")
        if self._query[after:].lstrip()[:1] == "(" or isinstance(field, Field):
            self._drop(drop)
            self._items.append(Item(Kind.FIELD, sign=sign, value=field))
            return after
        read = years_value(self._query, after) if field == YEAR else code_value(CodeField(field), self._query, after)
        if read is None:
            return None
        value, end = read
        self._drop(drop)
        self._items.append(Item(Kind.VALUE, sign=sign, value=value))
        return end

    def _drop(self, count: int) -> None:
        if count:
            del self._items[-count:]


def _only_capitals(query: str) -> bool:
    """Whether all words but the operators are in capitals, so that VÀ or KHÔNG is a word of a title."""
    rest = " ".join(word for word in query.split() if word not in OPERATORS)
    return rest.isupper()


def _field_named(syllables: list[str], *, tight: bool) -> Field | CodeField | str | None:
    if not syllables:
        return None
    typed = "".join(syllables).lower()
    field = FIELD_NAMES.get(typed)
    if field is None:
        field = FIELD_NAMES.get(text.folded_key(" ".join(syllables)).replace(" ", ""))
        if field is not None and text.folded_key(typed) in WRITTEN_TIGHT and typed not in WRITTEN_TIGHT.values():
            return None
    if typed in WRITTEN_TIGHT and not tight:
        return None
    return field
