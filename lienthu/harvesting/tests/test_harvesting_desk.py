"""The harvesting desk as a manager uses it: try, add, run, watch, withdraw; and who is kept out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from lienthu.catalogue.jobs import work_on_import
from lienthu.harvesting.jobs import tick, undo_run, work_on_run
from lienthu.harvesting.models import Run, Source
from lienthu.harvesting.tests.conftest import Cast, Harvester, titles
from lienthu.harvesting.tests.repository import Repository
from lienthu.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(cast: Cast, client: Client) -> Client:
    client.force_login(cast.manager.account)
    return client


def page(client: Client, name: str, *args: str, status: int = 200) -> str:
    response = client.get(reverse(f"harvesting:{name}", args=args))
    assert response.status_code == status
    return response.content.decode()


def filled(cast: Cast, repository: Repository, **more: str) -> dict[str, str]:
    return {
        "base_url": repository.url,
        "name": "Kho bạn",
        "library": str(cast.main.pk),
        "prefix": "",
        "set_spec": "",
        "numbering": "CONTROL_NUMBER",
        "every_hours": "6",
        "enabled": "on",
        "auth_variable": "",
        "step": "save",
    } | more


def test_the_empty_desk_says_what_to_do(manager: Client):
    assert "Chưa có nguồn nào" in page(manager, "sources") and reverse("harvesting:add") in page(manager, "sources")


def test_trying_a_source_offers_its_formats_and_sets_and_saves_nothing(
    cast: Cast, manager: Client, repository: Repository
):
    response = manager.post(reverse("harvesting:add"), filled(cast, repository, step="try", name=""))
    text = response.content.decode()
    assert response.status_code == 200 and "Nguồn trả lời: Kho thử" in text and not Source.objects.exists()
    assert '<option value="marcxml" selected>' in text and "Sách (sach)" in text and 'value="Kho thử"' in text


def test_a_source_that_does_not_answer_says_why(cast: Cast, manager: Client, repository: Repository):
    for url, words in [
        ("http://10.1.2.3/oai", "mạng nội bộ"),
        (repository.url.replace("/oai", ":x"), "Địa chỉ không hợp lệ"),
        ("ftp://example.org/", "http hoặc https"),
    ]:
        response = manager.post(reverse("harvesting:add"), filled(cast, repository, base_url=url, step="try"))
        assert words in response.content.decode(), url
    repository.hook = lambda _a: "<html>hello</html>"
    response = manager.post(reverse("harvesting:add"), filled(cast, repository))
    assert "không trả lời theo OAI-PMH" in response.content.decode() and not Source.objects.exists()


def test_a_source_is_added_run_watched_and_its_import_can_be_reverted(
    cast: Cast, manager: Client, repository: Repository
):
    added = manager.post(reverse("harvesting:add"), filled(cast, repository))
    source = Source.objects.get()
    assert added.headers["Location"] == reverse("harvesting:source", args=[source.public_id])
    assert (source.prefix, source.every_hours, source.library) == ("marcxml", 6, cast.main)
    assert "Chưa chạy lần nào" in page(manager, "source", source.public_id)

    started = manager.post(reverse("harvesting:start", args=[source.public_id]))
    run = Run.objects.get()
    assert started.headers["Location"] == reverse("harvesting:run", args=[run.public_id])
    assert "hx-get" in page(manager, "run_progress", run.public_id)
    again = manager.post(reverse("harvesting:start", args=[source.public_id]), follow=True)
    assert "đang có việc chạy" in again.content.decode()
    work_on_run(run.pk)
    text = page(manager, "run", run.public_id)
    run.refresh_from_db()
    assert reverse("catalogue:import", args=[run.batch.public_id]) in text and "Biểu ghi nhận được" in text
    assert "hx-get" not in page(manager, "run_progress", run.public_id)
    text = page(manager, "source", source.public_id)
    assert "Nguồn có 7 biểu ghi." in text and "Đúng hẹn" in text and "persistent" not in text


def test_a_source_is_withdrawn_after_a_question_and_brought_back(
    cast: Cast, manager: Client, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    assert "7 biểu ghi" in page(manager, "withdraw", source.public_id)
    manager.post(reverse("harvesting:withdraw", args=[source.public_id]))
    work_on_run(Run.objects.latest("pk").pk)
    assert titles(cast.main) == {}
    text = page(manager, "source", source.public_id)
    assert "Đã rút cả nguồn" in text and "Lấy ngay" not in text
    run = Run.objects.latest("pk")
    manager.post(reverse("harvesting:run_restore", args=[run.public_id]))
    work_on_run(Run.objects.latest("pk").pk)
    assert len(titles(cast.main)) == 7 and "Lấy ngay" in page(manager, "source", source.public_id)


def test_deletions_without_an_import_can_be_taken_back_from_the_run(
    cast: Cast, manager: Client, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    for held in repository.held.values():
        held.at = datetime(2020, 1, 1, tzinfo=UTC)
    repository.delete("k5")
    run = harvest(source)
    assert run.batch is None and "k5" not in titles(cast.main)
    assert "Đưa biểu ghi đã rút trở lại" in page(manager, "run", run.public_id)
    manager.post(reverse("harvesting:run_restore", args=[run.public_id]))
    work_on_run(Run.objects.latest("pk").pk)
    assert "k5" in titles(cast.main)


def test_a_reverted_harvest_pauses_the_schedule_and_the_page_says_so(
    cast: Cast, manager: Client, source: Source, repository: Repository, harvest: Harvester
):
    run = harvest(source)
    manager.post(reverse("catalogue:import_revert", args=[run.batch.public_id]))
    work_on_import(run.batch.pk)
    undo_run(run.batch.pk)
    assert titles(cast.main) == {}
    text = page(manager, "source", source.public_id)
    assert "Lịch đang tạm dừng" in text and "Không theo lịch" in text
    assert "đã được hoàn tác" in page(manager, "run", run.public_id)


def test_the_list_tells_how_late_a_source_is_and_why(
    cast: Cast, manager: Client, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    with clock.frozen(clock.now() + timedelta(hours=27, minutes=5)):
        assert "Chậm 3 giờ" in page(manager, "sources")
    with clock.frozen(clock.now() + timedelta(days=4)):
        assert "Chậm 3 ngày" in page(manager, "sources")
    repository.hook = lambda _a: (403, {}, b"")
    run = harvest(source)
    assert "Máy chủ báo lỗi HTTP 403." in page(manager, "sources")
    assert "Máy chủ báo lỗi HTTP 403." in page(manager, "run", run.public_id)


def test_what_was_harvested_stays_with_its_library(
    cast: Cast, manager: Client, source: Source, repository: Repository, harvest: Harvester
):
    harvest(source)
    url = reverse("harvesting:edit", args=[source.public_id])
    changed = filled(cast, repository, name="Tên mới", prefix="marcxml", every_hours="48")
    assert manager.post(url, changed | {"numbering": "IDENTIFIER"}).status_code == 400
    assert manager.post(url, changed).status_code == 302
    source.refresh_from_db()
    assert (source.name, source.every_hours, source.numbering) == ("Tên mới", 48, "CONTROL_NUMBER")
    assert source.synced_to is not None
    assert manager.post(url, changed | {"set_spec": "sach"}).status_code == 302
    source.refresh_from_db()
    assert source.synced_to is None


def test_wrong_input_is_explained_beside_its_field(cast: Cast, manager: Client, source: Source, repository: Repository):
    url = reverse("harvesting:add")
    for more, words in [
        ({"name": source.name.upper()}, "Đã có nguồn mang tên này"),
        ({"auth_variable": "DATABASE_URL"}, "LIENTHU_HARVEST_"),
        ({"prefix": "không phải"}, "Tên định dạng chỉ gồm"),
        ({"every_hours": "0"}, "every_hours"),
        ({"library": str(cast.other.pk)}, "library"),
    ]:
        response = manager.post(url, filled(cast, repository, **more))
        assert response.status_code == 400 and words in response.content.decode(), more
    assert Source.objects.count() == 1


def test_others_are_kept_out(cast: Cast, client: Client, source: Source, repository: Repository, harvest: Harvester):
    run = harvest(source)
    one, other = source.public_id, run.public_id
    places = [("source", one), ("edit", one), ("withdraw", one), ("run", other), ("run_progress", other)]
    client.force_login(cast.cataloguer.account)
    page(client, "sources", status=403)
    client.force_login(cast.stranger.account)
    assert source.name not in page(client, "sources")
    for name, thing in places:
        assert client.get(reverse(f"harvesting:{name}", args=[thing])).status_code == 403
    for name, thing in [("start", one), ("withdraw", one), ("run_restore", other)]:
        assert client.post(reverse(f"harvesting:{name}", args=[thing])).status_code == 403
    assert Run.objects.count() == 1 and page(client, "source", "bbbbb", status=404)


def test_the_page_of_the_library_says_how_fresh_its_records_are(
    cast: Cast, client: Client, source: Source, repository: Repository, harvest: Harvester
):
    with clock.frozen(datetime(2026, 11, 22, 20, 0, tzinfo=UTC)):
        harvest(source)
    text = client.get(reverse("libraries:library", args=[cast.main.code])).content.decode()
    assert "Mục lục cập nhật từ nguồn" in text and "23/11/2026" in text


def test_the_commands_list_and_run(
    cast: Cast, source: Source, repository: Repository, capsys: pytest.CaptureFixture[str]
):
    call_command("harvest", "run", "kho THỬ")
    assert "Nhận 7 biểu ghi: mới 7, cập nhật 0, không đổi 0, từ chối 0; rút 0." in capsys.readouterr().out
    call_command("harvest", "list")
    assert "Kho thử  VN-T-TINH  đúng hẹn  7 biểu ghi" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Không có nguồn nào"):
        call_command("harvest", "run", "không có")
    repository.hook = lambda _a: (404, {}, b"")
    with pytest.raises(CommandError, match="HTTP 404"):
        call_command("harvest", "run", source.name, "--full")


def test_the_tick_queues_what_is_due(source: Source, repository: Repository, monkeypatch: pytest.MonkeyPatch):
    tick()
    run = Run.objects.get()
    assert run.state == "QUEUED" and run.actor_id is None
    undo_run(999)
    assert Run.objects.count() == 1
