import pytest

from lienthu.cataloguing.suggestions import author_marks


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Nguyễn Du", "NG527D"),
        ("Nguyễn, Du, 1765-1820", "NG527D"),
        ("NGUYỄN ĐÌNH THI", "NG527Đ"),
        ("Lê Lựu", "L250L"),
        ("Trần Đăng Khoa", "TR121Đ"),
        ("Phạm Tiến Duật", "PH104T"),
        ("Hồ Chí Minh", "H450CH"),
        ("Anh Đức", "A107Đ"),
        ("Lý Bạch", "L600B"),
        ("Quang Dũng", "QU106D"),
        ("Giang Nam", "GI106N"),
    ],
)
def test_a_vietnamese_author_gets_initial_rhyme_and_next_initial(name, mark):
    (one,) = author_marks(name, "Nhan đề không dùng đến")
    assert one.value == mark
    assert (one.reason.code, one.reason.params["source"]) == ("rhyme", "author")


def test_both_ways_to_set_a_tone_mark_give_one_mark():
    assert [author_marks(name, "")[0].value for name in ("Hoà Vang", "Hòa Vang")] == ["H401V", "H401V"]


@pytest.mark.parametrize(
    ("title", "mark"), [("Đánh giặc", "Đ107GI"), ("Lịch sử Việt Nam", "L302S"), ("Giếng làng", "GI306L")]
)
def test_a_work_without_author_is_marked_under_its_title(title, mark):
    (one,) = author_marks("", title)
    assert (one.value, one.reason.params["source"]) == (mark, "title")


def test_a_rhyme_that_the_table_lacks_is_not_guessed():
    (one,) = author_marks("Bùi Hiển", "")
    assert (one.value, one.reason.code, one.reason.params["rhyme"]) == ("", "rhyme_not_in_table", "ui")


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Hemingway, Ernest", "H46"),
        ("Ernest Hemingway", "H46"),
        ("Dan Brown", "B76"),
        ("Tolstoy, Leo, graf, 1828-1910", "T65"),
        ("Schiller, Friedrich", "S35"),
        ("Quine, W. V.", "Q56"),
        ("Austen, Jane", "A97"),
    ],
)
def test_a_foreign_author_gets_the_mark_of_the_library_of_congress_table(name, mark):
    (one,) = author_marks(name, "")
    assert (one.value, one.reason.code) == (mark, "lc_cutter")


def test_a_foreign_title_is_marked_without_its_article():
    assert author_marks("", "The old man and the sea")[0].value == "O43"


def test_a_name_in_another_script_gets_none_and_says_so():
    (one,) = author_marks("阮攸", "")
    assert (one.value, one.reason.code) == ("", "no_table")


def test_nothing_to_go_by_gives_nothing():
    assert author_marks("", " 1975 ") == ()
