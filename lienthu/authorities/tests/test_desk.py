"""The authority desk through HTTP."""

import pytest
from django.test import Client
from django.urls import reverse

from lienthu.authorities.actions import AuthorityData, edit_authority, merge_authorities
from lienthu.authorities.models import Authority, Change, Proposal
from lienthu.authorities.policy.forms import person_form
from lienthu.authorities.tests.conftest import File, book, by, lines
from lienthu.catalogue.models import Heading
from lienthu.catalogue.tests.factories import field
from lienthu.libraries.tests.factories import Person

DESK = "/ban-lam-viec/de-muc/"


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


@pytest.fixture
def desk(file: File) -> Client:
    """The desk of a keeper of the file."""
    return client_of(file.keeper)


def url(authority: Authority, name: str = "authority") -> str:
    return reverse(f"authorities:{name}", args=[authority.public_id])


def given(**more: str) -> dict[str, str]:
    """A filled form of a person."""
    empty = dict.fromkeys(
        ("numeral", "title", "full", "dates", "variants", "broader", "narrower", "related", "note", "sources", "why"),
        "",
    )
    return {**empty, "name": "Nguyễn Du", "indicator": "0", "keep_old": "on", **more}


def test_the_list_finds_any_form_in_three_tiers_and_goes_out_as_csv(file: File, books, desk: Client) -> None:
    books(*(book(str(n), by(("a", name))) for n, name in enumerate(["Nguyễn Du", "Nguyễn Dữ", "Tô Hoài"])))
    for name in ("Nguyễn Du", "Nguyễn Dữ", "Tô Hoài"):
        file.authority(name)
    one = Authority.objects.get(text="Tô Hoài")
    form = person_form(name="Tô Hoài")
    edit_authority(
        actor=file.actor, authority_id=one.pk, expected=1, form=form,
        data=AuthorityData(variants=(person_form(name="Nguyễn Sen"),)),
    )  # fmt: skip

    def texts(query: str) -> list[str]:
        return [row.cells["text"] for row in desk.get(DESK + query).context["table"].rows]

    assert texts("") == ["Nguyễn Du", "Nguyễn Dữ", "Tô Hoài"]
    assert texts("?sort=-text") == ["Tô Hoài", "Nguyễn Dữ", "Nguyễn Du"]
    assert texts("?q=nguyễn+dữ") == ["Nguyễn Dữ", "Nguyễn Du"]
    assert texts("?q=nguyen+sen") == ["Tô Hoài"]
    assert texts("?variants=yes") == ["Tô Hoài"]
    assert texts("?kind=PLACE") == []
    csv = b"".join(desk.get(DESK + "?format=csv&q=sen").streaming_content).decode()
    assert csv.splitlines()[1] == "Tô Hoài,Tên người,Nguyễn Sen,,"


def test_a_heading_of_the_records_becomes_an_authority_and_is_edited(file: File, books, desk: Client) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))))
    heading = Heading.objects.get(text="Nguyễn Du")
    row = desk.get(DESK + "trong-bieu-ghi/").context["table"].rows[0]
    assert (row.cells["text"], row.cells["records"], row.cells["state"][1]) == ("Nguyễn Du", 1, "Chưa có")
    answer = desk.post(DESK + f"trong-bieu-ghi/{heading.pk}/")
    made = Authority.objects.get()
    assert answer.url == url(made, "edit")
    answer = desk.post(
        url(made, "edit"), given(variants="Tố Như\nThanh Hiên", sources="Thư viện Quốc hội Hoa Kỳ", expected="1")
    )
    assert answer.url == url(made)
    page = desk.get(url(made)).content.decode()
    assert "Tố Như" in page and "Thư viện Quốc hội Hoa Kỳ" in page
    assert desk.get(DESK + "trong-bieu-ghi/").context["table"].rows[0].cells["state"][1] == "Có biểu ghi"


