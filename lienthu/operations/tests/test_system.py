"""The system page, what it may order, and what monitors may ask."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client, override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthu.audit.models import Entry
from lienthu.catalogue.models import Cluster
from lienthu.identity.tests.factories import Cast, make_cast
from lienthu.kernel import clock, jobs
from lienthu.operations.models import BackupRun, RestoreTest
from lienthu.operations.tests.conftest import Home

pytestmark = pytest.mark.django_db

PAGE = "/ban-lam-viec/he-thong/"


@pytest.fixture
def people() -> Cast:
    return make_cast()


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def backup(home: Home, number: int, **values: object) -> BackupRun:
    name = f"lienthu-backup-202611{number:02d}T193000Z.lienthu"
    home.backups.mkdir(exist_ok=True)
    (home.backups / name).write_bytes(b"x")
    known = {"status": "DONE", "size": number * 1000, "started_at": clock.now()} | values
    return BackupRun.objects.create(
        kind="SCHEDULED", folder=str(home.backups), file_name=name, actor_name="lienthu backup", **known
    )


def failed_job() -> int:
    job_id = jobs.app.tasks["audit.anchor"].defer(timestamp=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 1 WHERE id = %s", [job_id])
    return job_id


def test_a_new_installation_says_what_is_not_there_yet_and_what_comes(people, home):
    words = signed_in(people.administrator).get(PAGE).content.decode()
    for sentence in ("Chưa có bản sao lưu nào", "Chưa lần nào thử phục hồi", "không có việc nào bị hỏng"):
        assert sentence in words
    assert f'action="{PAGE}sao-luu"' in words
    # there is nothing to test yet
    assert f'action="{PAGE}kiem-tra"' not in words


def test_an_inspector_reads_but_has_no_buttons(people, home):
    answer = signed_in(people.inspector).get(PAGE)
    assert answer.status_code == 200
    assert '<form method="post" action="' + PAGE not in answer.content.decode()
    for address in ("sao-luu", "kiem-tra"):
        assert signed_in(people.inspector).post(PAGE + address).status_code == 403
    assert not BackupRun.objects.exists()


def test_an_administrator_orders_a_backup_and_sees_it_go_on(people, home):
    client = signed_in(people.administrator)
    answer = client.post(PAGE + "sao-luu", follow=True)
    run = BackupRun.objects.get()
    assert (run.status, run.kind, run.actor_name) == ("WAITING", "DESK", people.administrator.full_name)
    assert ProcrastinateJob.objects.filter(task_name="operations.make_backup", args={"run_id": run.pk}).count() == 1
    assert Entry.objects.order_by("-seq").first().action == "operations.request_backup"
    progress = f"{PAGE}sao-luu/{run.pk}/tien-do"
    assert progress in answer.content.decode()
    assert "Chờ đến lượt" in client.get(progress).content.decode()
    BackupRun.objects.update(status="FAILED", problem={"code": "another_running", "params": {}})
    ended = client.get(progress).content.decode()
    assert "Đang có một lượt sao lưu khác chạy" in ended and "hx-get" not in ended


def test_a_restore_test_needs_a_backup_first(people, home):
    client = signed_in(people.administrator)
    assert "Hãy sao lưu trước" in client.post(PAGE + "kiem-tra", follow=True).content.decode()
    assert not RestoreTest.objects.exists()
    run = backup(home, 1)
    client.post(PAGE + "kiem-tra")
    assert RestoreTest.objects.get().backup == run


def test_the_list_of_backups_is_sorted_paged_and_exported_but_no_file_is_offered(people, home):
    for number in range(1, 13):
        backup(home, number)
    client = signed_in(people.inspector)
    first = client.get(PAGE, {"sort": "-size"}).context["backups"]
    assert (first.total, first.pages, len(first.rows)) == (12, 2, 10)
    assert first.rows[0].cells["file"] == "lienthu-backup-20261112T193000Z.lienthu (không mã hóa)"
    assert len(client.get(PAGE, {"page": "2"}).context["backups"].rows) == 2
    assert client.get(PAGE, {"page": "-1", "sort": "rm -rf"}).status_code == 200
    answer = client.get(PAGE + "sao-luu.csv", {"sort": "size"})
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[0][:4] == ["Lúc", "Trạng thái", "Tệp", "Byte"]
    assert [line[3] for line in lines[1:3]] == ["1000", "2000"]
    assert not re.search(r'href="[^"]*\.lienthu"', client.get(PAGE).content.decode())


def test_a_failed_job_is_shown_and_run_again_by_those_who_may(people, home):
    job_id = failed_job()
    client = signed_in(people.administrator)
    assert "Ghi mốc neo của nhật ký" in client.get(PAGE).content.decode()
    assert "Cho chạy lại" in client.get(f"{PAGE}viec/{job_id}").content.decode()
    assert "Cho chạy lại" not in signed_in(people.inspector).get(f"{PAGE}viec/{job_id}").content.decode()
    assert signed_in(people.inspector).post(f"{PAGE}viec/{job_id}/chay-lai").status_code == 403
    assert ProcrastinateJob.objects.get(pk=job_id).status == "failed"
    client.post(f"{PAGE}viec/{job_id}/chay-lai")
    assert ProcrastinateJob.objects.get(pk=job_id).status == "todo"
    assert Entry.objects.order_by("-seq").first().action == "operations.retry_job"
    again = client.post(f"{PAGE}viec/{job_id}/chay-lai", follow=True)
    assert "không còn ở trạng thái hỏng" in again.content.decode()
    assert client.get(f"{PAGE}viec/{job_id}").status_code == 404


def test_health_is_cheap_and_its_deep_form_names_each_part(people, home, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Client().get("/health").json() == {"status": "ok"}
    deep = Client().get("/health", {"sau": "1"})
    assert deep.status_code == 503
    assert deep.json()["parts"]["database"] == "ok"
    assert deep.json()["parts"]["workers"] == "wrong"
    assert str(home.path) not in deep.content.decode()
    assert Client(REMOTE_ADDR="203.0.113.7").get("/health", {"sau": "1"}).json() == {"status": "ok"}


def test_metrics_tell_the_waiting_rows_and_the_age_of_the_last_backup(people, home):
    backup(home, 1)
    cluster = Cluster.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO discovery_pendingindex (cluster_ids) VALUES ('{1,2}')")
    failed_job()
    words = Client().get("/metrics").content.decode()
    assert cluster == 0
    assert "\nlienthu_index_waiting 1.0\n" in words
    assert re.search(r"\nlienthu_backup_age_seconds \d", words)
    assert "lienthu_restore_test_age_seconds" not in words
    assert 'lienthu_jobs{queue="maintenance",state="failed"} 1.0' in words
    assert "django_http_requests" in words


def test_metrics_are_for_this_machine_or_for_the_bearer_of_the_token(home):
    assert Client().get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.7").get("/metrics").status_code == 404
    assert Client(HTTP_X_FORWARDED_FOR="203.0.113.7").get("/metrics").status_code == 404
    with override_settings(METRICS_TOKEN="mot-chuoi-ngau-nhien-dai"):
        assert Client().get("/metrics").status_code == 404
        bearer = Client(REMOTE_ADDR="203.0.113.7", HTTP_AUTHORIZATION="Bearer mot-chuoi-ngau-nhien-dai")
        assert bearer.get("/metrics").status_code == 200
        wrong = Client(HTTP_AUTHORIZATION="Bearer mot-chuoi-khac")
        assert wrong.get("/metrics").status_code == 404
