"""Programs of others harvest and search the running product: sickle, oaipmh-scythe, Perl HTTP::OAI, YAZ, sruthi."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import sruthi
from lxml import etree
from oaipmh_scythe import Scythe
from sickle import Sickle
from sickle.oaiexceptions import CannotDisseminateFormat, NoRecordsMatch

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from lienthu.protocols.oaipmh.tests.harvest import OAI, schema
from tests.journeys.conftest import CHECKOUT, Product

HERE = Path(__file__).parent
PREFIXES = ("oai_dc", "marc21", "mods")


def command(product: Product, *arguments: str) -> str:
    """Run a command of the product on the home of the running one."""
    line = [sys.executable, "-m", "lienthu.server.cli", *arguments, "--home", str(product.home)]
    own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "LIENTHU_TEST_DB"}}
    return subprocess.run(line, cwd=CHECKOUT, env=own, capture_output=True, text=True, check=True, timeout=120).stdout


def total(product: Product, query: str) -> int:
    with urllib.request.urlopen(f"{product.url}/api/v1/search?{urllib.parse.urlencode({'q': query})}") as answer:
        return int(json.load(answer)["total"])


@pytest.fixture(scope="module")
def gone(product: Product, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Identifiers of records that were imported, could be harvested, and were taken back."""
    path = tmp_path_factory.mktemp("exchange") / "rut.mrc"
    titles = ["Sách sẽ rút một", "Sách sẽ rút hai"]
    path.write_bytes(
        b"".join(
            build(Record("00000nam a2200000 a 4500", [Field("001", f"rut{n}"), Field("245", "", "00", [("a", title)])]))
            for n, title in enumerate(titles)
        )
    )
    told = json.loads(command(product, "import", str(path), "--library", "VN-TQ-TINH", "--json").splitlines()[-1])
    named = {
        record.header.identifier
        for record in Sickle(f"{product.url}/oai").ListRecords(metadataPrefix="oai_dc", ignore_deleted=True)
        if record.metadata["title"][0] in titles
    }
    assert len(named) == 2
    command(product, "imports", "revert", told["imports"][0])
    return named


def by_sickle(base: str, prefix: str) -> dict[str, bool]:
    found = Sickle(base, max_retries=2).ListRecords(metadataPrefix=prefix)
    return {record.header.identifier: record.deleted for record in found}


def by_scythe(base: str, prefix: str) -> dict[str, bool]:
    with Scythe(base) as scythe:
        return {one.header.identifier: one.deleted for one in scythe.list_records(metadata_prefix=prefix)}


def by_perl(base: str, prefix: str) -> dict[str, bool]:
    if subprocess.run(["perl", "-MHTTP::OAI", "-e", "1"], capture_output=True, check=False).returncode:
        pytest.skip("HTTP::OAI (libhttp-oai-perl) is not installed here")
    line = ["perl", str(HERE / "clients" / "harvest.pl"), base, prefix]
    done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=180)
    return {name: state == "deleted" for name, state in map(str.split, done.stdout.splitlines())}


@pytest.mark.parametrize("harvest", [by_sickle, by_scythe, by_perl])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_harvester_gets_everything_and_learns_what_is_gone(
    product: Product, gone: set[str], harvest, prefix: str
) -> None:
    found = harvest(f"{product.url}/oai", prefix)
    assert {name for name, deleted in found.items() if deleted} >= gone
    assert sum(not deleted for deleted in found.values()) == total(product, "")


def test_errors_are_the_classes_that_a_harvester_knows(product: Product) -> None:
    sickle = Sickle(f"{product.url}/oai")
    with pytest.raises(CannotDisseminateFormat):
        list(sickle.ListRecords(metadataPrefix="nope"))
    with pytest.raises(NoRecordsMatch):
        list(sickle.ListRecords(metadataPrefix="oai_dc", until="1990-01-01"))
    assert "VN-TQ-TINH" in {one.setSpec for one in sickle.ListSets()}


@pytest.mark.parametrize("prefix", ["oai_dc", "marc21"])
def test_every_page_of_a_harvest_is_valid_by_the_schemas(product: Product, gone: set[str], prefix: str) -> None:
    known = schema()
    asked = f"verb=ListRecords&metadataPrefix={prefix}"
    while asked:
        with urllib.request.urlopen(f"{product.url}/oai?{asked}") as answer:
            tree = etree.fromstring(answer.read())
        assert known.validate(tree), known.error_log
        token = tree.findtext(f".//{OAI}resumptionToken")
        asked = f"verb=ListRecords&resumptionToken={urllib.parse.quote(token)}" if token else ""


def yaz(*lines: str) -> str:
    if not shutil.which("yaz-client"):
        pytest.skip("YAZ (Debian yaz) is not installed here")
    # Its exit code is always 0; what it prints tells.
    done = subprocess.run(
        ["yaz-client"], input="\n".join([*lines, "quit", ""]), capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_yaz_client_searches_shows_and_scans_in_every_version(product: Product, version: str) -> None:
    said = yaz(
        f"sru get {version}", f"open {product.url}/sru", "querytype cql", "find dc.title=viet*", "show 1",
        "scan dc.title=viet",
    )  # fmt: skip
    assert f"Number of hits: {total(product, 'nhan đề: viet*')}" in said
    assert re.search(r"<record xmlns=.http://www.loc.gov/MARC21/slim", said)
    assert "diagnostic" not in said.lower()
    assert re.search(r"(?m)^Vi.t.*: \d+ inner$", said)


@pytest.mark.parametrize("version", ["1.2", "2.0"])
def test_yaz_client_is_told_what_is_not_supported(product: Product, version: str) -> None:
    deep = "(" * 200 + "a" + ")" * 200
    for query, number in (("dc.nothing=a", "16"), ("a prox b", "39"), (deep, "13")):
        said = yaz(f"sru get {version}", f"open {product.url}/sru", "querytype cql", f"find {query}")
        assert f"info:srw/diagnostic/1/{number}" in said


def test_zoomsh_searches_and_takes_a_record(product: Product) -> None:
    if not shutil.which("zoomsh"):
        pytest.skip("YAZ (Debian yaz) is not installed here")
    line = [
        "zoomsh", "set sru get", "set preferredRecordSyntax xml", f"connect {product.url}/sru",
        "search cql:dc.title=viet*", "show 0 1", "quit",
    ]  # fmt: skip
    said = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60).stdout
    assert f"{total(product, 'nhan đề: viet*')} hits" in said
    assert "http://www.loc.gov/MARC21/slim" in said


def test_sruthi_reads_explain_and_walks_through_the_pages(product: Product) -> None:
    told = sruthi.explain(f"{product.url}/sru")
    assert {"marcxml", "dc", "mods"} <= set(told.schema)
    wanted = {"query": "dc.title = viet*", "record_schema": "marcxml", "maximum_records": 7}
    found = sruthi.searchretrieve(f"{product.url}/sru", **wanted)
    expected = total(product, "nhan đề: viet*")
    assert (found.count, sum(1 for _ in found)) == (expected, expected)
