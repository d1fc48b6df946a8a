"""What is told about a record on pages and in the index."""

import io

import pytest

from lienthu.catalogue.marc import description
from lienthu.catalogue.marc.description import Heading, control_number, describe
from lienthu.catalogue.marc.numbers import isbn13, issn
from lienthu.catalogue.marc.problems import UnreadableFile
from lienthu.catalogue.marc.reader import RawRecord, open_records
from lienthu.catalogue.marc.record import Record, control, data
from lienthu.testing import shared_data

from .records import good_records


def record(*fields, leader="00000nam a2200000 i 4500"):
    return Record(leader, list(fields))


def test_a_whole_record_is_described():
    told = describe(
        record(
            control("001", "TQ1"),
            control("008", "250101s2005    vm            000 0 vie d"),
            data("020", "  ", ("a", "604-1-00001-8 (bìa cứng)"), ("c", "50000đ")),
            data("020", "  ", ("a", "9786041000018")),
            data("041", "1 ", ("a", "vie"), ("a", "eng"), ("h", "chi")),
            data("082", "04", ("a", "895.922/12"), ("2", "23")),
            data("100", "1 ", ("a", "Nguyễn Du,"), ("d", "1765-1820,"), ("e", "tác giả.")),
            data("240", "10", ("a", "Đoạn trường tân thanh.")),
            data(
                "245", "10", ("a", "Truyện Kiều :"), ("b", "truyện thơ /"), ("c", "Nguyễn Du ; Đào Duy Anh khảo chứng.")
            ),
            data("250", "  ", ("a", "Tái bản lần thứ 3 /"), ("b", "có sửa chữa")),
            data("260", "  ", ("a", "Hà Nội :"), ("b", "Nxb. Văn học,"), ("c", "2005.")),
            data("300", "  ", ("a", "250 tr. :"), ("b", "minh họa ;"), ("c", "21 cm.")),
            data("490", "0 ", ("a", "Văn học cổ điển ;"), ("v", "tập 2")),
            data("500", "  ", ("a", "Đầu trang tên sách ghi: Viện Văn học.")),
            data("520", "  ", ("a", "Truyện thơ Nôm.")),
            data("600", "14", ("a", "Nguyễn Du,"), ("d", "1765-1820"), ("x", "Phê bình."), ("v", "Từ điển.")),
            data("650", " 4", ("a", "Văn học cổ điển"), ("z", "Việt Nam.")),
            data("651", " 4", ("a", "Tuyên Quang.")),
            data("653", "  ", ("a", "thơ Nôm"), ("a", "Việt Nam")),
            data("655", " 7", ("a", "Thơ."), ("2", "lcgft")),
            data("700", "1 ", ("a", "Đào Duy Anh.")),
            data("710", "2 ", ("a", "Viện Văn học."), ("b", "Phòng Nôm.")),
            data("856", "42", ("u", "http://example.org/muc-luc")),
            data("856", "40", ("u", "https://example.org/kieu")),
            data("880", "10", ("6", "245-01/$1"), ("a", "斷腸新聲 /"), ("c", "阮攸.")),
        )
    )
    assert told.summary() == {
        "title": "Truyện Kiều",
        "subtitle": "truyện thơ",
        "responsibility": "Nguyễn Du ; Đào Duy Anh khảo chứng",
        "other_titles": ["Đoạn trường tân thanh", "斷腸新聲"],
        "authors": ["Nguyễn Du", "Đào Duy Anh", "Viện Văn học. Phòng Nôm"],
        "author_headings": ["Nguyễn Du, 1765-1820", "Đào Duy Anh", "Viện Văn học. Phòng Nôm"],
        "publisher": "Nxb. Văn học",
        "place": "Hà Nội",
        "year": 2005,
        "isbn": ["9786041000018"],
        "issn": "",
        "language": ["vie", "eng"],
        "type": "BOOK",
        "subjects": [
            "Nguyễn Du, 1765-1820 -- Phê bình -- Từ điển",
            "Văn học cổ điển -- Việt Nam",
            "Tuyên Quang",
            "thơ Nôm",
            "Việt Nam",
            "Thơ",
        ],
        "ddc": ["895.92212"],
        "series": ["Văn học cổ điển ; tập 2"],
        "notes": ["Đầu trang tên sách ghi: Viện Văn học."],
        "extent": "250 tr. : minh họa ; 21 cm.",
        "edition": "Tái bản lần thứ 3 / có sửa chữa",
        "abstract": "Truyện thơ Nôm.",
        "digital_url": "https://example.org/kieu",
    }
    assert told.headings == [
        Heading("PERSON", "Nguyễn Du, 1765-1820", "100"),
        Heading("TITLE", "Đoạn trường tân thanh", "240"),
        Heading("PERSON", "Nguyễn Du, 1765-1820 -- Phê bình -- Từ điển", "600"),
        Heading("TOPIC", "Văn học cổ điển -- Việt Nam", "650"),
        Heading("PLACE", "Tuyên Quang", "651"),
        Heading("TOPIC", "thơ Nôm", "653"),
        Heading("TOPIC", "Việt Nam", "653"),
        Heading("GENRE", "Thơ", "655"),
        Heading("PERSON", "Đào Duy Anh", "700"),
        Heading("CORPORATE", "Viện Văn học. Phòng Nôm", "710"),
    ]


