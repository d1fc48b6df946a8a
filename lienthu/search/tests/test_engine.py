import dataclasses
import random
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthu.kernel import text
from lienthu.search.engine import (
    MAX_DEPTH,
    CorrectionKind,
    Facet,
    FacetCount,
    Filters,
    SearchRequest,
    Sort,
    SuggestionKind,
)
from lienthu.search.nodes import Code, CodeField, Word
from lienthu.search.schema import Document
from lienthu.search.tantivy_engine import TantivyEngine
from lienthu.search.tests.conftest import filled
from lienthu.search.tests.records import LIBRARIES, WORKS, id_of, works


def ids(engine: TantivyEngine, query: str, **options) -> set[int]:
    return set(engine.search(SearchRequest(query=query, limit=100, **options)).ids)


def named(*titles: str) -> set[int]:
    return {id_of(title) for title in titles}


BEN = named("Bến quê", "Bến không chồng", "Sức bền vật liệu", "Ben-Hur", "Big Ben and the hat: then and now")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ben", BEN),
        ("bến", BEN),
        ("=bến", named("Bến quê", "Bến không chồng")),
        ("=ben", named("Ben-Hur", "Big Ben and the hat: then and now")),
        ("bến NOT quê", BEN - named("Bến quê")),
        ("ben -bến", BEN - named("Bến quê", "Bến không chồng")),
        ('-"tiểu thuyết" bến', named("Bến quê", "Sức bền vật liệu", "Ben-Hur", "Big Ben and the hat: then and now")),
        ('"hat then"', named("Hát Then", "Big Ben and the hat: then and now", "The man in the hat, then gone",
                             "Văn học dân gian Tày : khảo cứu về Truyện Kiều và hát then")),
        ('="hát then"', named("Hát Then", "Văn học dân gian Tày : khảo cứu về Truyện Kiều và hát then")),
        ('nhan đề:"hát then" tày', named("Hát Then", "Văn học dân gian Tày : khảo cứu về Truyện Kiều và hát then")),
        ("số đỏ OR tắt đèn", named("Số đỏ", "Tắt đèn")),
        ("(lão OR chí) nam cao", named("Chí Phèo", "Lão Hạc")),
        ("tác giả: nam cao", named("Chí Phèo", "Lão Hạc")),
        ("tác giả:=nam", named("Chí Phèo", "Lão Hạc", "The man in the hat, then gone")),
        ("chủ đề:thơ nhan đề:tây", named("Tây Tiến")),
        ("chủ đề:(thơ nôm) -lục", named("Truyện Kiều", "Hoa tiên")),
        ("phiê*", named("Dế mèn phiêu lưu ký")),
        ("phie* lư?", named("Dế mèn phiêu lưu ký")),
        ("nhan đề:ph?o", named("Chí Phèo")),
        ("năm:1941", named("Dế mèn phiêu lưu ký", "Chí Phèo", "Quê mẹ")),
        ("năm:..1750", named("Đại Việt sử ký toàn thư", "Chinh phụ ngâm khúc")),
        ("năm:1936-1939", named("Số đỏ", "Tắt đèn", "Gió đầu mùa")),
        ("tiểu thuyết năm:<1900", named("Không gia đình")),
        ("TQ.000007", {7}),
        ("đkcb:TQ000007", {7}),
        ("ngôn ngữ:anh hat", named("Big Ben and the hat: then and now", "The man in the hat, then gone")),
        ("thư viện:VN-TQ-TINH tây", {number for number in named("Tây Tiến", "Hát Then") if number % 4 == 0
                                     or number % 3 == 0} | {30}),
        ("không có trong kho", set()),
        ("!!!", set()),
        ("*", set(range(1, len(WORKS) + 1))),
        ("", set(range(1, len(WORKS) + 1))),
    ],
)  # fmt: skip
def test_operators_find_just_these_records(shelf: TantivyEngine, query: str, found: set[int]):
    assert ids(shelf, query) == found
    assert shelf.search(SearchRequest(query=query)).total == len(found)


