"""Real records as search documents, and real questions drawn from their words."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthu.catalogue.marc import RawRecord, describe, open_records
from lienthu.kernel import text
from lienthu.search import Document

LIBRARIES = 30
SEED = 20_250_701


@dataclass(frozen=True, slots=True)
class Row:
    """The folded words of one record, as every peer gets them: they need no Vietnamese analysis of their own."""

    id: int
    title: str
    author: str
    subject: str
    rest: str
    isbn: str
    year: int | None
    type: str
    languages: tuple[str, ...]
    libraries: tuple[str, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question in the form each engine can put in its own language. `words` are folded."""

    kind: str
    typed: str
    words: tuple[str, ...] = ()
    phrase: bool = False
    prefix: bool = False
    by_year: bool = False
    author: str = ""
    year: int = 0
    isbn: str = ""
    library: str = ""
    """With `language`, a choice made beside the words."""
    language: str = ""
    facets: bool = False
    """Five groups of counts beside the answer."""


def documents(path: Path, count: int) -> Iterator[Document]:
    """The first records of the file, spread over libraries."""
    number = 0
    with path.open("rb") as file:
        for item in open_records(file):
            if isinstance(item, RawRecord):
                number += 1
                yield _document(number, item)
                if number == count:
                    return


def _document(number: int, raw: RawRecord) -> Document:
    found = describe(raw.record)
    libraries = tuple(f"VN-TQ-{(number * 7 + step * 11) % LIBRARIES:02}" for step in range(1 + number % 3))
    return Document(
        id=number,
        title=f"{found.title} : {found.subtitle}" if found.subtitle else found.title,
        alternate_titles=found.other_titles,
        authors=found.author_headings or found.authors,
        subjects=found.subjects,
        publisher=" ".join(filter(None, (found.publisher, found.place))),
        series=found.series,
        notes=[note for note in (*found.notes, found.abstract, found.responsibility) if note],
        isbns=found.isbn,
        ddc=found.ddc,
        languages=found.language,
        type=found.type,
        year=found.year,
        libraries=libraries,
        available_at=libraries[:1] if number % 2 else (),
        digital=number % 40 == 0,
        added_on=738_000 + number // 1_000,
        title_sort=text.sort_key(found.title[found.nonfiling :]),
    )


def row_of(document: Document) -> Row:
    """The same words for the peers."""
    return Row(
        document.id,
        _folded(document.title, *document.alternate_titles),
        _folded(*document.authors),
        _folded(*document.subjects),
        _folded(document.publisher, *document.series, *document.notes),
        document.isbns[0] if document.isbns else "",
        document.year,
        document.type,
        tuple(document.languages),
        tuple(document.libraries),
        tuple(dict.fromkeys(document.subjects)),
    )


def _folded(*values: str) -> str:
    return " ".join(filter(None, map(text.folded_key, values)))


def questions(sample: list[Document], each: int) -> list[Question]:
    """`each` questions of every kind, always the same for the same records."""
    chance = random.Random(SEED)
    found: list[Question] = []
    for draw in _draws():
        drawn: dict[str, Question] = {}
        # Few records have marks in a small sample; a kind that yields too little stays short.
        for _ in range(each * 400):
            question = draw(chance, chance.choice(sample))
            if question:
                drawn.setdefault(question.typed, question)
            if len(drawn) == each:
                break
        found.extend(drawn.values())
    return found


def _draws() -> list["_Draw"]:
    """The kinds of questions, one function each."""
    plain = [_words(1), _words(2), _words(3), _marked(1), _marked(2), _phrase, _author_year, _prefix, _isbn]
    return [*plain, _sorted_by_year, _in_a_library, _with_facets]


_Draw = Callable[[random.Random, Document], Question | None]


def _tokens(value: str) -> list[str]:
    return [token for token in text.exact_key(value).split() if token.isalpha() and len(token) > 1]


def _run(chance: random.Random, tokens: list[str], count: int) -> list[str]:
    if len(tokens) < count:
        return []
    start = chance.randrange(len(tokens) - count + 1)
    return tokens[start : start + count]


def _asked(kind: str, tokens: list[str], **more: Any) -> Question | None:
    if not tokens:
        return None
    return Question(kind=kind, typed=" ".join(tokens), words=tuple(map(text.folded_key, tokens)), **more)


def _words(count: int) -> _Draw:
    def draw(chance: random.Random, document: Document) -> Question | None:
        plain = [text.folded_key(token) for token in _run(chance, _tokens(document.title), count)]
        return _asked(f"{count} word{'s' * (count > 1)}, no marks", plain)

    return draw


def _marked(count: int) -> _Draw:
    def draw(chance: random.Random, document: Document) -> Question | None:
        tokens = _run(chance, _tokens(document.title), count)
        marked = any(not token.isascii() and text.folded_key(token).isascii() for token in tokens)
        return _asked(f"{count} word{'s' * (count > 1)}, marks", tokens) if marked else None

    return draw


def _phrase(chance: random.Random, document: Document) -> Question | None:
    tokens = text.folded_key(document.title).split()
    run = _run(chance, tokens, 2) if all(token.isalpha() for token in tokens) else []
    found = _asked("phrase", run, phrase=True)
    return found and Question(kind=found.kind, typed=f'"{found.typed}"', words=found.words, phrase=True)


def _author_year(chance: random.Random, document: Document) -> Question | None:
    names = [token for author in document.authors[:1] for token in _tokens(text.folded_key(author)) if len(token) > 2]
    if not names or not document.year:
        return None
    year = document.year
    return Question(
        kind="author, years", typed=f"tác giả:{names[0]} năm:{year - 2}-{year + 2}", author=names[0], year=year
    )


def _prefix(chance: random.Random, document: Document) -> Question | None:
    tokens = [token for token in _tokens(text.folded_key(document.title)) if len(token) > 5]
    if not tokens:
        return None
    stem = chance.choice(tokens)[:4]
    return Question(kind="prefix", typed=f"{stem}*", words=(stem,), prefix=True)


def _isbn(_chance: random.Random, document: Document) -> Question | None:
    return Question(kind="ISBN", typed=document.isbns[0], isbn=document.isbns[0]) if document.isbns else None


def _sorted_by_year(chance: random.Random, document: Document) -> Question | None:
    plain = [text.folded_key(token) for token in _run(chance, _tokens(document.title), 1)]
    return _asked("sorted by year", plain, by_year=True)


def _in_a_library(chance: random.Random, document: Document) -> Question | None:
    plain = [text.folded_key(token) for token in _run(chance, _tokens(document.title), 1)]
    if not document.languages:
        return None
    chosen = {"library": chance.choice(list(document.libraries)), "language": document.languages[0]}
    return _asked("library, language", plain, **chosen)


def _with_facets(chance: random.Random, document: Document) -> Question | None:
    count = chance.choice((1, 2))
    plain = [text.folded_key(token) for token in _run(chance, _tokens(document.title), count)]
    return _asked("five facets", plain, facets=True)