def test_a_new_preferred_form_is_shown_with_what_it_does_before_it_is_done(file: File, books, desk: Client) -> None:
    books(*(book(f"a{n}", by(("a", "Nguyễn Du"))) for n in range(3)))
    made = file.authority("Nguyễn Du")
    wanted = given(dates="1765-1820", expected="1")
    page = desk.post(url(made, "edit"), wanted)
    shown = page.context["preview"]
    assert (shown.total, shown.libraries) == (3, (("Thư viện tỉnh", 3),))
    assert shown.samples[0].lines == (("=100  0 $aNguyễn Du", "=100  0 $aNguyễn Du,$d1765-1820"),)
    assert Authority.objects.get(pk=made.pk).text == "Nguyễn Du" and not Change.objects.exists()
    answer = desk.post(url(made, "edit"), wanted | {"sure": "1"})
    change = Change.objects.get()
    assert answer.url == reverse("authorities:change", args=[change.public_id])
    assert desk.get(answer.url).context["work"].total == 3
    file.carry(change)
    work = desk.get(answer.url + "tien-do")
    assert "3" in work.content.decode()
    assert lines("a2", "100") == ["=100  0 $aNguyễn Du,$d1765-1820"]
    assert desk.post(answer.url + "hoan-tac").status_code == 302
    file.give_back(change)
    assert lines("a2", "100") == ["=100  0 $aNguyễn Du"]


def test_the_second_of_two_editors_sees_that_and_keeps_what_they_typed(file: File, books, desk: Client) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))))
    made = file.authority("Nguyễn Du")
    other = client_of(file.second_keeper)
    assert desk.post(url(made, "edit"), given(note="Thứ nhất", expected="1")).status_code == 302
    page = other.post(url(made, "edit"), given(note="Thứ hai", expected="1"))
    assert page.status_code == 400
    assert "vừa có người khác lưu" in page.content.decode() and "Thứ hai" in page.content.decode()
    assert Authority.objects.get(pk=made.pk).note == "Thứ nhất"


def test_relations_must_be_authorities_that_are_there(file: File, books, desk: Client) -> None:
    books(book("a1", field("650", " 4", ("a", "Dân ca"))), book("a2", field("650", " 4", ("a", "Hát then"))))
    song, then = file.authority("Dân ca", "TOPIC"), file.authority("Hát then", "TOPIC")
    wanted = given(name="Hát then", parts="", broader="Dân ca\nÂm nhạc", expected="1")
    page = desk.post(url(then, "edit"), wanted)
    assert "“Âm nhạc” chưa có biểu ghi đề mục" in page.content.decode()
    assert desk.post(url(then, "edit"), wanted | {"broader": "dân ca"}).status_code == 302
    assert then.relations.get().other_id == song.pk
    assert "Khái niệm hẹp hơn" in desk.get(url(song)).content.decode()


def test_possible_duplicates_are_offered_for_merging(file: File, books, desk: Client) -> None:
    books(
        book("a1", by(("a", "Nguyễn Du,"), ("d", "1765-1820."))),
        book("a2", by(("a", "Nguyễn Du"))),
        book("a3", by(("a", "Nguyen Du"))),
        book("a4", by(("a", "Trần Dần,"), ("d", "1926-1997"))),
        book("a5", by(("a", "Trần Dần,"), ("d", "1850-1900"))),
    )
    groups = desk.get(DESK + "co-the-trung/").context["groups"]
    assert [sorted(one.text for one in group.members) for group in groups] == [
        ["Nguyen Du", "Nguyễn Du", "Nguyễn Du, 1765-1820"]
    ]
    by_text = {one.text: one.heading_id for one in groups[0].members}
    answer = desk.post(
        DESK + "co-the-trung/gop", {"keep": by_text["Nguyễn Du, 1765-1820"], "absorb": by_text["Nguyễn Du"]}
    )
    assert desk.get(answer.url).context["preview"].total == 1
    kept, gone = Authority.objects.get(text="Nguyễn Du, 1765-1820"), Authority.objects.get(text="Nguyễn Du")
    answer = desk.post(url(kept, "merge"), {"gop": gone.public_id, "expected": "1", "other": "1"})
    assert answer.url == reverse("authorities:change", args=[Change.objects.get().public_id])
    page = desk.get(url(gone))
    assert "đã được gộp" in page.content.decode()


