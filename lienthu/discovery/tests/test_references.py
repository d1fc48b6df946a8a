"""References of the authority file as readers meet them: in the lists, and in what a search finds."""

from collections.abc import Callable

import pytest
from django.test import Client

from lienthu.authorities.actions import AuthorityData, create_authority, create_from_heading, edit_authority
from lienthu.authorities.models import Authority
from lienthu.authorities.policy.forms import clean_form, person_form
from lienthu.catalogue.models import Heading
from lienthu.catalogue.tests.factories import field, marc, take
from lienthu.discovery.actions import drain_if_alone
from lienthu.discovery.indexing import pending
from lienthu.discovery.tests.conftest import Network
from lienthu.identity.access import system_actor

SYSTEM = system_actor("tests")
Titles = Callable[[str], list[str]]


def authority(kind: str, text: str) -> Authority:
    return create_from_heading(actor=SYSTEM, heading_id=Heading.objects.get(kind=kind, text=text).pk)


def give(one: Authority, data: AuthorityData, name: str = "", dates: str = "") -> None:
    one.refresh_from_db()
    row = one.forms.get(is_preferred=True)
    form = person_form(name=name, dates=dates) if name else clean_form(one.kind, [tuple(s) for s in row.subfields])
    edit_authority(actor=SYSTEM, authority_id=one.pk, expected=one.version, form=form, data=data)


@pytest.fixture
def du(network: Network) -> Authority:
    """Nguyễn Du under the form with dates; the form without, used by a record, and two that nobody uses lead to it."""
    made = authority("PERSON", "Nguyễn Du, 1765-1820")
    variants = tuple(person_form(name=name) for name in ("Nguyễn Du", "Tố Như", "Thanh Hiên"))
    give(made, AuthorityData(variants=variants), "Nguyễn Du", "1765-1820")
    assert drain_if_alone()
    return made


def lines(client: Client, address: str) -> list[tuple[str, list[str], list[str]]]:
    found = client.get(address).context["lines"]
    return [(one.text, [str(s.label) for s in one.see], [str(s.label) for s in one.see_also]) for one in found]


def test_the_list_of_authors_refers_from_other_forms(du: Authority, client: Client) -> None:
    preferred = ["Nguyễn Du, 1765-1820"]
    assert lines(client, "/duyet/tac-gia") == [
        ("Đào Duy Anh", [], []),
        ("Hội Nhà báo Tuyên Quang", [], []),
        ("Nguyễn Du", preferred, []),
        ("Nguyễn Du, 1765-1820", [], []),
        ("Thanh Hiên", preferred, []),
        ("Tố Như", preferred, []),
    ]
    page = client.get("/duyet/tac-gia").content.decode()
    assert "<span>Tố Như</span>" in page and "xem:" in page


def test_a_reference_leads_to_the_records_of_the_preferred_form(du: Authority, client: Client, titles: Titles) -> None:
    (line,) = [one for one in client.get("/duyet/tac-gia?chu=T").context["lines"] if one.text == "Tố Như"]
    assert "Truyện Kiều" in titles(line.see[0].url)


def test_a_search_by_a_variant_finds_the_records_of_the_preferred_form(du: Authority, titles: Titles) -> None:
    assert sorted(titles("/tim-kiem?q=Tố+Như")) == ["The tale of Kiều <b>& others</b>", "Truyện Kiều"]
    assert sorted(titles("/tim-kiem?q=tác+giả:+to+nhu")) == ["The tale of Kiều <b>& others</b>", "Truyện Kiều"]
    assert titles("/tim-kiem?q=nhan+đề:+Tố+Như") == []


def test_a_variant_that_is_taken_away_finds_nothing_any_more(du: Authority, titles: Titles) -> None:
    give(du, AuthorityData(), "Nguyễn Du", "1765-1820")
    assert drain_if_alone()
    assert titles("/tim-kiem?q=Tố+Như") == []


def test_a_record_imported_with_a_variant_is_found_and_keeps_its_words(
    network: Network, du: Authority, client: Client, titles: Titles
) -> None:
    take(network.main, marc("moi", field("100", "0 ", ("a", "Tố Như")), field("245", "10", ("a", "Thơ chữ Hán"))))
    assert drain_if_alone()
    assert "Thơ chữ Hán" in titles("/tim-kiem?q=1765-1820")
    assert "Tố Như" in client.get("/tim-kiem?q=thơ+chữ+hán").content.decode()


def test_a_subject_with_a_division_is_found_by_a_variant_of_its_main_part(network: Network, titles: Titles) -> None:
    made = authority("TOPIC", "Vietnamese poetry -- Translations into English")
    main = create_authority(
        actor=SYSTEM,
        form=clean_form("TOPIC", [("a", "Vietnamese poetry")]),
        data=AuthorityData(variants=(clean_form("TOPIC", [("a", "Thơ Việt Nam")]),), narrower=(made.pk,)),
    )
    assert drain_if_alone()
    assert titles("/tim-kiem?q=chủ+đề:+thơ+Việt+Nam") == ["The tale of Kiều <b>& others</b>"]
    assert main.relations.count() + main.inverse_relations.count() == 1


def test_see_also_stands_at_headings_in_use_only(network: Network, client: Client) -> None:
    music, poems = authority("TOPIC", "Âm nhạc dân gian"), authority("TOPIC", "Truyện thơ Nôm")
    unused = create_authority(actor=SYSTEM, form=clean_form("TOPIC", [("a", "Hát ru")]))
    give(music, AuthorityData(related=(poems.pk, unused.pk)))
    found = {text: also for text, _see, also in lines(client, "/duyet/chu-de")}
    assert found["Âm nhạc dân gian"] == ["Truyện thơ Nôm"]
    assert found["Truyện thơ Nôm"] == ["Âm nhạc dân gian"]
    assert "Hát ru" not in found


def test_references_stand_on_one_page_each_whatever_the_way(network: Network, client: Client) -> None:
    take(
        network.main,
        *(
            marc(f"n{n:03}", field("100", "0 ", ("a", f"Người {n:03}")), field("245", "10", ("a", f"Sách {n}")))
            for n in range(120)
        ),
    )
    for n in range(0, 120, 7):
        give(authority("PERSON", f"Người {n:03}"), AuthorityData(variants=(person_form(name=f"Người {n:03} bis"),)))
    forth: list[list[str]] = []
    address = "/duyet/tac-gia"
    while address:
        context = client.get(address).context
        forth.append([line.text for line in context["lines"]])
        last, address = context, context["next"]
    every = [text for page in forth for text in page]
    assert len(every) == len(set(every)) == 4 + 120 + 18
    back: list[list[str]] = [forth[-1]]
    while last["previous"]:
        last = client.get(last["previous"]).context
        back.append([line.text for line in last["lines"]])
    every = [text for page in reversed(back) for text in page]
    assert len(every) == len(set(every)) == 4 + 120 + 18


def test_a_change_of_the_file_queues_the_records_for_the_index(du: Authority) -> None:
    assert pending() == 0
    give(du, AuthorityData(note="Chỉ thêm phụ chú"), "Nguyễn Du", "1765-1820")
    assert pending() == 1
