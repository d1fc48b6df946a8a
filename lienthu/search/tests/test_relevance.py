import pytest

from lienthu.search.compiler import Tier
from lienthu.search.engine import Reason, SearchRequest, Why
from lienthu.search.schema import Document
from lienthu.search.tantivy_engine import TantivyEngine
from lienthu.search.tests.conftest import filled
from lienthu.search.tests.records import WORKS, id_of


def titles(engine: TantivyEngine, query: str) -> list[str]:
    found = engine.search(SearchRequest(query=query, limit=50))
    return [WORKS[number - 1][0] if number <= len(WORKS) else f"loc {number}" for number in found.ids]


def explained(engine: TantivyEngine, number: int, query: str) -> Why:
    found = engine.why(number, query)
    assert found
    return found


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("truyện kiều", "Truyện Kiều"),
        ("truyen kieu", "Truyện Kiều"),
        ("TRUYEN KIEU", "Truyện Kiều"),
        ("truyên kiêu", "Truyện Kiều"),
        ("kieu nguyen du", "Kiều học : những bài nghiên cứu truyện thơ của Nguyễn Du"),
        ("hat then", "Hát Then"),
        ("hát then", "Hát Then"),
        ("dat rung phuong nam", "Đất rừng phương Nam"),
        ("đất rừng", "Đất rừng phương Nam"),
        ("de men", "Dế mèn phiêu lưu ký"),
        ("dế mèn phiêu lưu kí", "Dế mèn phiêu lưu ký"),
        ("ben que", "Bến quê"),
        ("bến quê", "Bến quê"),
        ("so do", "Số đỏ"),
        ("nhat ky trong tu", "Nhật ký trong tù"),
        ("ho chi minh nhat ki", "Nhật ký trong tù"),
        ("khong gia dinh", "Không gia đình"),
        ("KHÔNG GIA ĐÌNH", "Không gia đình"),
        ("thuỷ hử", "Thủy hử"),
        ("thủy hử", "Thủy hử"),
        ("thuy hu", "Thủy hử"),
        ("hoá học", "Hóa học vô cơ"),
        ("viet bac", "Việt Bắc"),
        ("su luoc", "Việt Nam sử lược"),
        ("big ben", "Big Ben and the hat: then and now"),
        ("tuoi tho", "Tuổi thơ dữ dội"),
        ("tuyen quang lich su", "Lịch sử Đảng bộ tỉnh Tuyên Quang"),
        ("ma van khang", "Ma văn kháng tuyển tập"),
    ],
)
def test_a_known_work_comes_first_however_it_is_typed(shelf: TantivyEngine, query: str, first: str):
    assert titles(shelf, query)[0] == first


@pytest.mark.parametrize("query", ["truyen kieu", "truyện kiều", "hat then", "nhat ky trong tu", "chi pheo"])
def test_a_known_work_comes_first_among_the_records_of_the_library_of_congress(loc: TantivyEngine, query: str):
    wanted = {"truyen kieu": "Truyện Kiều", "truyện kiều": "Truyện Kiều", "hat then": "Hát Then",
              "nhat ky trong tu": "Nhật ký trong tù", "chi pheo": "Chí Phèo"}[query]  # fmt: skip
    assert titles(loc, query)[0] == wanted


def test_marks_order_records_in_three_strict_tiers(tmp_path):
    engine = filled(
        tmp_path,
        [
            Document(id=1, title="Ben", authors=["Ben"], subjects=["Ben"]),
            Document(id=2, title="Bền", authors=["Bền"], subjects=["Bền"]),
            Document(id=3, title="Một hai ba bốn năm sáu bảy tám chín", notes=["bến " + "xa lạ " * 40]),
            Document(id=4, title="Bên", authors=["Bên"]),
        ],
    )
    found = engine.search(SearchRequest(query="bến"))
    assert found.ids[0] == 3
    assert set(found.ids[1:3]) == {2, 4}
    assert found.ids[3] == 1
    assert found.total == 4
    assert [explained(engine, number, "bến").tier for number in found.ids] == [
        Tier.EXACT,
        Tier.TONELESS,
        Tier.TONELESS,
        Tier.FOLDED,
    ]


