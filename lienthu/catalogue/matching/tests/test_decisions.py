"""Whole decisions: the cases that other systems get wrong, as tables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthu.catalogue.matching import (
    Ask,
    Candidates,
    Evidence,
    EvidenceOutdated,
    Join,
    MatchDecision,
    New,
    Reason,
    Verdict,
    blocking_keys,
    choose,
    decide,
)

from .records import BOOK, said

SAME, DIFFERENT, ASK = Verdict.SAME, Verdict.DIFFERENT, Verdict.ASK


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, SAME),
        ({"title": "Dat rung phuong Nam", "authors": ["Doan Gioi"], "publisher": "NXB Kim Dong"}, SAME),
        ({"title": "ĐẤT RỪNG PHƯƠNG NAM", "authors": ["Đoàn, Giỏi, 1925-1989"]}, SAME),
        ({"authors": None, "responsibility": "Đoàn Giỏi ; minh hoạ: Nguyễn Thị Huệ"}, SAME),
        ({"publisher": "Nhà xuất bản Kim Đồng", "extent": "305 trang"}, SAME),
        ({"year": 2020}, SAME),
        ({"year": None, "publisher": None}, SAME),
        ({"volume": "Tập 1"}, ASK),
        ({"edition": "Tái bản lần thứ 5", "year": 2015}, DIFFERENT),
        ({"year": 1957, "extent": "250 tr."}, DIFFERENT),
        ({"publisher": "Văn học", "extent": "352 tr."}, ASK),
        ({"language": "fre"}, DIFFERENT),
        ({"form": "braille"}, DIFFERENT),
        ({"type": "audio"}, DIFFERENT),
        ({"title": "Đất rừng phương Bắc"}, DIFFERENT),
        ({"authors": ["Sơn Nam"]}, ASK),
        ({"authors": ["Sơn Nam"], "extent": "150 tr."}, DIFFERENT),
    ],
)
def test_a_second_record_of_a_book_is_judged(changes, verdict):
    decision = decide(said(), said(**changes))
    assert decision.verdict is verdict, decision


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ({"title": "An ninh mạng"}, {"title": "Ninh mạng"}, DIFFERENT),
        ({"title": "Bến quê"}, {"title": "Bền quê"}, DIFFERENT),
        ({"title": "Bến quê"}, {"title": "Ben que"}, SAME),
        ({"title": "Toán 6"}, {"title": "Toán 7"}, DIFFERENT),
        ({"title": "Toán 6", "volume": "Tập 1"}, {"title": "Toán 6", "volume": "T.2"}, DIFFERENT),
        ({"title": "Toán 6", "volume": "Tập một"}, {"title": "Toán 6, tập 1"}, SAME),
        ({"title": "Doraemon 7"}, {"title": "Doraemon", "volume": "Tập 7"}, SAME),
        ({"edition": "Tái bản lần thứ 3"}, {"edition": "Tái bản lần thứ 4"}, DIFFERENT),
        ({"edition": "In lần thứ 9"}, {"edition": "Tái bản lần thứ 8"}, SAME),
        ({"title": "Cơ sở văn hóa Việt Nam"}, {"title": "Cơ sở văn hoá Việt Nam"}, SAME),
        ({"subtitle": "Sách giáo viên"}, {"subtitle": "Sách bài tập"}, DIFFERENT),
    ],
)
def test_two_records_are_judged(left, right, verdict):
    decision = decide(said(**left), said(**right))
    assert decision.verdict is verdict, decision


def test_an_identifier_alone_is_never_enough():
    one = said(isbn="9786041000001")
    assert decide(one, said(isbn="9786041000001", title="Mắt biếc", authors=["Nguyễn Nhật Ánh"])).verdict is DIFFERENT
    assert decide(one, said(isbn="9786041000001", volume="Tập 2")).verdict is not SAME


def test_every_decision_says_why():
    decision = decide(said(), said(volume="Tập 2", authors=["Sơn Nam"]))
    assert {"title_same", "name_different", "volume_missing"} <= {reason.code for reason in decision.reasons}
    assert decision.score == pytest.approx(sum(reason.weight for reason in decision.reasons), abs=0.01)


def test_title_and_author_alone_are_the_same_and_a_general_title_is_asked_about():
    bare = {"publisher": None, "year": None, "extent": None, "place": None}
    assert decide(said(**bare), said(title="Dat rung phuong Nam", authors=["Doan Gioi"], **bare)).verdict is SAME
    assert decide(said(title="Thơ", **bare), said(title="Thơ", **bare)).verdict is not SAME


def test_packed_evidence_of_another_version_is_refused():
    packed = said().packed()
    assert Evidence.unpacked(packed) == said()
    with pytest.raises(EvidenceOutdated):
        Evidence.unpacked(packed.replace(b"[", b"[99", 1))


WORDS = st.sampled_from(
    [
        "đất",
        "rừng",
        "phương",
        "nam",
        "bến",
        "quê",
        "thơ",
        "toán",
        "6",
        "7",
        "history",
        "of",
        "the",
        "world",
        "số",
        "đỏ",
        "an",
        "ninh",
        "mạng",
    ]
)
TITLES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
RECORDS = st.fixed_dictionaries(
    {
        "title": TITLES,
        "authors": st.sampled_from([None, ["Đoàn Giỏi"], ["Doan Gioi"], ["Giỏi, Đ."], ["Sơn Nam"], ["Đoàn Giới"]]),
        "year": st.sampled_from([None, 2018, 2019, 2020, 1957]),
        "publisher": st.sampled_from([None, "Kim Đồng", "NXB Kim Đồng", "Trẻ", "Oxford Univ. Pr."]),
        "extent": st.sampled_from([None, "304 tr.", "305 p.", "3 v.", "v. <1-2>", "120 tr."]),
        "volume": st.sampled_from([None, "Tập 1", "T.2", "Tập 1-2"]),
        "edition": st.sampled_from([None, "Tái bản lần thứ 2", "3rd ed.", "Bản rút gọn", "In lần 3"]),
        "isbn": st.sampled_from([None, "9786041000001", "6041000000", "9786041000001"]),
        "subtitle": st.sampled_from([None, "tiểu thuyết", "sách giáo viên", "a history in two parts"]),
        "language": st.sampled_from([None, "vie", "eng"]),
    }
)


@settings(max_examples=300, deadline=None)
@given(RECORDS, RECORDS)
def test_a_decision_does_not_depend_on_the_order(left, right):
    one, other = said(**left), said(**right)
    there, back = decide(one, other), decide(other, one)
    assert (there.verdict, there.score) == (back.verdict, back.score)
    assert sorted(reason.code for reason in there.reasons) == sorted(reason.code for reason in back.reasons)


@settings(max_examples=300, deadline=None)
@given(RECORDS)
def test_packing_loses_nothing_and_a_record_is_the_same_as_itself_or_asked_about(fields):
    told = said(**fields)
    assert Evidence.unpacked(told.packed()) == told
    assert decide(told, told).verdict is not DIFFERENT or len(told.title) < 8 or not told.names
    keys = blocking_keys(told)
    assert 3 <= len(keys) <= 7
    assert all(-(2**63) <= key < 2**63 for key in keys)


SLIPS = st.sampled_from(
    [
        {"title": "Dat rung phuong Nam"}, {"authors": ["Đoàn, Giỏi"]}, {"authors": ["Giỏi, Đ."]}, {"authors": None},
        {"year": 2018}, {"year": None}, {"publisher": "NXB Kim Đồng"}, {"publisher": None}, {"extent": None},
        {"extent": "305 tr."}, {"title": "Đất rừng phươngNam"}, {"subtitle": "truyện"}, {"place": None},
        {"title": "Đất rừng phương Nam : truyện"}, {"language": None},
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(SLIPS, SLIPS)
def test_records_that_are_the_same_share_a_blocking_key(one_slip, other_slip):
    left, right = said(**one_slip), said(**other_slip)
    if decide(left, right).verdict is SAME:
        assert set(blocking_keys(left)) & set(blocking_keys(right))


def test_blocking_keys_are_the_same_for_ever():
    assert blocking_keys(said()) == blocking_keys(said(**BOOK))
    assert blocking_keys(said(isbn="9786041000001"))[0] == blocking_keys(said(isbn="6041000000", title="Khác"))[0]


def judged(verdict, score=6.0, reasons=()):
    return MatchDecision(verdict, score, reasons)


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ({}, New),
        ({1: [DIFFERENT]}, New),
        ({1: [SAME, DIFFERENT]}, Ask),
        ({1: [ASK]}, Ask),
        ({1: [SAME, ASK]}, Join),
        ({1: [SAME, DIFFERENT], 2: [SAME]}, Join),
        ({1: [SAME], 2: [SAME]}, Ask),
    ],
)
def test_a_newcomer_joins_asks_or_stands_alone(candidates, expected):
    chosen = choose([Candidates(number, list(map(judged, verdicts))) for number, verdicts in candidates.items()])
    assert isinstance(chosen, expected)


def test_the_better_cluster_wins_and_of_equal_ones_the_older():
    dated = (Reason("year_same", 1.5, "2019", "2019"),)

    def two(first, second):
        both = Candidates(8, [judged(SAME, first, dated)]), Candidates(5, [judged(SAME, second, dated)])
        return choose(both)

    assert two(9.0, 6.0) == Join(8, judged(SAME, 9.0, dated))
    assert two(6.0, 9.0) == Join(5, judged(SAME, 9.0, dated))
    assert two(7.0, 7.0) == Join(5, judged(SAME, 7.0, dated))


def test_a_record_that_names_no_edition_does_not_join_one_of_several():
    bare = said(year=None, extent=None, publisher=None)
    editions = [said(year=1957, extent="250 tr."), said()]
    decisions = [decide(bare, edition) for edition in editions]
    assert [decision.verdict for decision in decisions] == [SAME, SAME]
    chosen = choose([Candidates(number, [decision]) for number, decision in enumerate(decisions)])
    assert isinstance(chosen, Ask)
    assert choose([Candidates(7, decisions[:1])]) == Join(7, decisions[0])
