"""Sets through the pages."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.test import Client
from docx import Document

from lienthu.kernel import clock
from lienthu.libraries.tests.factories import person
from lienthu.rotation.models import Piece, RotationSet

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DESK = "/ban-lam-viec/luan-chuyen/"


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def browser(person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def test_a_set_goes_there_and_back_through_the_pages_with_its_minutes(network):
    at_a, at_b = browser(network.desk_a), browser(network.desk_b)
    first, second = network.copy(), network.copy()
    made = at_a.post(
        DESK + "moi",
        {"name": "Tủ sách thôn", "owner": network.a.pk, "host": network.b.pk, "point": "", "due_on": "2027-03-01"},
    )
    one = RotationSet.objects.get()
    page = f"{DESK}{one.public_id}/"
    assert (made.status_code, made["Location"]) == (302, page)
    assert at_b.get(page).status_code == 404
    numbers = f"{first.accession_number}\n{second.accession_number}"
    assert at_a.post(page + "quet", {"numbers": numbers}).status_code == 302
    assert at_a.post(page + "chuyen-buoc", {"tu": "DRAFT"}).status_code == 302
    assert at_b.post(page + "quet", {"numbers": first.accession_number}).status_code == 302
    refused = at_b.post(page + "chuyen-buoc", {"tu": "SENT"})
    assert refused.status_code == 422
    assert second.accession_number in refused.content.decode()
    why = {f"vi-sao-{Piece.objects.get(item=second).pk}": "Rách bìa, để lại"}
    assert at_b.post(page + "chuyen-buoc", {"tu": "SENT", **why}).status_code == 302
    pdf = at_a.get(page + "bien-ban?lan=giao&dang=pdf")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    paper = Document(BytesIO(at_b.get(page + "bien-ban?lan=giao&dang=docx").content))
    text = "\n".join(one.text for one in paper.paragraphs)
    assert "Số bản giao: 2" in text
    assert "Số bản nhận: 1" in text
    assert "Rách bìa, để lại" in [cell.text for row in paper.tables[0].rows for cell in row.cells]
    assert at_a.get(page + "bien-ban?lan=tra&dang=pdf").status_code == 404
    assert at_b.post(page + "quet", {"numbers": first.accession_number}).status_code == 302
    assert at_b.post(page + "chuyen-buoc", {"tu": "THERE"}).status_code == 302
    assert at_a.post(page + "quet", {"numbers": first.accession_number}).status_code == 302
    assert at_a.post(page + "chuyen-buoc", {"tu": "RETURNING"}).status_code == 302
    one.refresh_from_db()
    assert one.state == "CLOSED"
    assert at_a.get(page + "bien-ban?lan=tra&dang=pdf").content[:5] == b"%PDF-"
    assert at_a.get(DESK + f"moi?tu={one.public_id}").status_code == 200


def test_a_wrong_number_is_explained_and_changes_nothing(network, sets):
    one = sets.sent(network.copy())
    stranger = network.copy(record="demen")
    answer = browser(network.desk_b).post(f"{DESK}{one.public_id}/quet", {"numbers": stranger.accession_number})
    assert answer.status_code == 422
    assert "không thuộc bộ này" in answer.content.decode()
    assert Piece.objects.get().arrived_at is None


def test_lists_filter_sort_and_export(network, sets):
    sets.there(network.copy())
    at_b = browser(network.desk_b)
    assert "Tủ sách thôn" in at_b.get(DESK + "?sort=-due&q=tủ").content.decode()
    assert "Tủ sách thôn" not in at_b.get(DESK + "?state=LATE").content.decode()
    with clock.frozen(datetime(2027, 3, 5, 3, tzinfo=UTC)):
        late = at_b.get(DESK + "?state=LATE").content.decode()
    assert "Quá hạn trả" in late
    rows = b"".join(at_b.get(DESK + "?dang=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert rows[1].startswith("Tủ sách thôn,Đang ở điểm luân chuyển,01/03/2027")
    public = RotationSet.objects.get().public_id
    assert len(b"".join(at_b.get(f"{DESK}{public}/?dang=csv").streaming_content).splitlines()) == 2


def test_others_find_no_set_and_every_step_is_closed_to_them(network, sets):
    one = sets.there(network.copy())
    stranger = browser(network.manager_a)
    assert stranger.get(f"{DESK}{one.public_id}/").status_code == 200
    outside = browser(person("thuthuc", "LIBRARIAN", network.c.scope))
    page = f"{DESK}{one.public_id}/"
    assert [outside.get(page).status_code, outside.get(page + "bien-ban?lan=giao").status_code] == [404, 404]
    for step in ("quet", "chuyen-buoc", "sua"):
        assert outside.post(page + step, {"numbers": "x", "tu": "THERE"}).status_code == 404
    assert browser(network.desk_a).post(page + "chuyen-buoc", {"tu": "THERE"}).status_code == 403
    one.refresh_from_db()
    assert one.state == "THERE"
