"""CQL as text: what is read from it, and what is refused with which number."""

import pytest

from lienthu.protocols.sru.cql import MAX_CLAUSES, Clause, Combination, Modifier, SortKey, parse
from lienthu.protocols.sru.diagnostics import Diagnostic
from lienthu.protocols.sru.translation import Translation, sort_of, sort_of_keys
from lienthu.search import (
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
    Sort,
    Word,
    Years,
)

T = Field.TITLE


def node(text: str) -> Node:
    return Translation().node(parse(text).query)


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(Diagnostic) as raised:
        read = parse(text)
        Translation().node(read.query)
        sort_of(read.keys)
    return raised.value.number, raised.value.details


def test_operators_bind_alike_from_the_left() -> None:
    assert parse("a or b and c not d").query == Combination(
        "not", Combination("and", Combination("or", Clause("a"), Clause("b")), Clause("c")), Clause("d")
    )
    assert parse("a or (b and c)").query == Combination("or", Clause("a"), Combination("and", Clause("b"), Clause("c")))


def test_modifiers_prefixes_and_order_are_read() -> None:
    read = parse(
        '> t = "info:srw/cql-context-set/1/dc-v1.1" t.title any/respectAccents/x=1 "a b" AND/rel.algorithm=x c'
    )
    assert isinstance(read.query, Combination)
    left = read.query.left
    assert isinstance(left, Clause)
    assert (left.index, left.relation, left.term) == ("t.title", "any", "a b")
    assert left.modifiers == (Modifier("respectaccents"), Modifier("x", "=", "1"))
    assert left.prefixes == (("t", "info:srw/cql-context-set/1/dc-v1.1"),)
    keys = parse("a sortBy dc.date/sort.descending dc.title").keys
    assert keys == (SortKey("dc.date", (Modifier("sort.descending"),)), SortKey("dc.title"))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("kiều", Word("kiều")),
        ('"truyện kiều"', Phrase("truyện kiều")),
        ("title = kiều", Word("kiều", T)),
        ("dc.title = kiều", Word("kiều", T)),
        ("DC.Title=kiều", Word("kiều", T)),
        ('dc.title adj "truyện kiều"', Phrase("truyện kiều", T)),
        ('dc.title all "kiều truyện"', And((Word("kiều", T), Word("truyện", T)))),
        ('dc.title any "kiều then"', Or((Word("kiều", T), Word("then", T)))),
        ('dc.title cql.any "kiều then"', Or((Word("kiều", T), Word("then", T)))),
        ('dc.title <> "kiều"', Not(Word("kiều", T))),
        ("dc.title =/respectAccents bến", Word("bến", T, True)),
        ('dc.title == "Truyện Kiều"', Code(CodeField.WHOLE_TITLE, "truyện kiều")),
        ('dc.title exact "Truyện Kiều"', Code(CodeField.WHOLE_TITLE, "truyện kiều")),
        ('dc.subject exact "Truyện thơ Nôm"', Code(CodeField.WHOLE_SUBJECT, "Truyện thơ Nôm")),
        ('dc.creator exact "Nguyễn Du"', Phrase("nguyễn du", Field.AUTHOR, True)),
        ("truy*", Pattern("truy*")),
        ("dc.creator = nguy?n", Pattern("nguy?n", Field.AUTHOR)),
        ('dc.title = "truy* kiều"', And((Pattern("truy*", T), Word("kiều", T)))),
        (r"dc.title = c\*d", Word("c*d", T)),
        ("dc.date = 1979", Years(1979, 1979)),
        ("dc.date = 1979-05-01", Years(1979, 1979)),
        ("dc.date = 197*", Years(1970, 1979)),
        ("dc.date < 1979", Years(None, 1978)),
        ("dc.date >= 1979", Years(1979, None)),
        ('dc.date within "1970 1980"', Years(1970, 1980)),
        ('dc.date any "1979 1983"', Or((Years(1979, 1979), Years(1983, 1983)))),
        ("dc.language = vie", Code(CodeField.LANGUAGE, "vie")),
        ("bath.isbn = 978-604-101-234-9", Code(CodeField.ISBN, "9786041012349")),
        ("isbn = 6041012340", Code(CodeField.ISBN, "9786041012349")),
        ("bath.issn = 0866-7497", Code(CodeField.ISSN, "08667497")),
        ("9786041012349", Code(CodeField.ISBN, "9786041012349")),
        ("rec.identifier = 00001", Nothing()),
        ("cql.allRecords = 1", Everything()),
        ("*", Everything()),
        ('"and"', Word("and")),
        ("a and b or c", Or((And((Word("a"), Word("b"))), Word("c")))),
        ("a not b", And((Word("a"), Not(Word("b"))))),
    ],
)
def test_clauses_become_questions_to_the_index(text: str, tree: Node) -> None:
    assert node(text) == tree


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a and", 10),
        ("and", 10),
        ("a b", 10),
        ("a =", 10),
        ("/", 10),
        ('"a', 14),
        ("(a", 13),
        ("a)", 13),
        ("()", 13),
        ("zzz.title = a", 15),
        ('> x = "info:nobody" x.title = a', 15),
        ("dc.nothing = a", 16),
        ("nothing = a", 16),
        ("dc.title near a", 19),
        ("dc.title encloses a", 19),
        ("dc.title =/stem a", 20),
        ("dc.title < a", 22),
        (r'dc.title = "a\b"', 26),
        ('dc.title = ""', 27),
        ('dc.title = "  "', 27),
        ("bath.isbn = 978*", 28),
        ('dc.title exact "a*"', 28),
        ("k*", 29),
        ("*kieu", 29),
        (" or ".join(f"aaa{number}*" for number in range(9)), 30),
        ("dc.title = ^kieu", 31),
        ("dc.date = kieu", 36),
        ("dc.date within 1979", 36),
        ("dc.title = ///", 10),
        ('dc.title = "///"', 36),
        ("a prox b", 39),
        ("a and/stem b", 46),
        ("cql.resultSetId = x", 50),
        ("a sortBy dc.creator", 88),
        ("a sortBy dc.title/sort.descending", 90),
        ("a sortBy dc.title dc.date", 84),
        ("a sortBy", 10),
        ("a" * 30_001, 12),
        (" and ".join(["a"] * (MAX_CLAUSES + 1)), 38),
        ("(" * 10_000 + "a" + ")" * 10_000, 13),
        ("(" * 30_000, 13),
    ],
)
def test_what_is_not_supported_has_its_number(text: str, number: int) -> None:
    assert refusal(text)[0] == number


def test_fifty_parentheses_are_read() -> None:
    assert node("(" * 50 + "kiều" + ")" * 50) == Word("kiều")


def test_order_is_asked_for_in_both_ways() -> None:
    assert sort_of(parse("a sortBy dc.date/sort.descending").keys) == Sort.YEAR_DESC
    assert sort_of(parse("a sortBy title").keys) == Sort.TITLE
    assert sort_of_keys("title,dc,1") == Sort.TITLE
    assert sort_of_keys("date,,0") == Sort.YEAR_DESC
    assert sort_of_keys("") == Sort.RELEVANCE