def test_identifiers_are_found_with_and_without_signs(tmp_path):
    engine = filled(
        tmp_path,
        [
            Document(id=1, title="Một", isbns=["978-0-306-40615-7 (bìa cứng)"], accession_numbers=["VV.01234/2020"]),
            Document(id=2, title="Hai", isbns=["0-684-84328-5"], issns=["0866-7691"], control_numbers=["ocm 00012345"]),
            Document(id=3, title="Ba", ddc=["959.7/03 22"], series=["Tủ sách vàng"], publisher="Kim Đồng"),
            Document(id=4, title="Bốn", ddc=["959.6", "330"], notes=["978 trang 0306406152"]),
        ],
    )
    for query in ("9780306406157", "978-0-306-40615-7", "0306406152", "isbn:0-306-40615-2", "ISBN 978 0 306 40615 7"):
        assert 1 in ids(engine, query)
    assert ids(engine, "isbn:9780306406157") == {1}
    assert ids(engine, "VV.01234/2020") == ids(engine, "đkcb:VV012342020") == {1}
    assert ids(engine, "0866-7691") == ids(engine, "issn:08667691") == ids(engine, "ocm00012345") == {2}
    assert ids(engine, "số:0684843285") == {2}
    assert ids(engine, "ddc:959") == {3, 4}
    assert ids(engine, "ddc:959.7*") == ids(engine, "ddc:959.703") == {3}
    assert ids(engine, "phân loại:33") == {4}
    assert ids(engine, "tùng thư:vàng nxb:kim đồng") == {3}
    by_tree = engine.search(SearchRequest(query=Code(CodeField.DDC, "330")))
    assert by_tree.ids == (4,)
    assert by_tree.understood == "ddc:330"


def test_names_of_programming_languages_are_words(tmp_path):
    engine = filled(tmp_path, [Document(id=1, title="Lập trình C++"), Document(id=2, title="Lập trình C")])
    assert ids(engine, "lập trình c++") == ids(engine, "C++,") == ids(engine, '"trình C++"') == {1}
    assert ids(engine, "lap trinh c") == {2}
    assert [suggestion.text for suggestion in engine.suggest("trinh c++")] == ["Lập trình C++"]


def test_titles_sort_in_vietnamese_order(tmp_path):
    in_order = ["Ả Đào", "An Nam", "Ăn mày", "Ân tình", "Bà Trưng", "Bả vai", "Bã mía", "Bá đạo", "Bạ đâu", "Da cam",
                "Đà Lạt", "E ngại", "Ê-đê", "Oan", "Ô kìa", "Ơn nghĩa", "Ui chao", "Ưu tư", "Yên Bái"]  # fmt: skip
    assert sorted(in_order, key=text.sort_key) != sorted(in_order)
    shuffled = list(enumerate(in_order, 1))
    random.Random(3).shuffle(shuffled)
    documents = [Document(id=number, title=title, title_sort=text.sort_key(title)) for number, title in shuffled]
    engine = filled(tmp_path, documents)
    with engine.writer() as writer:
        writer.upsert([Document(id=100, title="Không có khóa xếp")])
        writer.upsert(documents[::2])
        writer.commit()
    found = engine.search(SearchRequest(sort=Sort.TITLE, limit=50)).ids
    expected = sorted(range(1, len(in_order) + 1), key=lambda number: text.sort_key(in_order[number - 1]))
    assert found == (*expected, 100)


def test_orders_by_year_and_newness_put_the_unknown_last(tmp_path):
    engine = filled(
        tmp_path,
        [
            Document(id=1, title="một", year=1990, added_on=10),
            Document(id=2, title="một", added_on=30),
            Document(id=3, title="một", year=2005, added_on=20),
            Document(id=4, title="một", year=1817, added_on=20),
        ],
    )
    assert engine.search(SearchRequest(query="một", sort=Sort.YEAR_DESC)).ids == (3, 1, 4, 2)
    assert engine.search(SearchRequest(query="một", sort=Sort.YEAR_ASC)).ids == (4, 1, 3, 2)
    assert engine.search(SearchRequest(query="một", sort=Sort.NEWEST)).ids == (2, 4, 3, 1)
    assert engine.search(SearchRequest()).ids == (2, 4, 3, 1)


