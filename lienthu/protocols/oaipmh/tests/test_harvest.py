"""What a harvester that comes again and again learns: every change once more, nothing lost, deletions for ever."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from lienthu.audit.actions import writing
from lienthu.catalogue.actions.batches import request_revert
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.models import Batch, Item, Sharing
from lienthu.catalogue.tests.factories import SYSTEM, cluster, field, fixed, marc, take
from lienthu.discovery.tests.conftest import RECORDS, Network
from lienthu.kernel.events import publish
from lienthu.libraries.tests.factories import library
from lienthu.protocols.oaipmh import handlers
from lienthu.protocols.oaipmh.actions import queue_for_harvest, stamp_all_changes, stamp_changes
from lienthu.protocols.oaipmh.models import Entry, Pending
from lienthu.protocols.oaipmh.tests.harvest import OAI, Seen, ask, ask_checked, error_of, harvest, headers

ALL = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "RECORDS_IN_PAGE", 3)
    monkeypatch.setattr(handlers, "HEADERS_IN_PAGE", 3)


def oai(number: str) -> str:
    return f"oai:lienthu.local:{cluster(number).public_id}"


def changed(*numbers: str) -> None:
    """Say that these union records changed."""
    with transaction.atomic():
        publish("catalogue.records_saved", cluster_ids=[cluster(number).pk for number in numbers])


def live(found: list[Seen]) -> set[str]:
    """What a harvester that keeps the last state of each identifier has in the end."""
    last = {one.identifier: one for one in found}
    return {name for name, one in last.items() if not one.is_deleted}


def token_of(tree) -> str:
    return tree.findtext(f".//{OAI}resumptionToken") or ""


def test_pages_follow_each_other_and_say_where_they_stand(network: Network, client: Client) -> None:
    tree = ask(client, verb="ListRecords", metadataPrefix="oai_dc")
    places = []
    while True:
        token = tree.find(f".//{OAI}resumptionToken")
        places.append((len(list(headers(tree))), token.get("cursor"), token.get("completeListSize"), bool(token.text)))
        if not token.text:
            break
        tree = ask(client, verb="ListRecords", resumptionToken=token.text)
    assert places == [(3, "0", "7", True), (3, "3", "7", True), (1, "6", "7", False)]


def test_a_list_of_one_page_has_no_token(network: Network, client: Client) -> None:
    tree = ask(client, **ALL, set="VN-T-XA")
    assert len(list(headers(tree))) == 3
    assert tree.find(f".//{OAI}resumptionToken") is None


def test_a_record_that_changes_during_a_harvest_comes_again_and_none_is_lost(network: Network, client: Client) -> None:
    first = ask(client, **ALL)
    seen = list(headers(first))
    everything = {oai(number) for number in ("kieu", "tudien", "tale", "then", "bando", "bao", "an")}
    not_seen = everything - {one.identifier for one in seen}
    changed("kieu", "bao")
    token = token_of(first)
    while token:
        tree = ask(client, verb="ListIdentifiers", resumptionToken=token)
        seen += headers(tree)
        token = token_of(tree)
    names = [one.identifier for one in seen]
    assert set(names) == everything
    assert names.count(oai("kieu")) == 1 + (oai("kieu") not in not_seen)
    assert set(names[-2:]) == {oai("kieu"), oai("bao")}


def test_a_token_may_be_used_twice_and_belongs_to_its_verb(network: Network, client: Client) -> None:
    token = token_of(ask(client, **ALL))
    again = [list(headers(ask(client, verb="ListIdentifiers", resumptionToken=token))) for _ in range(2)]
    assert again[0] == again[1]
    assert error_of(ask(client, verb="ListRecords", resumptionToken=token)) == "badResumptionToken"
    assert error_of(ask(client, verb="ListIdentifiers", resumptionToken=token[:-1] + "~")) == "badResumptionToken"


def test_from_and_until_hold_both_ends(network: Network, client: Client) -> None:
    stamp_all_changes()
    Entry.objects.filter(cluster_id=cluster("then").pk).update(changed_at=datetime(2020, 5, 1, 10, 0, 0, 700, UTC))
    stamp = "2020-05-01T10:00:00Z"
    for bounds in (
        {"from": stamp, "until": stamp},
        {"until": stamp},
        {"from": "2020-05-01", "until": "2020-05-01"},
        {"until": "2020-05-02"},
    ):
        assert [(one.identifier, one.stamp) for one in harvest(client, **ALL, **bounds)] == [(oai("then"), stamp)]
    assert harvest(client, **ALL, until="2020-05-01T09:59:59Z") == []
    assert oai("then") not in {one.identifier for one in harvest(client, **ALL, **{"from": "2020-05-01T10:00:01Z"})}


def test_a_reverted_import_becomes_deletions_that_stay(network: Network, client: Client) -> None:
    batch = take(network.main, marc("moi", fixed(2020, "vie"), field("245", "10", ("a", "Sách mới"))))
    name = oai("moi")
    assert name in live(harvest(client, **ALL))
    request_revert(actor=SYSTEM, batch=batch, in_background=False)
    revert_import(actor=SYSTEM, batch=Batch.objects.get(pk=batch.pk))
    gone = next(one for one in harvest(client, **ALL) if one.identifier == name)
    assert (gone.is_deleted, gone.specs) == (True, ("VN-T-TINH",))
    record = ask_checked(client, verb="GetRecord", metadataPrefix="marc21", identifier=name)
    assert record.find(f".//{OAI}header").get("status") == "deleted"
    assert record.find(f".//{OAI}metadata") is None
    assert len(list(ask(client, verb="ListMetadataFormats", identifier=name).iter(f"{OAI}metadataFormat"))) == 3


def test_a_merged_record_is_deleted_and_a_record_that_comes_back_is_there_again(
    network: Network, client: Client
) -> None:
    kieu, tale, name = cluster("kieu"), cluster("tale"), oai("tale")
    harvest(client, **ALL)
    type(tale).objects.filter(pk=tale.pk).update(merged_into=kieu)
    with transaction.atomic():
        publish("catalogue.records_saved", cluster_ids=[kieu.pk, tale.pk])
    assert name not in live(harvest(client, **ALL))
    assert name not in live(harvest(client, **ALL, set="VN-T-XA"))
    type(tale).objects.filter(pk=tale.pk).update(merged_into=None)
    changed("tale")
    assert name in live(harvest(client, **ALL))


def test_a_library_that_stops_sharing_takes_its_records_out_of_sight(network: Network, client: Client) -> None:
    alone = library("VN-T-KIN", "Thư viện kín", "SPECIALISED")
    take(alone, marc("kin", fixed(2001, "vie"), field("245", "10", ("a", "Tài liệu của riêng"))))
    name = oai("kin")
    assert name in live(harvest(client, **ALL))
    Sharing.objects.create(library=alone, visibility="NETWORK")
    type(cluster("kin")).objects.filter(pk=cluster("kin").pk).update(visibility="NETWORK")
    changed("kin")
    assert name not in live(harvest(client, **ALL))


def test_a_copy_that_leaves_a_library_takes_the_record_out_of_its_set_only(network: Network, client: Client) -> None:
    assert oai("kieu") in live(harvest(client, **ALL, set="VN-T-XA"))
    Item.objects.filter(record__control_number="kieu", library=network.commune).update(visibility="HIDDEN")
    changed("kieu")
    of_set = [one for one in harvest(client, **ALL, set="VN-T-XA") if one.identifier == oai("kieu")]
    assert [(one.is_deleted, one.specs) for one in of_set] == [(True, ("VN-T-XA",))]
    of_all = [one for one in harvest(client, **ALL) if one.identifier == oai("kieu")]
    assert [(one.is_deleted, one.specs) for one in of_all] == [(False, ("VN-T-TINH",))]
    before = next(one.stamp for one in of_set)
    changed("kieu")
    again = next(one for one in harvest(client, **ALL, set="VN-T-XA") if one.identifier == oai("kieu"))
    assert again.stamp == before


def test_a_record_that_was_never_shown_is_never_told_of(network: Network, client: Client) -> None:
    tale = cluster("tale")
    Pending.objects.all().delete()
    type(tale).objects.filter(pk=tale.pk).update(is_active=False)
    changed("tale")
    assert harvest(client, **ALL) == []
    assert error_of(ask(client, verb="GetRecord", identifier=oai("tale"), metadataPrefix="oai_dc")) == "idDoesNotExist"


def test_stamps_never_run_backwards_even_when_the_clock_does(network: Network) -> None:
    stamp_all_changes()
    ahead = datetime.now(UTC) + timedelta(hours=3)
    Entry.objects.filter(cluster_id=cluster("then").pk).update(changed_at=ahead)
    changed("kieu")
    stamp_all_changes()
    assert Entry.objects.get(cluster_id=cluster("kieu").pk, set_spec="").changed_at > ahead


def test_every_record_of_an_import_is_stamped_in_batches(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lienthu.protocols.oaipmh.actions.BATCH_IDS", 2)
    with transaction.atomic():
        for number in ("kieu", "tale", "then"):
            queue_for_harvest({"cluster_ids": [cluster(number).pk]}, 0)
    Pending.objects.exclude(cluster_ids__len=1).delete()
    assert [stamp_changes(), stamp_changes(), stamp_changes()] == [2, 1, 0]


class TestTwoConnections:
    """A change that began early and commits late is not lost to a harvester that comes between."""

    @pytest.fixture
    def committed(self, transactional_db: None) -> Iterator[Network]:
        made = Network(library("VN-T-TINH", "Thư viện tỉnh", "PROVINCIAL"), library("VN-T-XA", "Thư viện xã"))
        take(made.main, *RECORDS)
        stamp_all_changes()
        yield made

    def test_a_late_commit_is_stamped_after_what_was_harvested(self, committed: Network, client: Client) -> None:
        written, go_on = threading.Event(), threading.Event()

        def slow_change() -> None:
            with writing(SYSTEM) as w:
                w.publish("catalogue.records_saved", cluster_ids=[cluster("kieu").pk])
                w.nothing_changed()
                written.set()
                assert go_on.wait(10)
            connections.close_all()

        thread = threading.Thread(target=slow_change)
        thread.start()
        assert written.wait(10)
        changed("then")
        between = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc")
        came_at = between.findtext(f"{OAI}responseDate")
        seen = {one.identifier: one.stamp for one in harvest(client, **ALL)}
        go_on.set()
        thread.join()
        later = harvest(client, **ALL, **{"from": came_at})
        assert oai("kieu") in {one.identifier for one in later}
        kieu = Entry.objects.get(cluster_id=cluster("kieu").pk, set_spec="")
        then = Entry.objects.get(cluster_id=cluster("then").pk, set_spec="")
        assert kieu.changed_at > then.changed_at
        assert seen[oai("then")] <= later[-1].stamp

    def test_a_list_waits_for_stamps_that_are_being_given(self, committed: Network, client: Client) -> None:
        changed("kieu")
        stamped, go_on = threading.Event(), threading.Event()

        def slow_stamping() -> None:
            with transaction.atomic():
                assert stamp_changes() == 1
                stamped.set()
                assert go_on.wait(10)
            connections.close_all()

        thread = threading.Thread(target=slow_stamping)
        thread.start()
        assert stamped.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(Exception, match="lock timeout"):
            ask(client, **ALL)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
        go_on.set()
        thread.join()
        assert harvest(client, **ALL)[-1].identifier == oai("kieu")