def test_pages_of_any_size_join_to_the_same_order_across_tiers(shelf: TantivyEngine):
    whole = shelf.search(SearchRequest(query="tiểu thuyết", limit=50))
    for size in (1, 2, 3, 5):
        paged: list[int] = []
        for offset in range(0, whole.total, size):
            page = shelf.search(SearchRequest(query="tiểu thuyết", offset=offset, limit=size))
            assert page.total == whole.total
            paged.extend(page.ids)
        assert tuple(paged) == whole.ids


def test_title_weighs_more_than_author_than_subject_than_notes(tmp_path):
    filler = ["một hai ba"]
    engine = filled(
        tmp_path,
        [
            Document(id=1, title="một hai ba", notes=["kiều"]),
            Document(id=2, title="một hai ba", subjects=["kiều"], notes=filler),
            Document(id=3, title="một hai ba", authors=["kiều"], notes=filler),
            Document(id=4, title="kiều hai ba", notes=filler),
            *(Document(id=number, title="bốn năm", authors=["sáu"], subjects=["bảy"]) for number in range(5, 30)),
        ],
    )
    for query in ("kiều", "kieu"):
        assert engine.search(SearchRequest(query=query)).ids == (4, 3, 2, 1)


def test_words_side_by_side_in_the_title_come_before_words_apart(tmp_path):
    engine = filled(
        tmp_path,
        [
            Document(id=1, title="Việt sử và đất Nam trong lịch"),
            Document(id=2, title="Lịch sử và đất Việt Nam trong"),
        ],
    )
    for query in ("lich su viet nam", "lịch sử việt nam"):
        assert engine.search(SearchRequest(query=query)).ids == (2, 1)


def test_the_whole_title_comes_before_longer_titles_that_repeat_the_words(tmp_path):
    engine = filled(
        tmp_path,
        [
            Document(id=1, title="Kiều, Kiều và Kiều : Truyện Kiều, truyện Kiều", subjects=["Truyện Kiều"] * 3),
            Document(id=2, title="Truyện Kiều / Nguyễn Du", notes=["bản in lần thứ nhất " * 20]),
        ],
    )
    for query in ("truyện kiều", "truyen kieu", '"truyện kiều"'):
        assert engine.search(SearchRequest(query=query)).ids == (2, 1)


def test_use_decides_between_records_that_are_otherwise_alike(tmp_path):
    engine = filled(
        tmp_path,
        [
            Document(id=1, title="Tắt đèn", popularity=0),
            Document(id=2, title="Tắt đèn", popularity=250),
            Document(id=3, title="Tắt đèn", popularity=12),
        ],
    )
    assert engine.search(SearchRequest(query="tat den")).ids == (2, 3, 1)


def test_an_answer_says_why_in_plain_reasons(shelf: TantivyEngine):
    kieu = id_of("Truyện Kiều")
    assert explained(shelf, kieu, "truyen kieu").reasons == (
        (Reason.WHOLE_TITLE, ("truyen", "kieu")),
        (Reason.TITLE, ("truyen", "kieu")),
    )
    both = explained(shelf, kieu, "kiều nguyễn")
    assert both.tier is Tier.EXACT
    assert both.reasons == ((Reason.TITLE, ("kiều",)), (Reason.AUTHOR, ("nguyễn",)))
    assert explained(shelf, kieu, "TQ.000001").reasons == ((Reason.NUMBER, ("tq.000001",)),)
    assert shelf.why(kieu, "chí phèo") is None


def test_decomposed_marks_of_the_library_of_congress_are_exact_marks(loc: TantivyEngine):
    for query in ("Hồ Chí Minh", "ho chi minh"):
        assert loc.search(SearchRequest(query=query)).total == 8
    found = loc.search(SearchRequest(query="tác giả:nguyễn khắc phục"))
    assert found.total == 1
    assert explained(loc, found.ids[0], "tác giả:nguyễn khắc phục").tier is Tier.EXACT


def test_marks_in_the_wrong_order_or_apart_from_their_letter_are_exact_marks(tmp_path):
    wrong = ("Di cảo thơ", "Che\u0301\u0302 Lan Viên", "Nha \u0300xua\u0302\u0301t bản Thuận Hóa")
    engine = filled(tmp_path, [Document(id=1, title=wrong[0], authors=[wrong[1]], publisher=wrong[2])])
    for query in ("chế lan viên", "nxb:(nhà xuất bản thuận hoá)"):
        assert explained(engine, 1, query).tier is Tier.EXACT
