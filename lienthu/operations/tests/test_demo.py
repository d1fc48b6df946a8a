"""The demonstration province, through the command that loads it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from lienthu.catalogue.models import Batch, Item, ReviewPair, SourceRecord
from lienthu.libraries.models import Library
from lienthu.operations.demo import large
from lienthu.operations.demo.load import DATA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def counts() -> tuple[int, ...]:
    return tuple(table.objects.count() for table in (Library, SourceRecord, Item, Batch))


def test_loading_the_demonstration_again_adds_nothing(home):
    call_command("demo", stdout=StringIO())
    first = counts()
    assert first[:2] == (29 + Library.objects.exclude(status="ACTIVE").count(), 271 + 8 + 5 + 7)
    assert len((home / "demo-accounts.txt").read_text().splitlines()) == 8
    again = StringIO()
    call_command("demo", stdout=again)
    assert counts() == first
    said = again.getvalue()
    assert (
        said.count("đã có đủ, không thêm gì") == 7
        and "biểu ghi mới" not in said
        and "Đề mục có kiểm soát: 0 mới" in said
    )
    assert len((home / "demo-accounts.txt").read_text().splitlines()) == 8


def test_the_demonstration_shows_one_book_of_several_libraries_once_and_asks_about_the_doubtful(home):
    said = StringIO()
    call_command("demo", stdout=said)
    assert "truong-thcs.csv: 5 biểu ghi mới, 5 về cùng một cuốn" in said.getvalue()
    records = SourceRecord.objects.values_list("cluster_id", "control_number")
    united = {number: cluster for cluster, number in records}
    # typed without marks by one, in TCVN3 by another
    assert united["KD0017"] == united["TSSG-1"]
    assert len(set(united.values())) == 271 + 2
    assert ReviewPair.objects.filter(state="OPEN").count() == 2


def test_the_large_demonstration_spreads_every_record_over_the_libraries(home, monkeypatch):
    # The file of 250,000 records is in the cache already; a small one stands for it.
    kept = home / "cache" / large.FILE_NAME
    kept.parent.mkdir()
    kept.write_bytes(next(iter(sorted(Path(DATA / "lc_vietnam").glob("*.mrc")))).read_bytes())
    said = StringIO()
    call_command("demo", "--large", stdout=said, stderr=StringIO())
    assert f"{large.FILE_NAME}:" in said.getvalue()
    without_copies = SourceRecord.objects.exclude(items__isnull=False).count()
    assert without_copies == 0
    held = Item.objects.values("library").distinct().count()
    assert held > 20
