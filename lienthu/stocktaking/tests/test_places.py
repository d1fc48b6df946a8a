"""Where copies stand, beside where the catalogue has them: in rounds of the whole library too."""

import io

import pytest
from django.urls import reverse
from docx import Document

from lienthu.catalogue.models import Item
from lienthu.libraries.actions import BranchData, add_branch
from lienthu.libraries.queries import Branch
from lienthu.libraries.tests.factories import SYSTEM
from lienthu.stocktaking import actions
from lienthu.stocktaking.actions import Refused, Scanned
from lienthu.stocktaking.models import Scan
from lienthu.stocktaking.policy import in_wrong_place
from lienthu.stocktaking.tests.test_round import closed, copies, desk, monday, opened, outcomes, scanned

__all__ = ["copies", "desk", "monday"]


@pytest.fixture
def points(network) -> list[Branch]:
    return [
        add_branch(actor=SYSTEM, library=network.a, code=f"D{place}", data=BranchData(f"Điểm {place}", "BOOKCASE"))
        for place in (1, 2)
    ]


@pytest.mark.parametrize(
    ("at_shelf", "shelf", "wrong"),
    [
        ("", "Kho A", False),
        ("Kho A", "", False),
        ("kho  a", "Kho A, giá 12", False),
        ("Kho A, giá 12", "Kho A", False),
        ("giá 12", "Kho A, giá 12", False),
        ("giá 1", "Kho A, giá 12", True),
        ("Kho B", "Kho A, giá 12", True),
    ],
)
def test_names_of_shelves_agree_by_their_words(at_shelf, shelf, wrong):
    assert in_wrong_place(at_branch=None, branch=None, at_shelf=at_shelf, shelf=shelf) is wrong


def test_a_branch_counts_only_where_both_sides_say_it():
    said = {(1, 1): False, (1, 2): True, (None, 2): False, (1, None): False}
    for (at_branch, branch), wrong in said.items():
        assert in_wrong_place(at_branch=at_branch, branch=branch, at_shelf="", shelf="") is wrong


def test_in_a_round_of_the_whole_library_what_stands_elsewhere_is_in_the_wrong_place(desk, network, copies, points):
    Item.objects.update(shelf="")
    Item.objects.filter(pk__in=[copies[0].pk, copies[1].pk]).update(branch=points[0], shelf="Kho A, giá 1")
    Item.objects.filter(pk=copies[2].pk).update(branch=points[1])
    Item.objects.filter(pk=copies[3].pk).update(status="LOST", shelf="Kho B")
    one = opened(desk, network)
    page = desk.get(reverse("stocktaking:round", args=[one.public_id])).content.decode()
    assert "Điểm phục vụ đang kiểm" in page and "Điểm 2" in page
    here = {"branch": points[0].pk, "place": "Kho A"}
    answer = scanned(
        desk, one, *(item.accession_number for item in (copies[0], copies[2], copies[3], copies[4])), **here
    )
    assert "Sai kho" in answer.content.decode()
    assert f'<option value="{points[0].pk}" selected>' in answer.content.decode()
    scanned(desk, one, copies[1].accession_number, place="Kho B")
    expected = {
        copies[0].accession_number: "FOUND",
        copies[1].accession_number: "WRONG_SHELF",
        copies[2].accession_number: "WRONG_SHELF",
        copies[3].accession_number: "FOUND_AGAIN",
        copies[4].accession_number: "FOUND",
    }
    assert outcomes(one) == expected
    shown = desk.get(reverse("stocktaking:round", args=[one.public_id])).content.decode()
    assert "Để ở Kho B; chỗ đúng: Điểm 1, Kho A, giá 1" in shown
    assert "Để ở Điểm 1, Kho A; chỗ đúng: Điểm 2" in shown
    one = closed(desk, one)
    assert Item.objects.get(pk=copies[3].pk).status == "AVAILABLE"
    Item.objects.filter(pk=copies[1].pk).update(shelf="Kho B")
    assert outcomes(one) == expected, "what a closed round found does not change"
    paper = desk.get(reverse("stocktaking:minutes", args=[one.public_id]) + "?dang=docx")
    sums, rows, _signed = Document(io.BytesIO(paper.content)).tables
    assert [cell.text for cell in sums.rows[1].cells] == ["3", "0", "2", "0"]
    assert any("chỗ đúng: Điểm 2" in row.cells[4].text for row in rows.rows)


def test_the_beginning_of_names_that_a_round_chose_is_no_shelf(desk, network, copies):
    Item.objects.update(shelf="Khoa học")
    one = opened(desk, network, shelf="Kho")
    scanned(desk, one, copies[0].accession_number, place="Kho")
    assert outcomes(one)[copies[0].accession_number] == "FOUND"


def test_a_point_of_another_library_is_refused_and_nothing_is_kept(desk, network, copies, points):
    foreign = add_branch(actor=SYSTEM, library=network.b, code="D9", data=BranchData("Điểm 9", "BOOKCASE"))
    one = opened(desk, network)
    assert scanned(desk, one, copies[0].accession_number, branch=foreign.pk).status_code == 422
    with pytest.raises(Refused, match="OTHER_BRANCH"):
        actions.scan(actor=network.actor, round_id=one.pk, numbers=[Scanned("1")], branch=foreign)
    assert not Scan.objects.exists()
