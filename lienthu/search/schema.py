"""What the index holds: one document per union record, its fields and their analysis.

Text is analysed in Python by `lienthu.kernel.text` (keys are tokens joined by spaces); tantivy only splits at spaces.
The three tiers cost what they tell apart: `exact` keeps every token with its marks, `toneless` only the tokens whose
letters without tone differ from the exact ones, `every` and the field texts are folded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import tantivy

from lienthu.kernel import text

# Raise when a field, its options or the text analysis changes; an index of another version is rebuilt, never read.
SCHEMA_VERSION = 2

TITLE_SORT_BYTES = 48
"""Bytes of the ICU sort key kept for ordering by title (about as many letters)."""

WHOLE_TITLE = 32
"""Letters by which a title is found while it is typed."""

SHOWN_TITLE = 200
SHOWN_NAMES = 6

NEWEST_ID_BITS = 36
"""`newest` is the day in the high bits and the record id in the low ones, so the order has no ties."""

FIELD_SEPARATOR = "\x1f"
VALUE_SEPARATOR = "\x1e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One union record as the index sees it; nothing in it needs to be normalised beforehand."""

    id: int
    title: str
    alternate_titles: Sequence[str] = ()
    authors: Sequence[str] = ()
    subjects: Sequence[str] = ()
    author_variants: Sequence[str] = ()
    """Other forms of the authors' names: they find the record and are shown nowhere; the same for subjects."""
    subject_variants: Sequence[str] = ()
    publisher: str = ""
    series: Sequence[str] = ()
    notes: Sequence[str] = ()
    isbns: Sequence[str] = ()
    issns: Sequence[str] = ()
    control_numbers: Sequence[str] = ()
    accession_numbers: Sequence[str] = ()
    ddc: Sequence[str] = ()
    languages: Sequence[str] = ()
    type: str = ""
    year: int | None = None
    libraries: Sequence[str] = ()
    available_at: Sequence[str] = ()
    digital: bool = False
    added_on: int = 0
    """Day the record came, as `date.toordinal()`."""
    popularity: int = 0
    """Loans, or any other count of use; 0 when unknown."""
    title_sort: bytes = b""
    """`kernel.text.sort_key` of the title without its non-filing article."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The few words of a record that suggestions and 'more like this' need."""

    title: str
    authors: tuple[str, ...]
    subjects: tuple[str, ...]


# Folded, with positions: every word of the record, and the fields one can ask for by name.
TEXT_FIELDS = ("every", "title", "author", "subject", "publisher", "series")
# Exact marks of those fields in which telling Bến from Bền matters; the rest is told by `exact`.
EXACT_FIELDS = {"title": "title_exact", "author": "author_exact", "subject": "subject_exact"}
# Exact values with counts beside the results.
FACET_FIELDS = ("library", "available", "type", "language", "subject_name")

_WORDS = "words"
_RAW = "raw"
_SORT_ONLY = "sort_only"


