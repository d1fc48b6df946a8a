"""A harvest from a repository that behaves: everything comes, changes and deletions follow, and it can be undone."""

import zlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import storages
from lxml import etree

from lienthu.audit.models import Entry as AuditEntry
from lienthu.catalogue.actions.batches import request_revert
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.models import Cluster, Revision, SourceRecord
from lienthu.catalogue.queries import record_of
from lienthu.harvesting.actions.importing import bytes_of
from lienthu.harvesting.actions.runs import AlreadyActive, SourceWithdrawn, start_run
from lienthu.harvesting.actions.working import after_revert, start_due, work_on
from lienthu.harvesting.jobs import forget_pages
from lienthu.harvesting.models import Entry, Run, Source
from lienthu.harvesting.tests.conftest import SYSTEM, Cast, Harvester, titles
from lienthu.harvesting.tests.repository import MARC, START, Repository, marcxml
from lienthu.kernel import clock
from lienthu.kernel.storage import open_stored

pytestmark = pytest.mark.django_db


def canonical(xml: str) -> str:
    return etree.tostring(etree.fromstring(xml), method="c14n", exclusive=True).decode()


def test_everything_comes_in_pages_and_becomes_one_import(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    run = harvest(source)
    assert run.state == "DONE" and run.problem is None and run.notes == []
    assert {key: run.counts[key] for key in ("pages", "records", "deleted")} == {"pages": 3, "records": 7, "deleted": 0}
    assert titles(cast.main) == {f"k{n}": f"Sách số {n}" for n in range(1, 8)}
    assert run.batch.counts["created"] == 7 and run.batch.file_name == f"Kho thử {run.public_id}.xml.gz"
    assert [list(arguments) for arguments in repository.lists()] == [
        ["verb", "metadataPrefix"],
        ["verb", "resumptionToken"],
        ["verb", "resumptionToken"],
    ]
    source.refresh_from_db()
    assert (source.repository_name, source.keeps_deleted) == ("Kho thử", "persistent")
    assert source.succeeded_at == run.started_at and source.synced_to <= run.started_at


def test_every_page_is_kept_byte_for_byte_and_every_record_as_it_was_sent(
    source: Source, repository: Repository, harvest: Harvester
):
    sent: list[str] = []

    def listening(arguments: dict[str, str]) -> str | None:
        if arguments["verb"] != "ListRecords":
            return None
        sent.append(repository.list_page(arguments))
        return sent[-1]

    repository.hook = listening
    run = harvest(source)
    assert [bytes_of(page).decode() for page in run.pages.order_by("number")] == sent
    with open_stored(run.batch.file_key) as file:
        gathered = zlib.decompress(file.read(), wbits=31).decode()
    assert canonical(marcxml("k4", "Sách số 4")) in gathered


def test_a_second_harvest_asks_for_what_is_new_and_changes_nothing_else(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    now = datetime.now(UTC)
    repository.put("k2", "Sách số 2, tái bản", at=now)
    repository.put("k9", "Sách số 9", at=now)
    repository.delete("k5", at=now)
    run = harvest(source)
    asked = repository.lists()[-1]
    assert datetime.fromisoformat(asked["from"]) < now - timedelta(hours=1)
    assert run.state == "DONE" and run.counts["records"] == 3 and run.counts["withdrawn"] == 1
    assert {k: run.batch.counts[k] for k in ("read", "created", "updated")} == {"read": 2, "created": 1, "updated": 1}
    expected = {f"k{n}": f"Sách số {n}" for n in (1, 3, 4, 6, 7, 9)} | {"k2": "Sách số 2, tái bản"}
    assert titles(cast.main) == expected
    gone = SourceRecord.objects.get(control_number="k5")
    assert gone.status == "DELETED" and not gone.cluster.is_active
    assert Revision.objects.filter(record=gone).count() == 2


def test_a_harvest_of_nothing_new_makes_no_import(source: Source, repository: Repository, harvest: Harvester):
    harvest(source)
    run = harvest(source)
    assert run.state == "DONE" and run.batch is None and run.counts.get("pages", 0) == 0
    source.refresh_from_db()
    assert source.succeeded_at == run.started_at


def test_a_deleted_record_that_comes_back_is_active_again(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    repository.delete("k5")
    harvest(source)
    assert "k5" not in titles(cast.main)
    repository.put("k5", "Sách số 5", at=datetime.now(UTC))
    harvest(source)
    assert titles(cast.main)["k5"] == "Sách số 5"
    assert Entry.objects.get(identifier="oai:kho.example:k5").withdrawn_by is None


def test_a_full_harvest_withdraws_what_the_source_no_longer_names(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    repository.keeps_deleted = "no"
    harvest(source)
    del repository.held["k3"]
    assert harvest(source).counts.get("withdrawn", 0) == 0
    run = harvest(source, full=True)
    assert "from" not in repository.lists()[-1] and run.since is None
    assert (run.counts["missing"], run.counts["withdrawn"]) == (1, 1)
    assert sorted(titles(cast.main)) == ["k1", "k2", "k4", "k5", "k6", "k7"]
    again = harvest(source, full=True)
    assert again.counts.get("missing", 0) == 0 and again.batch.counts["unchanged"] == 6


def test_a_full_harvest_that_comes_short_withdraws_nothing(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    del repository.held["k3"]
    repository.said_size = 7
    run = harvest(source, full=True)
    assert run.notes == [["fewer_than_said", {"said": 7, "came": 6}]]
    assert run.state == "DONE" and run.counts.get("missing", 0) == 0 and "k3" in titles(cast.main)


def test_records_without_001_and_sources_that_number_by_identifier(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    source.numbering = "IDENTIFIER"
    source.save()
    repository.put("k1", "", metadata=marcxml("", "Không có số"))
    harvest(source)
    assert titles(cast.main)["oai:kho.example:k1"] == "Không có số"
    revision = Revision.objects.get(record__control_number="oai:kho.example:k2")
    assert record_of(revision).subfields("035", "a") == ["k2"]


def test_a_record_keeps_its_place_though_its_001_changes(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    repository.put("k2", "", metadata=marcxml("khac", "Sách số 2"), at=datetime.now(UTC))
    harvest(source)
    assert "khac" not in titles(cast.main) and SourceRecord.objects.get(control_number="k2").revision == 2


def test_the_newest_form_counts_when_a_record_changes_while_it_is_listed(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    pages: list[str] = []

    def changing(arguments: dict[str, str]) -> str | None:
        if arguments["verb"] == "ListRecords":
            pages.append("")
            if len(pages) == 2:
                repository.put("k1", "Sách số 1, sửa", at=START + timedelta(days=9))
        return None

    repository.hook = changing
    run = harvest(source)
    assert run.batch.counts["rejected"] == 0 and titles(cast.main)["k1"] == "Sách số 1, sửa"


def test_a_reverted_import_brings_back_what_the_harvest_had_withdrawn(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    before = titles(cast.main)
    repository.put("k2", "Đổi", at=datetime.now(UTC))
    repository.put("k9", "Mới", at=datetime.now(UTC))
    repository.delete("k5")
    run = harvest(source)
    request_revert(actor=SYSTEM, batch=run.batch, in_background=False)
    revert_import(actor=SYSTEM, batch=run.batch)
    undo = after_revert(run.batch.pk)
    assert undo is not None and after_revert(run.batch.pk) is None
    assert work_on(undo.pk).state == "DONE"
    assert titles(cast.main) == before
    source.refresh_from_db()
    assert not source.enabled and start_due() == []
    again = harvest(source)
    assert again.counts["records"] == 3 and "k5" not in titles(cast.main) and titles(cast.main)["k9"] == "Mới"
    assert Run.objects.get(pk=undo.pk).counts["restored"] == 1


def test_a_source_is_withdrawn_whole_and_restored(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    before = titles(cast.main)
    run = harvest(source, kind="WITHDRAW")
    assert run.state == "DONE" and run.counts["withdrawn"] == 7 and titles(cast.main) == {}
    assert not Cluster.objects.filter(is_active=True).exists()
    source = Source.objects.select_related("library__scope").get(pk=source.pk)
    assert source.withdrawn
    with pytest.raises(SourceWithdrawn):
        start_run(actor=SYSTEM, source=source)
    restore = Run.objects.create(source=source, kind="RESTORE", undoes=run, actor_name="tests")
    assert work_on(restore.pk).counts["restored"] == 7
    source.refresh_from_db()
    assert titles(cast.main) == before and not source.withdrawn


def test_two_runs_of_one_source_are_impossible(source: Source, repository: Repository):
    source = Source.objects.select_related("library__scope").get(pk=source.pk)
    first = start_run(actor=SYSTEM, source=source)
    with pytest.raises(AlreadyActive):
        start_run(actor=SYSTEM, source=source)
    other = Run.objects.create(source=source, actor_name="tests")
    work_on(first.pk, seconds=0)
    assert work_on(other.pk).state == "QUEUED"


def test_a_killed_harvest_goes_on_where_it_was(cast: Cast, source: Source, repository: Repository):
    source = Source.objects.select_related("library__scope").get(pk=source.pk)
    run = start_run(actor=SYSTEM, source=source)
    for _turn in range(3):
        work_on(run.pk, seconds=0)
    kept = Run.objects.get(pk=run.pk)
    assert kept.state == "COLLECTING" and kept.counts["pages"] == 2 and kept.token == "|6"

    asked = len(repository.asked)
    done = work_on(run.pk)
    assert done.state == "DONE" and len(repository.asked) == asked + 1 and len(titles(cast.main)) == 7


def test_the_schedule_starts_what_is_due_and_wakes_what_was_left(source: Source, repository: Repository):
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    with clock.frozen(now):
        (run,) = start_due()
        assert run.source == source and [r.pk for r in start_due()] == [run.pk]
        work_on(run.pk)
        assert start_due() == []
    with clock.frozen(now + timedelta(hours=23, minutes=59)):
        assert start_due() == []
    with clock.frozen(now + timedelta(hours=24)):
        assert len(start_due()) == 1
    Run.objects.all().update(state="DONE")
    Source.objects.update(enabled=False)
    with clock.frozen(now + timedelta(days=9)):
        assert start_due() == []


def test_a_namespace_without_prefix_and_none_at_all_are_read(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    bare = marcxml("k1", "Không tiền tố").replace("marc:", "").replace("xmlns:marc", "xmlns").replace(":marc=", "=")
    none = bare.replace(f' xmlns="{MARC}"', ' xmlns=""').replace(">k1<", ">k2<").replace("Không tiền tố", "Không tên")
    repository.put("k1", "", metadata=bare)
    repository.put("k2", "", metadata=none)
    harvest(source)
    assert titles(cast.main)["k1"] == "Không tiền tố" and titles(cast.main)["k2"] == "Không tên"


DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Bến quê</dc:title><dc:creator>Nguyễn Minh Châu</dc:creator><dc:date>1985</dc:date></oai_dc:dc>"
)
MODS = (
    '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Số đỏ</title></titleInfo>'
    "<name type='personal'><namePart>Vũ Trọng Phụng</namePart></name></mods>"
)


def test_dublin_core_and_mods_are_taken_where_there_is_no_marc(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    repository.put("k1", "", metadata=DC)
    repository.put("k2", "", metadata=MODS)
    repository.put("k3", "", metadata='<dc xmlns="http://www.openarchives.org/OAI/2.0/oai_dc/"/>')
    run = harvest(source)
    assert run.state == "DONE" and run.counts["unreadable"] == 1
    found = SourceRecord.objects.get(control_number="oai:kho.example:k1").cluster
    assert (found.title, found.summary["year"], found.summary["authors"]) == ("Bến quê", 1985, ["Nguyễn Minh Châu"])
    assert titles(cast.main)["oai:kho.example:k2"] == "Số đỏ"


def test_pages_are_removed_when_their_time_is_over_and_the_harvest_can_still_be_taken_back(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
) -> None:
    # A source that answers the same bytes again: both runs keep the same files.
    said: dict[str, str] = {}
    repository.hook = lambda asked: said.setdefault(str(asked), repository._usual(asked))
    old = harvest(source)
    files = {page.file_key for page in old.pages.all()}
    held = titles(cast.main)
    with clock.frozen(clock.now() + timedelta(days=29)):
        forget_pages()
        assert old.pages.count() == len(files) == 3
        new = harvest(source, full=True)
    assert {page.file_key for page in new.pages.all()} == files
    with clock.frozen(clock.now() + timedelta(days=31)):
        forget_pages()
        forget_pages()
    assert old.pages.count() == 0 and new.pages.count() == 3
    assert all(bytes_of(page) for page in new.pages.all())
    with clock.frozen(clock.now() + timedelta(days=60)):
        forget_pages()
    assert not any(storages["documents"].exists(key) for key in files)
    removed = AuditEntry.objects.filter(action="harvesting.pages_removed").order_by("seq")
    assert [(one.target_id, one.details["pages"]) for one in removed] == [(old.public_id, 3), (new.public_id, 3)]
    for run in filter(lambda one: one.batch, (new, old)):
        request_revert(actor=SYSTEM, batch=run.batch, in_background=False)
        revert_import(actor=SYSTEM, batch=run.batch)
    assert held and titles(cast.main) == {}


def test_pages_of_a_run_under_way_stay(source: Source, repository: Repository) -> None:
    run = start_run(actor=SYSTEM, source=Source.objects.get(), in_background=False)
    repository.hook = lambda asked: (503, {}, b"") if "resumptionToken" in asked else None
    work_on(run.pk)
    with clock.frozen(clock.now() + timedelta(days=400)):
        forget_pages()
    run.refresh_from_db()
    assert run.state == "WAITING" and run.pages.count() == 1