def test_a_heading_in_use_is_not_deleted_and_an_unused_one_is(file: File, books, desk: Client) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))))
    made = file.authority("Nguyễn Du")
    desk.post(url(made, "delete"), {"expected": "1"})
    assert Authority.objects.get(pk=made.pk).status == "ACTIVE"
    desk.post(DESK + "tao/?kind=TOPIC", given(name="Hát ru", parts=""))
    unused = Authority.objects.get(text="Hát ru")
    desk.post(url(unused, "delete"), {"expected": "1"})
    assert Authority.objects.get(pk=unused.pk).status == "DELETED"
    assert desk.get(url(unused)).status_code == 200


def test_a_cataloguer_of_a_library_may_only_propose_and_gets_an_answer(file: File, books, desk: Client) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))))
    made = file.authority("Nguyễn Du")
    library = client_of(file.cataloguer)
    page = library.get(url(made)).content.decode()
    assert "Gửi đề nghị" in page and url(made, "edit") not in page
    for name in ("edit", "merge", "split", "delete"):
        assert library.post(url(made, name), given(expected="1", note="x")).status_code == 403
    assert Authority.objects.get(pk=made.pk).version == 1
    assert library.post(url(made, "ask"), {"text": "Thêm năm sinh 1765"}).status_code == 302
    proposal = Proposal.objects.get()
    assert library.post(DESK + f"de-nghi/{proposal.public_id}/", {"accept": "1"}).status_code == 403
    assert desk.post(DESK + f"de-nghi/{proposal.public_id}/", {"accept": "1", "answer": "Đã thêm"}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == ("ACCEPTED", "Đã thêm")


def test_a_reader_is_refused_and_a_stranger_asked_to_sign_in(file: File, client: Client) -> None:
    assert client_of(file.reader).get(DESK).status_code == 403
    assert client.get(DESK).status_code == 302


def test_every_page_of_the_desk_opens(file: File, books, desk: Client) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))), book("a2", by(("a", "Tố Như"))))
    one, two = file.authority("Nguyễn Du"), file.authority("Tố Như")
    for path in ("", "tao/", "tao/?kind=PERSON", "tao/?kind=CORPORATE", "trong-bieu-ghi/", "trong-bieu-ghi/?kind=TOPIC",
                 "co-the-trung/", "de-nghi/", "thay-doi/", "xuat.mrc"):  # fmt: skip
        assert desk.get(DESK + path).status_code == 200, path
    for name in ("authority", "edit", "merge", "split", "align", "delete", "marc"):
        assert desk.get(url(one, name)).status_code == 200, name
    assert desk.get(url(one, "merge") + f"?gop={two.public_id}").context["preview"].total == 1
    change = merge_authorities(actor=file.actor, keep_id=one.pk, absorb_id=two.pk, keep_expected=1, absorb_expected=1)
    for name in ("change", "change_progress", "change_return"):
        assert desk.get(reverse(f"authorities:{name}", args=[change.public_id])).status_code == 200, name
    assert desk.get(DESK + "thay-doi/").context["table"].total == 1


def test_a_split_takes_what_was_ticked(file: File, books, desk: Client) -> None:
    books(book("a1", by(("a", "Trần Văn Giàu"))), book("a2", by(("a", "Trần Văn Giàu"))))
    made = file.authority("Trần Văn Giàu")
    page = desk.get(url(made, "split"))
    chosen = page.context["records"][1].record_id
    answer = desk.post(
        url(made, "split"),
        {"name": "Trần Văn Giàu", "title": "nhà báo", "indicator": "0", "record": chosen, "expected": "1", "why": ""},
    )
    change = file.carry(Change.objects.get())
    assert answer.url == reverse("authorities:change", args=[change.public_id])
    assert lines("a2", "100") == ["=100  0 $aTrần Văn Giàu,$cnhà báo"]


def test_the_history_of_a_record_says_which_change_made_a_revision(file: File, books, desk: Client) -> None:
    books(book("a1", by(("a", "Nguyễn Du"))))
    made = file.authority("Nguyễn Du")
    desk.post(url(made, "edit"), given(dates="1765-1820", expected="1", sure="1", why="Theo LC"))
    change = file.carry(Change.objects.get())
    record = change.records.get().record_id
    page = desk.get(reverse("catalogue:history", args=[record])).content.decode()
    assert "Đổi dạng chuẩn: Nguyễn Du → Nguyễn Du, 1765-1820" in page
    assert reverse("authorities:change", args=[change.public_id]) in page
