"""Sources that lie, loop, break and stall: every one ends with a code that says why, and keeps what was good."""

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lienthu.catalogue.models import SourceRecord
from lienthu.harvesting.actions.runs import start_run
from lienthu.harvesting.actions.working import start_due, work_on
from lienthu.harvesting.models import Entry, Run, Source
from lienthu.harvesting.policy import LIMITS, Limits
from lienthu.harvesting.tests.conftest import SYSTEM, Cast, Harvester, titles
from lienthu.harvesting.tests.repository import START, Repository, marcxml
from lienthu.kernel import clock

pytestmark = pytest.mark.django_db


def code(run: Run) -> str:
    return run.problem["code"] if run.problem else ""


def lists_only(answer: Any) -> Any:
    """A hook that answers ListRecords and leaves the rest as usual."""
    return lambda arguments: answer(arguments) if arguments.get("verb") == "ListRecords" else None


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> Any:
    """Narrow the limits for one test."""
    before = {name: getattr(LIMITS, name) for name in Limits.__slots__}

    def narrow(**values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(LIMITS, name, value)

    yield narrow
    narrow(**before)


def test_a_token_that_leads_to_itself_stops_the_run_and_keeps_what_came(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    repository.hook = lists_only(lambda _a: repository.page(list(repository.held.values())[:3], token="again"))
    run = harvest(source)
    assert run.state == "STOPPED" and code(run) == "token_loop" and run.counts["pages"] == 2
    assert sorted(titles(cast.main)) == ["k1", "k2", "k3"]
    source.refresh_from_db()
    assert source.synced_to is None and source.succeeded_at is None


def test_a_ring_of_tokens_stops_when_one_comes_again(source: Source, repository: Repository, harvest: Harvester):
    ring = {"": "a", "a": "b", "b": "c", "c": "a"}
    held = list(repository.held.values())

    def answer(arguments: dict[str, str]) -> str:
        token = arguments.get("resumptionToken", "")
        at = list(ring).index(token)
        return repository.page(held[at : at + 1], token=ring[token])

    repository.hook = lists_only(answer)
    run = harvest(source)
    assert code(run) == "token_loop" and run.counts == {**run.counts, "pages": 4, "records": 4}


def test_new_tokens_without_new_records_stop(source: Source, repository: Repository, harvest: Harvester):
    held = list(repository.held.values())[:3]
    repository.hook = lists_only(lambda _a: repository.page(held, token=f"t{len(repository.asked)}"))
    run = harvest(source)
    assert code(run) == "nothing_new" and run.counts["pages"] == 4 and run.counts["records"] == 3


def test_empty_pages_without_end_stop(source: Source, repository: Repository, harvest: Harvester):
    repository.hook = lists_only(lambda _a: repository.page([], token=f"t{len(repository.asked)}"))
    run = harvest(source)
    assert code(run) == "empty_pages" and run.counts["pages"] == 3 and run.batch is None


def test_an_endless_list_of_new_records_ends_at_the_limits(
    source: Source, repository: Repository, harvest: Harvester, limits: Any
):
    def endless(_arguments: dict[str, str]) -> str:
        number = len(repository.asked)
        repository.put("x", f"Sách {number}", metadata=marcxml(f"x{number}", f"Sách {number}"))
        repository.held["x"].identifier = f"oai:kho.example:x{number}"
        return repository.page([repository.held["x"]], token=f"t{number}")

    repository.hook = lists_only(endless)
    limits(pages=5)
    run = harvest(source)
    assert code(run) == "too_many_pages" and run.counts["records"] == 5 and run.batch.counts["created"] == 5
    limits(pages=100, records=7)
    assert code(harvest(source)) == "too_many_records"
    limits(records=10_000, hours=0)
    assert code(harvest(source)) == "too_long"


def test_more_records_than_said_is_no_matter_and_fewer_is_noted(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    repository.said_size = 2
    run = harvest(source)
    assert run.state == "DONE" and run.notes == [] and len(titles(cast.main)) == 7
    repository.said_size = 1000
    run = harvest(source, full=True)
    assert run.state == "DONE" and run.notes == [["fewer_than_said", {"said": 1000, "came": 7}]]


def test_503_puts_the_run_to_sleep_for_as_long_as_asked(source: Source, repository: Repository):
    busy = [(503, {"Retry-After": "600"}, b"later")]
    repository.hook = lists_only(lambda _a: busy.pop() if busy else None)
    source = Source.objects.select_related("library__scope").get(pk=source.pk)
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    with clock.frozen(now):
        run = work_on(start_run(actor=SYSTEM, source=source).pk)
        assert run.state == "WAITING" and run.resume_at == now + timedelta(seconds=600)
        assert code(run) == "fetch_busy" and start_due() == []
    with clock.frozen(now + timedelta(seconds=599)):
        assert work_on(run.pk).state == "WAITING"
    with clock.frozen(now + timedelta(seconds=600)):
        assert [r.pk for r in start_due()] == [run.pk]
        done = work_on(run.pk)
    assert done.state == "DONE" and done.problem is None and done.counts["records"] == 7


def test_an_endless_503_has_its_limits(cast: Cast, source: Source, repository: Repository, harvest: Harvester):
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    repository.hook = lambda a: (503, {"Retry-After": "9999999"}, b"") if "resumptionToken" in a else None
    with clock.frozen(now):
        source = Source.objects.select_related("library__scope").get(pk=source.pk)
        run = work_on(start_run(actor=SYSTEM, source=source).pk)
        assert run.resume_at == now + timedelta(seconds=LIMITS.longest_wait)
    Run.objects.update(state="STOPPED")
    run = harvest(source)
    assert run.state == "STOPPED" and code(run) == "fetch_busy" and run.tries == LIMITS.tries - 1
    assert len(titles(cast.main)) == 3


def test_broken_xml_is_asked_for_again_and_what_stood_before_it_is_kept(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    def breaking(arguments: dict[str, str]) -> Any:
        if "resumptionToken" not in arguments:
            return None
        whole = repository.list_page(arguments)
        return whole[: whole.index("Sách số 6")] + "<oops"

    repository.hook = lists_only(breaking)
    run = harvest(source)
    assert run.state == "STOPPED" and code(run) == "xml_broken" and "line" in run.problem["params"]["detail"]
    assert len(repository.lists()) == 1 + LIMITS.broken_tries
    assert sorted(titles(cast.main)) == ["k1", "k2", "k3", "k4", "k5"]
    assert run.pages.order_by("number").last().broken

    repository.hook = None
    assert harvest(source).state == "DONE" and len(titles(cast.main)) == 7


def test_a_page_that_is_broken_once_does_no_harm(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    broken = ["<OAI-PMH><ListRecords><record>", "<html>Proxy error</html>", "not xml at all"]
    repository.hook = lists_only(lambda a: broken.pop() if len(broken) > 1 else None)
    run = harvest(source)
    assert run.state == "DONE" and len(titles(cast.main)) == 7


def test_forbidden_characters_are_taken_out_and_the_page_kept_as_it_came(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    repository.put("k1", "", metadata=marcxml("k1", "Sách\x0b số\x1f 1").replace("số", "số&#x1E;"))
    run = harvest(source)
    assert run.state == "DONE" and ["mended", {}] in run.notes
    assert titles(cast.main)["k1"] == "Sách số 1"


def test_a_document_type_is_refused_at_once(source: Source, repository: Repository, harvest: Harvester):
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE OAI-PMH [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
        + "]><OAI-PMH><ListRecords><record><header><identifier>&a9;</identifier></header>"
        "</record></ListRecords></OAI-PMH>"
    )
    repository.hook = lists_only(lambda _a: bomb)
    run = harvest(source)
    assert run.state == "STOPPED" and code(run) == "xml_dtd" and not Entry.objects.exists()


def test_an_entity_that_reads_a_file_is_never_followed(source: Source, repository: Repository, harvest: Harvester):
    outside = (
        '<!DOCTYPE OAI-PMH [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        "<OAI-PMH><Identify><repositoryName>&x;</repositoryName></Identify></OAI-PMH>"
    )
    repository.hook = lambda _a: outside
    run = harvest(source)
    assert run.state == "STOPPED" and not Source.objects.get(pk=source.pk).repository_name


def test_a_page_over_its_size_stops_plain_and_packed(
    source: Source, repository: Repository, harvest: Harvester, limits: Any
):
    limits(page_bytes=100_000)
    big = repository.wrap("<ListRecords>" + "<x/>" * 100_000 + "</ListRecords>")
    repository.hook = lists_only(lambda _a: big)
    assert code(harvest(source)) == "fetch_too_large"
    packed = gzip.compress(big.encode())
    repository.hook = lists_only(lambda _a: (200, {"Content-Encoding": "gzip"}, packed))
    assert code(harvest(source)) == "fetch_too_large"


def test_a_redirect_to_a_private_address_is_refused(source: Source, repository: Repository, harvest: Harvester):
    for target in ("http://169.254.169.254/latest/", "http://127.0.0.1:9/", "http://10.0.0.1/", "file:///etc/passwd"):
        repository.hook = lambda _a, to=target: (302, {"Location": to}, b"")
        run = harvest(source)
        assert run.state == "STOPPED" and code(run) in ("fetch_private_address", "fetch_scheme"), target


def test_a_lost_token_begins_again_from_the_last_record_that_came(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    lost = ["yes"]

    def forgetting(arguments: dict[str, str]) -> str | None:
        if arguments.get("resumptionToken") == "|6" and lost:
            lost.clear()
            return repository.wrap('<error code="badResumptionToken">Expired</error>')
        return None

    repository.hook = lists_only(forgetting)
    run = harvest(source)
    assert run.state == "DONE" and run.notes == [["token_lost_once", {}]]
    assert repository.lists()[3]["from"] == repository.stamp(START + timedelta(hours=5))
    assert len(titles(cast.main)) == 7


def test_a_lost_token_of_a_list_in_no_order_begins_from_the_start(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    lost = ["yes"]
    held = list(reversed(repository.held.values()))

    def forgetting(arguments: dict[str, str]) -> str:
        if arguments.get("resumptionToken") == "more" and lost:
            lost.clear()
            return repository.wrap('<error code="badResumptionToken">Expired</error>')
        return repository.page(
            held[4:] if "resumptionToken" in arguments else held[:4],
            token="" if len(repository.lists()) > 3 else "more",
        )

    repository.hook = lists_only(forgetting)
    harvest(source)
    assert "from" not in repository.lists()[2] and len(titles(cast.main)) >= 4


def test_a_token_that_is_always_lost_stops(cast: Cast, source: Source, repository: Repository, harvest: Harvester):
    for number in range(8, 21):
        repository.put(f"k{number}", f"Sách số {number}")
    repository.hook = lambda a: (
        repository.wrap('<error code="badResumptionToken">No</error>') if "resumptionToken" in a else None
    )
    run = harvest(source)
    assert run.state == "STOPPED" and code(run) == "token_lost" and run.list_number == LIMITS.restarts
    assert len(titles(cast.main)) == 9


def test_an_error_that_the_source_states_is_shown_as_it_says(
    source: Source, repository: Repository, harvest: Harvester
):
    repository.hook = lists_only(lambda _a: repository.wrap('<error code="cannotDisseminateFormat">No MARC</error>'))
    run = harvest(source)
    assert run.problem == {"code": "stated", "params": {"code": "cannotDisseminateFormat", "text": "No MARC"}}


def test_days_and_seconds_and_a_source_that_lies_about_them(source: Source, repository: Repository, harvest: Harvester):
    repository.granularity = "YYYY-MM-DD"
    harvest(source)
    harvest(source)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
    assert repository.lists()[-1]["from"] == yesterday

    repository.granularity = "YYYY-MM-DDThh:mm:ssZ"

    def only_days(arguments: dict[str, str]) -> str | None:
        if "T" in arguments.get("from", ""):
            return repository.wrap('<error code="badArgument">Granularity</error>')
        return None

    repository.hook = lists_only(only_days)
    run = harvest(source)
    assert run.state == "DONE" and run.by_day and len(repository.lists()[-1]["from"]) == 10


@pytest.mark.parametrize("ahead", [timedelta(days=400), timedelta(hours=-5)])
def test_a_clock_that_runs_wrong_loses_nothing(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester, ahead: timedelta
):
    repository.clock_ahead = ahead
    harvest(source)
    source.refresh_from_db()
    assert source.synced_to <= source.succeeded_at
    repository.put("k9", "Đến muộn", at=datetime.now(UTC) - timedelta(minutes=50))
    harvest(source)
    assert "k9" in titles(cast.main)


def test_records_without_identifier_are_passed_by_and_noted(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    repository.held["k1"].identifier = ""
    repository.held["k2"].identifier = "x" * 600
    run = harvest(source)
    assert run.state == "DONE" and run.notes == [
        ["nameless", {}],
        ["fewer_than_said", {"said": 7, "came": 5}],
    ]
    assert sorted(titles(cast.main)) == ["k3", "k4", "k5", "k6", "k7"]


def test_records_that_cannot_be_read_are_rejected_one_by_one(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    repository.put("k1", "", metadata="<alien xmlns='urn:alien'>x</alien>")
    repository.put("k2", "", metadata=marcxml("k2", ""))
    run = harvest(source)
    assert run.state == "DONE" and run.counts["unreadable"] == 1 and run.batch.counts["rejected"] == 1
    assert sorted(titles(cast.main)) == ["k3", "k4", "k5", "k6", "k7"]


def test_a_secret_is_sent_from_the_environment_and_only_from_variables_made_for_it(
    source: Source, repository: Repository, harvest: Harvester, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LIENTHU_HARVEST_KHO", "thuvien:mật khẩu")
    source.auth_variable = "LIENTHU_HARVEST_KHO"
    source.save()
    assert harvest(source).state == "DONE"
    assert set(repository.authorizations) == {"Basic dGh1dmllbjpt4bqtdCBraOG6qXU="}
    for name in ("DATABASE_URL", "LIENTHU_HARVEST_MISSING"):
        repository.authorizations.clear()
        source.auth_variable = name
        source.save()
        run = harvest(source)
        assert code(run) == "no_secret" and run.problem["params"] == {"variable": name}
        assert repository.authorizations == []


def test_a_closed_door_stops_at_once_and_a_fallen_server_is_tried_again(
    source: Source, repository: Repository, harvest: Harvester
):
    repository.hook = lambda _a: (401, {}, b"who are you")
    run = harvest(source)
    assert run.problem == {"code": "fetch_status", "params": {"status": 401}} and len(repository.asked) == 1
    repository.hook = lambda _a: (500, {}, b"")
    run = harvest(source)
    assert code(run) == "fetch_status" and len(repository.asked) == 1 + LIMITS.tries
    assert not SourceRecord.objects.exists()


def test_copies_are_taken_for_the_library_itself_and_never_for_others(
    cast: Cast, source: Source, repository: Repository, harvest: Harvester
):
    def copy(library: str, number: str) -> str:
        return (
            f'<marc:datafield tag="952" ind1=" " ind2=" "><marc:subfield code="a">{library}</marc:subfield>'
            f'<marc:subfield code="p">{number}</marc:subfield></marc:datafield>'
        )

    copies = copy(cast.main.code, "M1") + copy(cast.other.code.lower(), "K1") + copy("KHO-LA", "L1")
    repository.put("k1", "", metadata=marcxml("k1", "Sách có bản", more=copies))
    run = harvest(source)
    assert run.notes == [["foreign_copies", {"count": 1}]]
    record = SourceRecord.objects.get(control_number="k1")
    held = dict(record.items.values_list("accession_number", "library__code"))
    assert held == {"M1": cast.main.code, "L1": cast.main.code}