def build_schema() -> tantivy.Schema:
    """The tantivy schema of `SCHEMA_VERSION`."""
    builder = tantivy.SchemaBuilder()
    # Signed: tantivy takes a Python int as signed when it deletes by term, and would find nothing in an unsigned field.
    builder.add_integer_field("id", indexed=True, fast=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="position")
    builder.add_text_field("exact", tokenizer_name=_WORDS, index_option="position")
    builder.add_text_field("toneless", tokenizer_name=_WORDS, index_option="freq")
    builder.add_text_field("title_exact", tokenizer_name=_WORDS, index_option="freq")
    builder.add_text_field("author_exact", tokenizer_name=_WORDS, index_option="basic")
    builder.add_text_field("subject_exact", tokenizer_name=_WORDS, index_option="basic")
    builder.add_text_field("title_pairs", tokenizer_name=_WORDS, index_option="basic")
    builder.add_text_field("whole_title", tokenizer_name=_RAW, index_option="basic")
    builder.add_text_field("identifier", tokenizer_name=_RAW, index_option="basic")
    builder.add_text_field("ddc", tokenizer_name=_WORDS, index_option="basic")
    for name in FACET_FIELDS:
        builder.add_text_field(name, tokenizer_name=_RAW, index_option="basic", fast=True)
    builder.add_integer_field("year", fast=True)
    builder.add_boolean_field("digital", indexed=True, fast=True)
    builder.add_text_field("title_sort", tokenizer_name=_SORT_ONLY, index_option="basic", fast=True)
    builder.add_unsigned_field("newest", fast=True)
    builder.add_integer_field("popular", indexed=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def register_analyzers(index: tantivy.Index) -> None:
    """Must follow every open: tantivy keeps the names of analyzers, not the analyzers."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    raw = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).build()
    # Yields no term, so the sort key lives in the column only and not a second time as terms.
    nothing = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"\x00\x00\x00")).build()
    index.register_tokenizer(_WORDS, words)
    index.register_tokenizer(_RAW, raw)
    index.register_tokenizer(_SORT_ONLY, nothing)
    index.register_fast_field_tokenizer(_RAW, raw)
    index.register_fast_field_tokenizer(_SORT_ONLY, raw)


@lru_cache(maxsize=65536)
def folded_token(token: str) -> str:
    """Folded form of one exact token; cached because Vietnamese has few syllables."""
    return text.folded_key(token)


@lru_cache(maxsize=65536)
def toneless_token(token: str) -> str:
    """Form of one exact token without tone."""
    return text.toneless_key(token)


def folded(exact: str) -> str:
    """Folded form of an exact key, with the same tokens."""
    return exact if exact.isascii() else " ".join(map(folded_token, exact.split(" ")))


def whole_title(key: str) -> str:
    """The term that stands for a whole title: its key, of which a long one keeps the beginning and a check sum."""
    return key if len(key) <= WHOLE_TITLE else f"{key[:WHOLE_TITLE]}#{crc32(key.encode()):x}"


def title_proper(title: str) -> str:
    """What stands before the rest of title or the responsibility; empty when there is no such division."""
    cuts = [cut for sign in (": ", " / ", " = ") if (cut := title.find(sign)) > 0]
    return title[: min(cuts)].rstrip() if cuts else ""


def pairs(key: str) -> str:
    """Neighbouring syllables as tokens, `viet_nam`: most Vietnamese words are two syllables, so a pair has a meaning
    and a rarity of its own, and costs one term where a phrase would read positions."""
    tokens = key.split(" ")
    return " ".join(map("_".join, pairwise(tokens)))


def plain_identifier(value: str) -> str:
    """Letters and digits only, upper case: `978-604-1-2` and `TQ.00123` as one types them without signs."""
    return (value if value.isalnum() else "".join(filter(str.isalnum, value)))[:64].upper()


def isbn_forms(value: str) -> tuple[str, ...]:
    """The ISBN as 13 digits where it can be one, else its plain form; both for a number of unknown shape."""
    plain = plain_identifier(value)
    number = plain[:13] if plain[:3] in {"978", "979"} and plain[:13].isdigit() and len(plain) >= 13 else plain[:10]
    if len(number) == 10 and number[:9].isdigit() and (number[9].isdigit() or number[9] == "X"):
        body = "978" + number[:9]
        total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(body))
        return (body + str(-total % 10),)
    return (number,) if number else ()


def _identifiers(document: Document) -> Iterable[str]:
    for value in document.isbns:
        for form in isbn_forms(value):
            yield "i" + form
    for kind, values in (("s", document.issns), ("c", document.control_numbers), ("b", document.accession_numbers)):
        for value in values:
            if plain := plain_identifier(value):
                yield kind + plain


def class_number(value: str) -> str:
    """A class number without blanks, slashes and prime marks: `959.7/03 22` -> `959.7032`."""
    number = value.strip().split(" ")[0] if value.strip() else ""
    return "".join(sign for sign in number if sign.isalnum() or sign == ".")[:24].upper()


def class_steps(value: str) -> str:
    """Every beginning of a class number as tokens, so that a prefix is one term."""
    number = class_number(value)
    return " ".join(number[:end] for end in range(1, len(number) + 1))


def popularity_levels(popularity: int) -> range:
    """Level 1 from 10 uses on, 2 from 100, 3 from 1,000, 4 from 10,000."""
    return range(1, min(len(str(max(0, popularity))), 5))


def encode_shown(document: Document) -> bytes:
    """Stored words of the record, cut to what a suggestion can use."""
    parts = (
        document.title[:SHOWN_TITLE],
        VALUE_SEPARATOR.join(document.authors[:SHOWN_NAMES]),
        VALUE_SEPARATOR.join(document.subjects[:SHOWN_NAMES]),
    )
    return FIELD_SEPARATOR.join(parts).encode()


def decode_shown(stored: bytes) -> Shown:
    """The reverse of `encode_shown`."""
    title, authors, subjects = bytes(stored).decode().split(FIELD_SEPARATOR)
    return Shown(
        title, tuple(filter(None, authors.split(VALUE_SEPARATOR))), tuple(filter(None, subjects.split(VALUE_SEPARATOR)))
    )


def _add_words(target: tantivy.Document, field: str, values: Iterable[str]) -> None:
    exact_field = EXACT_FIELDS.get(field)
    for value in values:
        exact = text.exact_key(value) if value else ""
        if not exact:
            continue
        plain = folded(exact)
        target.add_text("every", plain)
        target.add_text("exact", exact)
        if field != "every":
            target.add_text(field, plain)
        if exact_field:
            target.add_text(exact_field, exact)
        if plain is not exact:
            _add_toneless(target, exact)
        if field == "title":
            target.add_text("title_pairs", pairs(plain))
            _add_whole_titles(target, value, exact, plain)


def _add_toneless(target: tantivy.Document, exact: str) -> None:
    differing = [bare for token in exact.split(" ") if not token.isascii() and (bare := toneless_token(token)) != token]
    if differing:
        target.add_text("toneless", " ".join(differing))


def _add_whole_titles(target: tantivy.Document, title: str, exact: str, plain: str) -> None:
    wholes = {whole_title(exact): None, whole_title(plain): None}
    # The title proper alone too: "Truyện Kiều" is the whole title of "Truyện Kiều : đoạn trường tân thanh".
    if proper := title_proper(title):
        exact = text.exact_key(proper)
        wholes[whole_title(exact)] = wholes[whole_title(folded(exact))] = None
    for whole in filter(None, wholes):
        target.add_text("whole_title", whole)


def to_tantivy(document: Document) -> tantivy.Document:
    """The tantivy document of a union record."""
    target = tantivy.Document()
    target.add_integer("id", document.id)
    _add_words(target, "title", (document.title, *document.alternate_titles))
    _add_words(target, "author", (*document.authors, *document.author_variants))
    _add_words(target, "subject", (*document.subjects, *document.subject_variants))
    _add_words(target, "publisher", (document.publisher,))
    _add_words(target, "series", document.series)
    _add_words(target, "every", document.notes)
    for value in _identifiers(document):
        target.add_text("identifier", value)
    for value in document.ddc:
        target.add_text("ddc", class_steps(value))
    _add_columns(target, document)
    target.add_bytes("shown", encode_shown(document))
    return target


def _add_columns(target: tantivy.Document, document: Document) -> None:
    for field, values in (
        ("library", document.libraries),
        ("available", document.available_at),
        ("language", document.languages),
        ("subject_name", document.subjects),
        ("type", (document.type,)),
    ):
        for value in dict.fromkeys(values):
            if value:
                target.add_text(field, value)
    if document.year is not None:
        target.add_integer("year", document.year)
    if document.digital:
        target.add_boolean("digital", True)
    if document.title_sort:
        target.add_text("title_sort", document.title_sort[:TITLE_SORT_BYTES].decode("latin-1"))
    target.add_unsigned("newest", (document.added_on << NEWEST_ID_BITS) | (document.id & ((1 << NEWEST_ID_BITS) - 1)))
    for level in popularity_levels(document.popularity):
        target.add_integer("popular", level)