def test_an_empty_record_is_described_as_empty():
    told = describe(record())
    assert (told.title, told.authors, told.year, told.type) == ("", [], None, "BOOK")


@pytest.mark.parametrize(
    ("leader", "extra", "kind"),
    [
        ("nam", [], "BOOK"),
        ("nas", [], "SERIAL"),
        ("nab", [], "SERIAL"),
        ("nam", [data("502", "  ", ("a", "Luận án tiến sĩ"))], "THESIS"),
        ("ntm", [], "MANUSCRIPT"),
        ("ntm", [data("502", "  ", ("a", "Luận văn"))], "THESIS"),
        ("ncm", [], "SCORE"),
        ("nem", [], "MAP"),
        ("nem", [data("502", "  ", ("a", "Luận văn"))], "MAP"),
        ("ngm", [], "VIDEO"),
        ("nim", [], "AUDIO"),
        ("njm", [], "AUDIO"),
        ("nkm", [], "IMAGE"),
        ("nmm", [], "DIGITAL"),
        ("nom", [], "KIT"),
        ("nrm", [], "OTHER"),
        ("n?m", [], "OTHER"),
    ],
)
def test_the_type_follows_the_leader_and_a_dissertation_note(leader, extra, kind):
    assert describe(record(*extra, leader=f"00000{leader} a2200000 i 4500")).type == kind


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ([control("008", "250101s1998    vm" + " " * 23)], 1998),
        ([control("008", "250101s19uu    vm" + " " * 23), data("260", "  ", ("c", "[1987?]"))], 1987),
        ([control("008", "250101suuuu    vm" + " " * 23), data("264", " 1", ("c", "c2011."))], 2011),
        ([data("264", " 4", ("c", "©1999")), data("264", " 1", ("c", "2001"))], 2001),
        ([control("008", "250101s9999    vm" + " " * 23)], None),
        ([data("260", "  ", ("c", "[s.a.]"))], None),
        ([control("008", "short")], None),
    ],
)
def test_the_year_comes_from_008_then_from_the_imprint(fields, year):
    assert describe(record(*fields)).year == year


@pytest.mark.parametrize(
    ("subfields", "title", "subtitle"),
    [
        (
            [("a", "Lịch sử Đảng."), ("n", "Tập 1,"), ("p", "1930-1945 /"), ("c", "A.")],
            "Lịch sử Đảng. Tập 1, 1930-1945",
            "",
        ),
        (
            [("a", "Child verse;"), ("b", "poems grave and gay,"), ("c", "by John B. Tabb.")],
            "Child verse",
            "poems grave and gay",
        ),
        ([("a", "Tạp chí Văn hóa.")], "Tạp chí Văn hóa", ""),
        ([("a", "Làm gì?")], "Làm gì?", ""),
        ([("a", "Chờ..."), ("c", "A")], "Chờ...", ""),
        ([("b", "Chỉ có b")], "Chỉ có b", ""),
        ([("a", "A ="), ("b", "B :"), ("b", "C /")], "A", "B : C"),
    ],
)
def test_isbd_punctuation_is_taken_off_the_title(subfields, title, subtitle):
    told = describe(record(data("245", "10", *subfields)))
    assert (told.title, told.subtitle) == (title, subtitle)


