"""Two cataloguers at one record, and listing by scanning: nothing lost, nothing twice."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from lienthu.catalogue.actions.keeping import ItemValues
from lienthu.catalogue.models import Item, SourceRecord
from lienthu.catalogue.queries.desk import content_of
from lienthu.cataloguing.actions.listing import list_copy
from lienthu.cataloguing.models import Draft, NumberSeries
from lienthu.cataloguing.queries.numbering import next_number, numberings, run_of
from lienthu.cataloguing.tests.conftest import Network, make_network
from lienthu.cataloguing.tests.test_desk import LEADER, ROWS
from lienthu.libraries.tests.factories import person


def _rows(**changed: str) -> list[tuple[str, str, str]]:
    return [(tag, signs, changed.get(f"t{tag}", text)) for tag, signs, text in ROWS]


def _post(client: Client, record: SourceRecord, expected: int, rows: list[tuple[str, str, str]]):
    data = {
        **{"record": record.pk, "expected": expected, "leader": LEADER, "what": "save"},
        **{name: [row[place] for row in rows] for place, name in enumerate(("tag", "ind", "text"))},
    }
    return client.post(reverse("cataloguing:act"), data)


def test_the_second_one_to_save_chooses_field_by_field(network: Network, desk: Client) -> None:
    data = {"library": network.home.pk, "leader": LEADER, "what": "save"}
    desk.post(
        reverse("cataloguing:act"),
        data | {name: [row[place] for row in ROWS] for place, name in enumerate(("tag", "ind", "text"))},
    )
    record = SourceRecord.objects.get(library=network.home)
    colleague = Client()
    colleague.force_login(person("dongnghiep", "CATALOGUER", network.home.scope).account)
    assert _post(colleague, record, 1, _rows(t245="$a Của họ", t260="$c 1986")).status_code == 302
    answer = _post(desk, record, 1, [*_rows(t245="$a Của tôi"), ("500", "##", "$a Phụ chú của tôi")])
    draft = Draft.objects.get()
    conflict = reverse("cataloguing:conflict", args=[draft.pk])
    assert answer.headers["Location"] == conflict
    page = desk.get(conflict).content.decode()
    assert "dongnghiep đã lưu biểu ghi này" in page and "Của họ" in page and "Của tôi" in page and "Bến quê" in page
    (name,) = set(re.findall(r'name="(choice-\d+)"', page))
    assert "Còn chỗ chưa chọn" in desk.post(conflict, {"theirs": 2}).content.decode()
    stale = desk.post(conflict, {"theirs": 1, name: "mine"}).content.decode()
    assert "vừa được lưu thêm lần nữa" in stale
    assert desk.post(conflict, {"theirs": 2, name: "both"}).headers["Location"] == reverse(
        "cataloguing:draft", args=[draft.pk]
    )
    draft.refresh_from_db()
    texts = [text for _tag, _signs, text in draft.content["rows"]]
    assert draft.base_revision == 2
    assert {"$a Của tôi", "$a Của họ", "$c 1986", "$a Phụ chú của tôi"} <= set(texts)
    record.refresh_from_db()
    assert record.revision == 2
    assert content_of(record).marc.subfields("245", "a") == ["Của họ"]


def test_one_touch_adds_a_copy_and_a_second_sending_none(network: Network, desk: Client) -> None:
    found = desk.get(
        reverse("cataloguing:scan_look_up"), {"library": network.home.pk, "isbn": "978-604-1-00000-1"}
    ).json()
    assert (found["isbn"], found["valid"], [one["title"] for one in found["found"]]) == (
        "9786041000001",
        True,
        ["Truyện Kiều"],
    )
    data = {"library": network.home.pk, "cluster": found["found"][0]["cluster"], "key": "a" * 16, "shelf": "Kho mở"}
    for _ in range(2):
        answer = desk.post(reverse("cataloguing:scan_add"), data, headers={"Accept": "application/json"}).json()
        assert (answer["ok"], answer["number"], answer["numbers"]) == (True, "VN-T-XA.000001", {"0": "VN-T-XA.000002"})
    item = Item.objects.get(library=network.home)
    assert (item.shelf, item.call_number) == ("Kho mở", "895.9221 NG527")
    own = SourceRecord.objects.get(library=network.home)
    assert own.cluster_id == SourceRecord.objects.get(control_number="kieu").cluster_id
    taken = desk.post(
        reverse("cataloguing:scan_add"),
        data | {"key": "b" * 16, "accession_number": "VN-T-XA.000001"},
        headers={"Accept": "application/json"},
    )
    assert taken.status_code == 409 and "đã thuộc về một bản khác" in taken.json()["problem"]
    gone = desk.post(
        reverse("cataloguing:scan_add"), data | {"cluster": 999_999}, headers={"Accept": "application/json"}
    )
    assert gone.status_code == 409 and Item.objects.filter(library=network.home).count() == 1


def test_scanning_works_without_scripts_too(network: Network, desk: Client) -> None:
    page = desk.get(reverse("cataloguing:scan"), {"isbn": "9786041000001"}).content.decode()
    assert "Truyện Kiều" in page and 'value="VN-T-XA.000001"' in page
    cluster = SourceRecord.objects.get(control_number="kieu").cluster_id
    answer = desk.post(reverse("cataloguing:scan_add"), {"library": network.home.pk, "cluster": cluster})
    assert answer.status_code == 302 and Item.objects.get(library=network.home).accession_number == "VN-T-XA.000001"
    assert "isbn=9786041000018" in desk.get(reverse("cataloguing:scan"), {"isbn": "9786041000018"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_never_get_one_number() -> None:
    network = make_network()
    cluster = SourceRecord.objects.get(control_number="kieu").cluster_id

    def add(place: int) -> str:
        try:
            item = list_copy(
                actor=network.actor,
                library=network.home,
                cluster_id=cluster,
                values=ItemValues(),
                key=f"scan-{place:012d}",
            )
            return item.accession_number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        given = sorted(pool.map(add, range(8)))
    assert given == [f"VN-T-XA.{n:06d}" for n in range(1, 9)]
    assert SourceRecord.objects.filter(library=network.home).count() == 1


def test_numbers_are_counted_on_by_series(network: Network) -> None:
    home = network.home
    assert [one.next for one in numberings(home.pk, home.code)] == ["VN-T-XA.000001"]
    NumberSeries.objects.create(library=home, name="Mượn", prefix="M", digits=2, first=98)
    assert [one.next for one in numberings(home.pk, home.code)] == ["M98"]
    record = SourceRecord.objects.get()
    for number in ("M98", "M99", "N7"):
        Item.objects.create(record=record, library=home, accession_number=number, source_key=number)
    assert next_number(home.pk, "M", 2) == "M100"
    assert next_number(home.pk, "N", 1) == "N8"
    assert run_of("M099", 3) == ["M099", "M100", "M101"]
    assert run_of("abc", 1) == ["abc"] and run_of("abc", 2) == []