def test_every_result_is_given_at_once_for_work_on_all_of_them(shelf):
    ids, total = shelf.every("", limit=10**6)
    assert (len(set(ids)), total) == (len(WORKS), len(WORKS))
    assert len(shelf.every("", limit=3)[0]) == 3
    assert shelf.every("khôngcótừnày", limit=10**6) == ((), 0)


@pytest.mark.parametrize(
    ("offset", "limit", "shown", "beyond"),
    [(0, 3, 3, False), (-5, 2, 2, False), (38, 20, 2, False), (500, 20, 0, False), (0, 0, 0, False), (0, -1, 0, False),
     (MAX_DEPTH, 20, 0, True), (10**15, 20, 0, True)],
)  # fmt: skip
def test_pages_outside_the_bounds_are_empty_and_keep_the_total(shelf, offset, limit, shown, beyond):
    for sort in Sort:
        found = shelf.search(SearchRequest(query="", offset=offset, limit=limit, sort=sort))
        assert (len(found.ids), found.total, found.beyond_limit) == (shown, len(WORKS), beyond)


class Oracle:
    """What filters and facets mean, told by looping over the documents."""

    def __init__(self, documents: list[Document]) -> None:
        self._documents = documents

    def matches(self, document: Document, filters: Filters, *, but: Facet | None = None) -> bool:
        libraries = () if but is Facet.LIBRARY else filters.libraries
        return (
            (not libraries or bool(set(libraries) & set(document.libraries)))
            and (but is Facet.TYPE or not filters.types or document.type in filters.types)
            and (but is Facet.LANGUAGE or not filters.languages or bool({*filters.languages} & {*document.languages}))
            and (but is Facet.SUBJECT or not filters.subjects or bool({*filters.subjects} & {*document.subjects}))
            and (but is Facet.DECADE or self._in_years(document, filters))
            and (but is Facet.DIGITAL or not filters.digital or document.digital)
            and (but is Facet.AVAILABLE or not filters.available or self._available(document, libraries))
        )

    @staticmethod
    def _in_years(document: Document, filters: Filters) -> bool:
        year = document.year
        if filters.decades and (year is None or year // 10 * 10 not in filters.decades):
            return False
        if filters.year_from is None and filters.year_to is None:
            return True
        return year is not None and (filters.year_from or 0) <= year <= (filters.year_to or 9999)

    @staticmethod
    def _available(document: Document, libraries: tuple[str, ...]) -> bool:
        return bool(set(document.available_at) & set(libraries) if libraries else document.available_at)

    def ids(self, filters: Filters) -> set[int]:
        return {document.id for document in self._documents if self.matches(document, filters)}

    def counts(self, facet: Facet, filters: Filters) -> dict[str, int]:
        counts: dict[str, int] = {}
        for document in self._documents:
            if self.matches(document, filters, but=facet):
                for value in self._values(document, facet, filters):
                    counts[value] = counts.get(value, 0) + 1
        return counts

    def _values(self, document: Document, facet: Facet, filters: Filters) -> set[str]:
        match facet:
            case Facet.LIBRARY:
                return set(document.libraries)
            case Facet.TYPE:
                return {document.type}
            case Facet.LANGUAGE:
                return set(document.languages)
            case Facet.SUBJECT:
                return set(document.subjects)
            case Facet.DECADE:
                return set() if document.year is None else {str(document.year // 10 * 10)}
            case Facet.DIGITAL:
                return {"true"} if document.digital else set()
            case Facet.AVAILABLE:
                return {"true"} if self._available(document, filters.libraries) else set()


def some(*values):
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


choices = st.builds(
    Filters,
    libraries=some(*LIBRARIES),
    types=some("BOOK", "DIGITAL", "MAP"),
    languages=some("vie", "eng"),
    subjects=some("Tiểu thuyết", "Thơ", "Truyện ngắn"),
    decades=some(1990, 1940, 1820),
    year_from=st.sampled_from([None, None, 1900, 1960]),
    year_to=st.sampled_from([None, None, 1999]),
    available=st.booleans(),
    digital=st.sampled_from([False, False, True]),
)


@settings(max_examples=150, deadline=None)
@given(filters=choices)
def test_filters_and_multi_select_facets_agree_with_a_loop_over_the_records(shelf: TantivyEngine, filters: Filters):
    oracle = Oracle(works())
    found = shelf.search(SearchRequest(filters=filters, facets=tuple(Facet), facet_values=100, limit=100))
    assert set(found.ids) == oracle.ids(filters)
    for facet in Facet:
        shown = {count.value: count.count for count in found.facets[facet] if count.count}
        assert shown == oracle.counts(facet, filters), facet


def test_counts_of_many_subjects_over_many_segments_are_exact(tmp_path):
    chance = random.Random(11)
    subjects = [f"Chủ đề {number}" for number in range(700)]
    documents = [
        Document(id=number, title="một", subjects=sorted(set(chance.choices(subjects, weights=range(700, 0, -1), k=3))))
        for number in range(1, 1_501)
    ]
    engine = TantivyEngine(tmp_path, reload_seconds=0)
    with engine.writer() as writer:
        for start in range(0, 1_500, 500):
            writer.upsert(documents[start : start + 500])
            writer.commit()
    assert engine.stats().segments > 1
    true = Counter(subject for document in documents for subject in document.subjects)
    shown = engine.search(SearchRequest(query="mot", facets=(Facet.SUBJECT,), facet_values=15)).facets[Facet.SUBJECT]
    assert [count.count for count in shown] == [true[count.value] for count in shown]
    assert shown[0].count == max(true.values())


def test_a_chosen_value_stays_among_its_facet_even_without_results(shelf: TantivyEngine):
    filters = Filters(types=("MAP",), languages=("eng",))
    facets = shelf.search(SearchRequest(filters=filters, facets=(Facet.TYPE, Facet.LANGUAGE))).facets
    assert FacetCount("MAP", 0, selected=True) in facets[Facet.TYPE]
    assert facets[Facet.LANGUAGE] == (FacetCount("eng", 0, selected=True),)


def test_facets_are_counted_only_when_asked(shelf: TantivyEngine):
    assert shelf.search(SearchRequest(query="thơ")).facets == {}
    assert list(shelf.search(SearchRequest(query="thơ", facets=(Facet.TYPE,))).facets) == [Facet.TYPE]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("truyen ki", (SuggestionKind.TITLE, "Truyện Kiều")),
        ("Truyện Ki", (SuggestionKind.TITLE, "Truyện Kiều")),
        ("dat rung", (SuggestionKind.TITLE, "Đất rừng phương Nam")),
        ("rung phu", (SuggestionKind.TITLE, "Đất rừng phương Nam")),
        ("nam ca", (SuggestionKind.AUTHOR, "Nam Cao")),
        ("nhat anh ngu", (SuggestionKind.AUTHOR, "Nguyễn Nhật Ánh")),
        ("van hoc thieu", (SuggestionKind.SUBJECT, "Văn học thiếu nhi")),
        ("so do", (SuggestionKind.TITLE, "Số đỏ")),
    ],
)
def test_suggestions_complete_the_last_word_without_marks(shelf: TantivyEngine, typed: str, first: tuple):
    found = shelf.suggest(typed)
    assert (found[0].kind, found[0].text) == first


@pytest.mark.parametrize("typed", ["", " ", "t", "!!!", "\x00", "(((", "x" * 5000, "khôngthấy", "a.*b", "ki[eu"])
def test_suggestions_have_nothing_to_say_to_nonsense(shelf: TantivyEngine, typed: str):
    assert shelf.suggest(typed) == []


@pytest.mark.parametrize(
    ("query", "kind", "meant"),
    [
        ("truyeenj kieeuf", CorrectionKind.KEYSTROKES, "truyện kiều"),
        ("truye65n kie62u", CorrectionKind.KEYSTROKES, "truyện kiều"),
        ("chuyện kiều", CorrectionKind.SOUND, "truyện kiều"),
        ("nguyen zu", CorrectionKind.SOUND, "nguyễn du"),
        ("lam cao", CorrectionKind.SOUND, "nam cao"),
        ("truyen kiau", CorrectionKind.SPELLING, "truyện kiều"),
        ("tieu thuyt", CorrectionKind.SPELLING, "tiểu thuyết"),
        ("truyenkieu", CorrectionKind.SPACING, "truyện kiều"),
        ("tác giả: nam caoo", CorrectionKind.SPELLING, "tác giả:(nam cao)"),
        ("chí phèo tiếng lóng", CorrectionKind.FEWER_WORDS, None),
    ],
)
def test_a_query_that_finds_nothing_is_corrected(loc: TantivyEngine, query, kind, meant):
    corrections = loc.did_you_mean(query)
    if meant is None:
        assert all(correction.kind is kind for correction in corrections)
    else:
        assert (corrections[0].kind, corrections[0].query) == (kind, meant)
    for correction in corrections:
        assert loc.search(SearchRequest(query=correction.query)).total == correction.total > 0


def test_a_good_query_is_not_corrected(shelf: TantivyEngine):
    for query in ("truyện kiều", "nam cao", "", "*", "năm:1941"):
        assert shelf.did_you_mean(query) == []


def test_more_like_gives_records_of_the_same_author_and_subject(shelf: TantivyEngine):
    assert set(shelf.more_like(id_of("Chí Phèo"), limit=1)) == named("Lão Hạc")
    assert id_of("Kiều học : những bài nghiên cứu truyện thơ của Nguyễn Du") in shelf.more_like(id_of("Truyện Kiều"))
    assert shelf.more_like(987_654) == []


def test_an_engine_without_an_index_answers_emptily(tmp_path):
    engine = TantivyEngine(tmp_path / "none")
    found = engine.search(SearchRequest(query="truyện kiều", facets=tuple(Facet)))
    assert (found.ids, found.total, found.facets) == ((), 0, {})
    assert engine.suggest("tru") == engine.did_you_mean("tru") == engine.more_like(1) == []
    assert engine.why(1, "tru") is None
    assert engine.count() == 0
    assert engine.stats().needs_rebuild


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.lists(st.sampled_from(
    ["kiều", "*", "ki*", "?", "(", ")", '"', "OR", "NOT", "tác giả:", "năm:1..", "=", "-", "ddc:", "isbn:x", "𠀀", "*a"]
), max_size=25).map(" ".join))  # fmt: skip
def test_no_query_raises_and_every_answer_is_whole(shelf: TantivyEngine, query: str):
    started = time.process_time()
    found = shelf.search(SearchRequest(query=query, facets=(Facet.TYPE,), limit=5))
    assert len(found.ids) == min(5, found.total)
    shelf.suggest(query)
    shelf.did_you_mean(query)
    if found.ids:
        assert shelf.why(found.ids[0], query) is not None
    assert time.process_time() - started < 1.0


def test_trees_that_no_parser_makes_are_answered_too(shelf: TantivyEngine):
    assert shelf.search(SearchRequest(query=Word(""))).total == 0
    assert shelf.search(SearchRequest(query=Word('nam "cao"'))).total == 2


def test_a_document_keeps_what_it_is_given():
    document = works()[0]
    assert dataclasses.replace(document, title="Khác").authors == ("Nguyễn Du",)