def test_nonfiling_characters_are_told():
    assert describe(record(data("245", "14", ("a", "The end")))).nonfiling == 4
    assert describe(record(data("245", "1#", ("a", "The end")))).nonfiling == 0


@pytest.mark.parametrize("text", ["Tabb, John B.", "Kennedy, John F., Jr.", "Small, Maynard & Co.", "New York, etc."])
def test_the_stop_of_an_initial_or_an_abbreviation_stays(text):
    assert description.unstopped(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0306406152", "9780306406157"),
        ("0-306-40615-2 (pbk.)", "9780306406157"),
        ("080442957X", "9780804429573"),
        ("978-604-1-00001-8", "9786041000018"),
        ("9786041000018", "9786041000018"),
        ("ISBN: 978 604 1 00001 8 :", "9786041000018"),
        ("9786041000019", ""),
        ("0306406153", ""),
        ("1234567890123", ""),
        ("(bìa mềm)", ""),
        ("", ""),
        ("9" * 40, ""),
    ],
)
def test_isbn_is_checked_and_brought_to_13_digits(text, expected):
    assert isbn13(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0378-5955", "0378-5955"),
        ("19405758", "1940-5758"),
        ("1940 5758", "1940-5758"),
        ("2434-561x", "2434-561X"),
        ("0378-5954", ""),
        ("", ""),
    ],
)
def test_issn_is_checked(text, expected):
    assert issn(text) == expected


def test_the_control_number_is_001_then_035():
    assert control_number(record(control("001", " 12 "))) == "12"
    assert control_number(record(data("035", "  ", ("z", "x")), data("035", "  ", ("a", "(OCoLC)7")))) == "(OCoLC)7"
    assert control_number(record()) == ""


def test_packed_languages_are_taken_apart_and_codes_for_no_language_are_dropped():
    told = describe(record(control("008", " " * 35 + "zxx d"), data("041", "0 ", ("a", "engfreVie"), ("a", "N/A"))))
    assert told.language == ["eng", "fre", "vie"]


def test_the_library_of_congress_records_in_vietnamese_are_described():
    with open(shared_data("ship/marc/lc_vietnam/lc_vie_ship.mrc"), "rb") as stream:
        told = [describe(one) for one in good_records(stream)]
    assert all(one.title and one.year for one in told)
    assert all("vie" in one.language for one in told)
    assert sum(1 for one in told if one.subjects) >= 60
    assert not any(
        text != text.strip() or text.endswith((" /", " :", ",")) for one in told for text in (one.title, one.publisher)
    )


def test_nothing_in_the_collected_files_stops_the_description():
    folder = shared_data("dev/marc")
    count = 0
    for path in sorted([*folder.rglob("*.mrc"), *folder.rglob("*.marc"), *folder.rglob("*.dat")]):
        try:
            reading = open_records(io.BytesIO(path.read_bytes()))
        except UnreadableFile:  # they have tests of their own
            continue
        for item in reading:
            if isinstance(item, RawRecord):
                describe(item.record).summary()
                count += 1
    assert count > 700


@pytest.mark.parametrize(
    ("fields", "classes"),
    [
        ([("090", "387.162")], ["387.162"]),
        ([("082", "895.922"), ("090", "387.162")], ["895.922"]),
        ([("090", "PL4378.9")], []),
        ([("090", "22.3z73")], []),
    ],
)
def test_the_local_call_number_of_libol_gives_the_class_where_no_082_does(fields, classes):
    made = [data(tag, "  ", ("a", value), ("b", "Đ107GI")) for tag, value in fields]
    assert describe(record(*made)).ddc == classes
