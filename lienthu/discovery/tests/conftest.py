"""What the tests of discovery share: two libraries, seven records, their copies, and an index of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client, override_settings

from lienthu.catalogue.tests.factories import MAP, SERIAL, cluster, copies, field, fixed, marc, take
from lienthu.discovery.actions import drain_if_alone
from lienthu.libraries.queries import Library
from lienthu.libraries.tests.factories import library


@dataclass(frozen=True)
class Network:
    """Two libraries that hold the records of `RECORDS`."""

    main: Library
    commune: Library

    def url(self, number: str) -> str:
        return f"/bieu-ghi/{cluster(number).public_id}"


RECORDS = (
    marc(
        "kieu", fixed(1979, "vie"), field("020", "  ", ("a", "9786041012349")),
        field("082", "04", ("a", "895.9221")), field("100", "0 ", ("a", "Nguyễn Du,"), ("d", "1765-1820.")),
        field(
            "245", "10", ("a", "Truyện Kiều :"), ("b", "đoạn trường tân thanh /"),
            ("c", "Nguyễn Du ; Đào Duy Anh hiệu khảo."),
        ),
        field("260", "  ", ("a", "Hà Nội :"), ("b", "Văn học,"), ("c", "1979.")),
        field("300", "  ", ("a", "226 tr. ;"), ("c", "19 cm.")),
        field("650", " 4", ("a", "Truyện thơ Nôm")), field("700", "0 ", ("a", "Đào Duy Anh")),
    ),
    marc(
        "tudien", fixed(1974, "vie"), field("082", "04", ("a", "895.922103")), field("100", "0 ", ("a", "Đào Duy Anh")),
        field("245", "10", ("a", "Từ điển Truyện Kiều")),
        field("260", "  ", ("a", "Hà Nội :"), ("b", "Khoa học xã hội,"), ("c", "1974.")),
        field("650", " 4", ("a", "Truyện thơ Nôm")),
    ),
    marc(
        "tale", fixed(1983, "eng"), field("082", "04", ("a", "895.9221")), field("100", "0 ", ("a", "Nguyễn Du")),
        field("245", "14", ("a", "The tale of Kiều <b>& others</b>")),
        field("260", "  ", ("a", "New Haven :"), ("b", "Yale University Press,"), ("c", "1983.")),
        field("650", " 0", ("a", "Vietnamese poetry"), ("v", "Translations into English.")),
    ),
    marc(
        "then", fixed(1978, "vie"), field("082", "04", ("a", "781.629597")),
        field("245", "10", ("a", "Hát then của người Tày")),
        field("260", "  ", ("a", "Hà Nội :"), ("b", "Văn hóa,"), ("c", "1978.")),
        field("650", " 4", ("a", "Âm nhạc dân gian")),
    ),
    marc(
        "bando", fixed(2005, "vie"), field("245", "10", ("a", "Bản đồ hành chính tỉnh Tuyên Quang")), leader=MAP,
    ),
    marc(
        "bao", fixed(1997, "vie"), field("022", "  ", ("a", "0866-7497")),
        field("110", "2 ", ("a", "Hội Nhà báo Tuyên Quang")),
        field("245", "10", ("a", "Báo Tuyên Quang")), leader=SERIAL,
    ),
    marc("an", fixed(2001, "vie"), field("245", "10", ("a", "Ảnh tư liệu nội bộ"))),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path) -> Iterator[None]:
    with override_settings(DOCUMENTS_ROOT=tmp_path / "documents", INDEX_ROOT=tmp_path / "index", HOME=tmp_path):
        caches["local"].clear()
        yield


@pytest.fixture
def network(db: None) -> Network:
    """The records are imported, have copies, and are indexed."""
    caches["default"].clear()
    made = Network(library("VN-T-TINH", "Thư viện tỉnh", "PROVINCIAL"), library("VN-T-XA", "Thư viện xã Tân Trào"))
    take(made.main, *RECORDS)
    copies("kieu", made.main, ["AVAILABLE", "AVAILABLE", "ON_LOAN"])
    copies("kieu", made.commune, ["AVAILABLE", "REFERENCE_ONLY"])
    copies("kieu", made.commune, ["LOST"], visibility="HIDDEN")
    copies("tudien", made.main, ["REFERENCE_ONLY"])
    copies("tale", made.commune, ["ON_LOAN"])
    copies("then", made.commune, ["AVAILABLE"])
    copies("an", made.main, ["AVAILABLE"], visibility="NETWORK")
    assert drain_if_alone()
    return made


@pytest.fixture
def titles(client: Client) -> Callable[[str], list[str]]:
    """Titles on a page of results, in order."""

    def read(address: str) -> list[str]:
        answer = client.get(address)
        assert answer.status_code == 200
        return [card.plain_title for card in answer.context["cards"]]

    return read
