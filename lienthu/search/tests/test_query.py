import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthu.search.nodes import (
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
    Word,
    Years,
)
from lienthu.search.printer import canonical
from lienthu.search.query import MAX_CHARACTERS, MAX_DEPTH, MAX_TERMS, parse

A, B, C = Word("a"), Word("b"), Word("c")


def in_title(word: str) -> Word:
    return Word(word, Field.TITLE)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", Everything()),
        ("   ", Everything()),
        ("*", Everything()),
        ("truyện kiều", And((Word("truyện"), Word("kiều")))),
        ("a a b", And((A, B))),
        ('"hát then"', Phrase("hát then")),
        ("“hát then”", Phrase("hát then")),
        ("a AND b", And((A, B))),
        ("a VÀ b", And((A, B))),
        ("a và b", And((A, Word("và"), B))),
        ("a OR b", Or((A, B))),
        ("a HOẶC b", Or((A, B))),
        ("a or b", And((A, Word("or"), B))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a NOT b", And((A, Not(B)))),
        ("a KHÔNG b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("+a -b", And((A, Not(B)))),
        ("-(a b) c", And((Not(And((A, B))), C))),
        ("NOT NOT a", A),
        ("NOT a", Not(A)),
        ("toán - lý", And((Word("toán"), Word("lý")))),
        ("KHÔNG GIA ĐÌNH", And((Word("không"), Word("gia"), Word("đình")))),
        ("VÀ", Word("và")),
        ("OR AND", And((Word("or"), Word("and")))),
        ("=bến", Word("bến", exact=True)),
        ('="hát then"', Phrase("hát then", exact=True)),
        ("kiê*", Pattern("kiê*")),
        ("ki?u", Pattern("ki?u")),
        ("thư viện là gì?", And((Word("thư"), Word("viện"), Word("là"), Word("gì")))),
        ("J.K.Rowling", Word("j.k.rowling")),
        ("C++ C#, kiều…", And((Word("c++"), Word("c#"), Word("kiều")))),
    ],
)
def test_words_and_operators_read_as_librarians_mean_them(query: str, tree: Node):
    assert parse(query).node == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("nhan đề:kiều", in_title("kiều")),
        ("nhande:kiều", in_title("kiều")),
        ("Nhan Đề : kiều", in_title("kiều")),
        ("title:kiều", in_title("kiều")),
        ("ti:kiều", in_title("kiều")),
        ("tác giả: nguyễn du", And((Word("nguyễn", Field.AUTHOR), Word("du", Field.AUTHOR)))),
        ("tacgia:du", Word("du", Field.AUTHOR)),
        ("author:du", Word("du", Field.AUTHOR)),
        ("au:du", Word("du", Field.AUTHOR)),
        ("chủ đề:thơ", Word("thơ", Field.SUBJECT)),
        ("subject:thơ", Word("thơ", Field.SUBJECT)),
        ("su:thơ", Word("thơ", Field.SUBJECT)),
        ("nxb:trẻ", Word("trẻ", Field.PUBLISHER)),
        ("publisher:trẻ", Word("trẻ", Field.PUBLISHER)),
        ("tùng thư:x", Word("x", Field.SERIES)),
        ("series:x", Word("x", Field.SERIES)),
        ('tác giả:"nguyễn du" kiều', And((Phrase("nguyễn du", Field.AUTHOR), Word("kiều")))),
        ("tác giả: du nhan đề: kiều", And((Word("du", Field.AUTHOR), in_title("kiều")))),
        ("title:(a OR b) c", And((Or((in_title("a"), in_title("b"))), C))),
        ("c -tác giả: nam cao", And((C, Not(And((Word("nam", Field.AUTHOR), Word("cao", Field.AUTHOR))))))),
        ("nhan đề:=bến", Word("bến", Field.TITLE, exact=True)),
        ("nhan đề:kiê*", Pattern("kiê*", Field.TITLE)),
        ("Lịch sử: đại cương", And((Word("lịch"), Word("sử"), Word("đại"), Word("cương")))),
        ("Việt Nam: 1945", And((Word("việt"), Word("nam"), Word("1945")))),
        ("Kiều : truyện", And((Word("kiều"), Word("truyện")))),
    ],
)
def test_fields_have_vietnamese_and_english_names(query: str, tree: Node):
    assert parse(query).node == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("năm:1990", Years(1990, 1990)),
        ("năm: 1990-2000", Years(1990, 2000)),
        ("year:2000-1990", Years(1990, 2000)),
        ("năm:1990..2000", Years(1990, 2000)),
        ("1990..2000", Years(1990, 2000)),
        ("năm:1990..", Years(1990, None)),
        ("năm:..1990", Years(None, 1990)),
        ("năm:>1990", Years(1991, None)),
        ("năm: >= 1990", Years(1990, None)),
        ("năm:<1990", Years(None, 1989)),
        ("năm:<=1990", Years(None, 1990)),
        ("năm:199*", Years(1990, 1999)),
        ("năm:(1990 OR 1992)", Or((Years(1990, 1990), Years(1992, 1992)))),
        ("isbn:978-0-306-40615-7", Code(CodeField.ISBN, "9780306406157")),
        ("isbn: 978 0 306 40615 7", Code(CodeField.ISBN, "9780306406157")),
        ("isbn:0306406152", Code(CodeField.ISBN, "9780306406157")),
        ("978-0-306-40615-7", Code(CodeField.ISBN, "9780306406157")),
        ("kiều 0 306 40615 2", And((Word("kiều"), Code(CodeField.ISBN, "9780306406157")))),
        ("ISBN 0-306-40615-2", Code(CodeField.ISBN, "9780306406157")),
        ("issn:0866-7691", Code(CodeField.ISSN, "08667691")),
        ("ddc:959.7", Code(CodeField.DDC, "959.7")),
        ("phân loại: 959.7*", Code(CodeField.DDC, "959.7")),
        ("đkcb:TQ.001234", Code(CodeField.BARCODE, "TQ001234")),
        ("barcode:TQ001234", Code(CodeField.BARCODE, "TQ001234")),
        ("ngôn ngữ: tiếng Việt kiều", And((Code(CodeField.LANGUAGE, "vie"), Word("kiều")))),
        ("language:eng", Code(CodeField.LANGUAGE, "eng")),
        ("thư viện:vn-tq-tinh", Code(CodeField.LIBRARY, "VN-TQ-TINH")),
        ("library:VN-TQ-TINH", Code(CodeField.LIBRARY, "VN-TQ-TINH")),
        ("loại: luận văn", Code(CodeField.TYPE, "THESIS")),
        ("type:book", Code(CodeField.TYPE, "BOOK")),
        ("loại:(sách OR báo)", Or((Code(CodeField.TYPE, "BOOK"), Code(CodeField.TYPE, "SERIAL")))),
    ],
)
def test_coded_fields_take_values_as_people_write_them(query: str, tree: Node):
    assert parse(query).node == tree


