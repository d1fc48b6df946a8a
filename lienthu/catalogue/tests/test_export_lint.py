"""MARC::Lint (Debian libmarc-lint-perl) on what we export: nothing that the records did not have when they came."""

import io
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from lienthu.catalogue.marc import RawRecord, open_records
from lienthu.catalogue.marc.iso2709 import build
from lienthu.catalogue.models import Cluster
from lienthu.catalogue.queries import exchange_records
from lienthu.catalogue.tests.conftest import Desk, Importer

RECORDS = Path(__file__).parents[2] / "operations" / "demo" / "data" / "lc_vietnam"
_LINT = """
use strict; use MARC::Batch; use MARC::Lint;
binmode STDOUT, ':utf8';
my $lint = MARC::Lint->new; my $batch = MARC::Batch->new('USMARC', shift); $batch->strict_off; $batch->warnings_off;
while (my $record = $batch->next) { $lint->check_record($record); print "$_\\n" for $lint->warnings; print "--\\n" }
"""


def complaints(path: Path) -> tuple[int, Counter[str]]:
    """How many records MARC::Lint read, and its warnings with their number."""
    if subprocess.run(["perl", "-MMARC::Lint", "-e", "1"], capture_output=True, check=False).returncode:
        pytest.skip("MARC::Lint (libmarc-lint-perl) is not installed here")
    done = subprocess.run(
        ["perl", "-e", _LINT, str(path)], capture_output=True, text=True, encoding="utf-8", check=True, timeout=120
    )
    lines = done.stdout.splitlines()
    return lines.count("--"), Counter(line for line in lines if line != "--")


@pytest.fixture
def source(desk: Desk, take: Importer, tmp_path: Path) -> Path:
    """Real records of the Library of Congress, imported, and as they came."""
    path = tmp_path / "source.mrc"
    path.write_bytes(b"".join(file.read_bytes() for file in sorted(RECORDS.glob("*.mrc"))))
    take(path.read_bytes())
    return path


def _without_copies(warnings: Counter[str]) -> Counter[str]:
    return Counter({line: count for line, count in warnings.items() if not line.startswith("852")})


def test_a_complete_export_has_no_new_complaint(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "export.mrc"
    call_command("export", "--format", "marc", "-o", str(target), verbosity=0)
    (read, before), (written, after) = complaints(source), complaints(target)
    assert read == written > 200
    assert _without_copies(after) - _without_copies(before) == Counter()


def test_records_for_exchange_have_no_new_complaint(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "exchange.mrc"
    found = exchange_records(list(Cluster.objects.values_list("pk", flat=True)))
    target.write_bytes(b"".join(build(one.record()) for one in found.values()))
    (_, before), (_, after) = complaints(source), complaints(target)
    kinds_before, kinds_after = (
        {line.partition(":")[0] for line in _without_copies(warnings)} for warnings in (before, after)
    )
    assert kinds_after - kinds_before == set()


def test_the_records_come_from_a_reader_that_two_agree_on(source: Path) -> None:
    items = list(open_records(io.BytesIO(source.read_bytes())))
    assert all(isinstance(item, RawRecord) for item in items)
    assert complaints(source)[0] == len(items)
