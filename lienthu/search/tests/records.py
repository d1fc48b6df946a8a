"""Real titles for the tests: well-known Vietnamese works, and Library of Congress records read with pymarc."""

import re
from collections.abc import Iterator
from pathlib import Path

from pymarc import MARCReader, Record

from lienthu.kernel import text
from lienthu.search.schema import Document

# Title, author, subject, year; id is the place in the list, from 1.
WORKS: tuple[tuple[str, str, str, int], ...] = (
    ("Truyện Kiều", "Nguyễn Du", "Thơ Nôm", 1820),
    ("Đất rừng phương Nam", "Đoàn Giỏi", "Văn học thiếu nhi", 1957),
    ("Dế mèn phiêu lưu ký", "Tô Hoài", "Văn học thiếu nhi", 1941),
    ("Hát Then", "Dương Kim Bội", "Văn hóa dân gian Tày", 1978),
    ("Bến quê", "Nguyễn Minh Châu", "Truyện ngắn", 1985),
    ("Bến không chồng", "Dương Hướng", "Tiểu thuyết", 1990),
    ("Số đỏ", "Vũ Trọng Phụng", "Tiểu thuyết", 1936),
    ("Tắt đèn", "Ngô Tất Tố", "Tiểu thuyết", 1939),
    ("Chí Phèo", "Nam Cao", "Truyện ngắn", 1941),
    ("Lão Hạc", "Nam Cao", "Truyện ngắn", 1943),
    ("Vợ nhặt", "Kim Lân", "Truyện ngắn", 1962),
    ("Nhật ký trong tù", "Hồ Chí Minh", "Thơ", 1960),
    ("Lục Vân Tiên", "Nguyễn Đình Chiểu", "Truyện thơ Nôm", 1859),
    ("Chinh phụ ngâm khúc", "Đặng Trần Côn", "Thơ chữ Hán", 1741),
    ("Đại Việt sử ký toàn thư", "Ngô Sĩ Liên", "Lịch sử Việt Nam", 1697),
    ("Việt Nam sử lược", "Trần Trọng Kim", "Lịch sử Việt Nam", 1920),
    ("Nỗi buồn chiến tranh", "Bảo Ninh", "Tiểu thuyết", 1990),
    ("Tuổi thơ dữ dội", "Phùng Quán", "Văn học thiếu nhi", 1988),
    ("Cho tôi xin một vé đi tuổi thơ", "Nguyễn Nhật Ánh", "Văn học thiếu nhi", 2008),
    ("Mắt biếc", "Nguyễn Nhật Ánh", "Tiểu thuyết", 1990),
    ("Không gia đình", "Hector Malot", "Tiểu thuyết Pháp", 1878),
    ("Hòn Đất", "Anh Đức", "Tiểu thuyết", 1966),
    ("Tây Tiến", "Quang Dũng", "Thơ", 1948),
    ("Việt Bắc", "Tố Hữu", "Thơ", 1954),
    ("Gió đầu mùa", "Thạch Lam", "Truyện ngắn", 1937),
    ("Thủy hử", "Thi Nại Am", "Tiểu thuyết Trung Quốc", 1963),
    ("Hoa tiên", "Nguyễn Huy Tự", "Truyện thơ Nôm", 1875),
    ("Quê ngoại", "Hồ Dzếnh", "Thơ", 1942),
    ("Quê mẹ", "Thanh Tịnh", "Truyện ngắn", 1941),
    ("Văn học dân gian Tày : khảo cứu về Truyện Kiều và hát then", "Vũ Anh Tuấn", "Nghiên cứu văn học", 2004),
    ("Kiều học : những bài nghiên cứu truyện thơ của Nguyễn Du", "Đào Duy Anh", "Truyện Kiều", 1974),
    ("Sức bền vật liệu", "Lê Ngọc Hồng", "Cơ học", 1998),
    ("Ben-Hur", "Lewis Wallace", "Fiction", 1880),
    ("Big Ben and the hat: then and now", "John Smith", "Fashion History", 1999),
    ("The man in the hat, then gone", "Ann Nam", "Fiction", 2001),
    ("Que sera : a memoir", "Kieu Truyen", "Biography", 1990),
    ("Tin học đại cương", "Hoàng Kiếm", "Tin học", 1995),
    ("Hóa học vô cơ", "Hoàng Nhâm", "Hóa học", 1999),
    ("Ma văn kháng tuyển tập", "Ma Văn Kháng", "Truyện ngắn", 2003),
    ("Lịch sử Đảng bộ tỉnh Tuyên Quang", "Tỉnh ủy Tuyên Quang", "Tuyên Quang", 2000),
)

LIBRARIES = ("VN-TQ-TINH", "VN-TQ-SONDUONG", "VN-TQ-NAHANG", "VN-TQ-DHTT")


def works() -> list[Document]:
    """The well-known works, spread over four libraries."""
    return [
        Document(
            id=number,
            title=title,
            authors=(author,),
            subjects=(subject,),
            year=year,
            languages=("eng",) if title.isascii() else ("vie",),
            type="BOOK" if number % 5 else "DIGITAL",
            libraries=tuple(dict.fromkeys((LIBRARIES[number % 4], LIBRARIES[number % 3]))),
            available_at=(LIBRARIES[number % 4],) if number % 2 else (),
            digital=number % 5 == 0,
            accession_numbers=(f"TQ.{number:06d}",),
            added_on=738_000 + number % 7,
            title_sort=text.sort_key(title),
        )
        for number, (title, author, subject, year) in enumerate(WORKS, 1)
    ]


def id_of(title: str) -> int:
    """Id of a well-known work."""
    return next(number for number, work in enumerate(WORKS, 1) if work[0] == title)


def loc_records(folder: Path) -> list[Document]:
    """Library of Congress records on Vietnam as documents, ids from 1,001."""
    documents: dict[str, Document] = {}
    for name in ("lc_vie_ship.mrc", "lc_041vie.mrc", "lc_about_vietnam_ship.mrc"):
        for record in _read(folder / name):
            control = (record["001"].data or "").strip()
            documents.setdefault(control, _document(1_001 + len(documents), control, record))
    return list(documents.values())


def _read(file: Path) -> Iterator[Record]:
    with file.open("rb") as stream:
        yield from (record for record in MARCReader(stream, to_unicode=True, force_utf8=True) if record)


def _document(number: int, control: str, record: Record) -> Document:
    coded = record["008"].data or ""
    year = re.match(r"\d{4}", coded[7:11])
    title = " ".join(record["245"].get_subfields("a", "b", "n", "p"))
    return Document(
        id=number,
        title=title,
        authors=_texts(record, ("100", "110", "700", "710"), "abcd"),
        subjects=_texts(record, ("600", "610", "650", "651"), "axyz"),
        publisher=next(iter(_texts(record, ("260", "264"), "b")), ""),
        series=_texts(record, ("440", "490"), "a"),
        notes=_texts(record, ("500", "504", "505", "520"), "a"),
        isbns=_texts(record, ("020",), "a"),
        control_numbers=(control,),
        ddc=_texts(record, ("082",), "a"),
        languages=(coded[35:38],),
        type="BOOK",
        year=int(year[0]) if year else None,
        libraries=(LIBRARIES[number % 4],),
        available_at=(LIBRARIES[number % 4],) if number % 3 else (),
        added_on=738_100,
        title_sort=text.sort_key(title),
    )


def _texts(record: Record, tags: tuple[str, ...], codes: str) -> tuple[str, ...]:
    found = (" ".join(field.get_subfields(*codes)) for field in record.get_fields(*tags))
    return tuple(filter(None, found))
