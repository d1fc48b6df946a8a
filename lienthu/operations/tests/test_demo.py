"""The demonstration province, through the command that loads it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from lienthu.catalogue.models import Batch, Item, SourceRecord
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
    assert first[:2] == (29 + Library.objects.exclude(status="ACTIVE").count(), 271)
    assert len((home / "demo-accounts.txt").read_text().splitlines()) == 8
    again = StringIO()
    call_command("demo", stdout=again)
    assert counts() == first
    assert len((home / "demo-accounts.txt").read_text().splitlines()) == 8


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