@pytest.mark.parametrize(
    ("query", "tree", "notes"),
    [
        ('"hát then', Phrase("hát then"), ["unclosed_quote"]),
        ("(a b", And((A, B)), ["unclosed_parenthesis"]),
        ("a) b", And((A, B)), ["extra_parenthesis"]),
        ("a AND", A, ["stray_operator"]),
        ("OR a", A, ["stray_operator"]),
        ("a OR OR b", Or((A, B)), ["stray_operator"]),
        ("k*", Word("k"), ["wildcard_too_short"]),
        ("*eu", Word("eu"), ["wildcard_too_short"]),
        ("abc:def", And((Word("abc"), Word("def"))), ["unknown_field"]),
        ("năm:abc", And((Word("năm"), Word("abc"))), ["unknown_value"]),
        ("tác giả:", Nothing(), ["empty_field"]),
        ("!!! ... ///", Nothing(), ["no_words"]),
        ("🎉", Nothing(), ["no_words"]),
        ('"" ()', Nothing(), ["no_words"]),
        ("a\x00b", And((A, B)), []),
        ("the of and", And((Word("the"), Word("of"), Word("and"))), []),
    ],
)
def test_broken_queries_have_a_sensible_reading_and_say_what_was_changed(query: str, tree: Node, notes: list[str]):
    parsed = parse(query)
    assert parsed.node == tree
    assert [note.code for note in parsed.notes] == notes


def test_limits_hold_and_are_told():
    many = parse(" ".join(f"từ{number}" for number in range(500)) + " (a)")
    assert isinstance(many.node, And)
    assert len(many.node.children) == MAX_TERMS
    assert ("too_many_words", MAX_TERMS) in [(note.code, note.number) for note in many.notes]
    long = parse("x" * 10_000)
    assert long.node == Word("x" * MAX_CHARACTERS)
    assert [(note.code, note.number) for note in long.notes] == [("too_long", MAX_CHARACTERS)]
    deep = parse("(" * 900 + "a b" + ")" * 900)
    assert deep.node == And((A, B))
    assert [(note.code, note.number) for note in deep.notes] == [("too_deep", MAX_DEPTH)]
    nested = parse("(a OR NOT " * 900)
    assert [note.code for note in nested.notes if note.code == "too_long"] == ["too_long"]


pieces = st.sampled_from(
    ["a", "kiều", "Đất", "AND", "OR", "NOT", "VÀ", "HOẶC", "KHÔNG", "(", ")", '"', "-", "+", "=", "*", "?", "kiê*",
     "nhan đề:", "tác giả:", "năm:", "năm:1990-2000", "isbn:", "ddc:9", "loại:", "ngôn ngữ:việt", "thư viện:", ":",
     "978-0-306-40615-7", "\x00", "🎉", "ế", "1990..1995", "a:b", "..", "C++", "…", "\ud800", "、", " "]
)  # fmt: skip
soups = st.lists(pieces, max_size=40).flatmap(
    lambda chosen: st.sampled_from([" ".join(chosen), "".join(chosen)])
) | st.text(max_size=200)


@settings(max_examples=300, deadline=None)
@given(soups)
def test_every_input_has_a_reading_whose_canonical_form_reads_back_the_same(query: str):
    node = parse(query).node
    assert parse(canonical(node)).node == node


@pytest.mark.parametrize(
    "query",
    ["(" * 10_000, ")" * 10_000, '"' * 9_999, "a:" * 5_000, "-" * 10_000, "NOT " * 2_500, "(a OR " * 1_600,
     "năm:1990 " * 1_100, "9" * 10_000, "9-" * 5_000, "kiê* " * 2_000, "\x00" * 10_000, "nhan đề: " * 1_100],
)  # fmt: skip
def test_hostile_queries_are_read_quickly(query: str):
    started = time.process_time()
    canonical(parse(query).node)
    assert time.process_time() - started < 0.5
