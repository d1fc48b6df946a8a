from lienthu.cataloguing.suggestions import class_numbers


def test_a_subject_of_the_library_of_congress_leads_to_the_number_of_its_records():
    first = class_numbers(subjects=["Accounting"])[0]
    assert (first.value, first.reason.code) == ("657", "lc_records")
    assert first.reason.params == {
        "words": "Accounting", "heading": "Accounting", "within": 56, "total": 68, "source": "subject",
    }  # fmt: skip


def test_a_vietnamese_keyword_leads_to_the_heading_of_the_same_meaning():
    first = class_numbers(subjects=["Lịch sử Việt Nam"])[0]
    assert (first.value, first.reason.params["heading"]) == ("959.7", "Vietnam--History")


def test_a_division_without_number_of_its_own_falls_back_on_the_main_part():
    assert class_numbers(subjects=["Accounting -- Anywhere"])[0].value == "657"


def test_keywords_in_the_title_count_after_the_subjects():
    found = class_numbers(subjects=["Kế toán"], title="Giáo trình trí tuệ nhân tạo và an ninh mạng")
    assert [(one.value, one.reason.params["source"]) for one in found] == [
        ("657", "subject"),
        ("005.8", "title"),
        ("006.3", "title"),
    ]


def test_words_that_are_only_part_of_a_keyword_suggest_nothing():
    assert class_numbers(title="Ninh mạng") == ()
