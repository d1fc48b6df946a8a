"""What other systems can take from the running product: harvesting through OAI-PMH, searching through SRU.

    python -m benchmarks.exchange [--url URL | --home DIR | --demonstration] [--seconds 20] [--clients 10]

Without arguments it starts `lienthu serve` with 250,000 records in a home that is kept for the next time; with
--demonstration on the small one. The harvest is made by sickle and oaipmh-scythe (PyPI) and by plain HTTP with gzip,
each to the end by resumption tokens; its peer is `lienthu export --format marcxml`, the same records read in one
stream. SRU is asked by wrk (Debian), ten records an answer; its peer is Zebra's SRU with 50,000 of the records and the
same questions.
"""

import argparse
import contextlib
import gzip
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

from oaipmh_scythe import Scythe
from sickle import Sickle

from benchmarks.corpus import lc_books
from benchmarks.product import LARGE, Product, command, wait_for_index
from benchmarks.result_page import DEMONSTRATION, EACH, SAMPLE, Load, chosen, load, sample_of
from benchmarks.search_questions import Question, documents, questions, row_of
from benchmarks.search_zebra import is_installed
from benchmarks.table import Row, show
from benchmarks.zebra_sru import ZebraSru

TARGET_RATE = 3_000.0
TARGET_MS = 80.0
ZEBRA_RECORDS = 50_000
WARM_SECONDS = 3
_TOKEN = b"<resumptionToken"


def raw_harvest(base: str, prefix: str) -> int:
    """Records got by plain HTTP, following the tokens."""
    found = 0
    asked = f"verb=ListRecords&metadataPrefix={prefix}"
    while asked:
        request = urllib.request.Request(f"{base}?{asked}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            body = gzip.decompress(answer.read())
        found += body.count(b"<record><header")
        rest = body[body.rfind(_TOKEN) :] if _TOKEN in body else b""
        token = rest.partition(b">")[2].partition(b"<")[0].decode()
        asked = f"verb=ListRecords&resumptionToken={quote(token)}" if token else ""
    return found


def sickle_harvest(base: str, prefix: str) -> int:
    """Records got by sickle, which makes an object of each."""
    return sum(1 for _ in Sickle(base, timeout=120).ListRecords(metadataPrefix=prefix))


def scythe_harvest(base: str, prefix: str) -> int:
    """Records got by oaipmh-scythe."""
    with Scythe(base, timeout=120) as scythe:
        return sum(1 for _ in scythe.list_records(metadata_prefix=prefix))


def timed(harvest: Callable[[str, str], int], base: str, prefix: str) -> tuple[int, float]:
    """How many records, and records per second."""
    started = time.perf_counter()
    found = harvest(base, prefix)
    return found, found / (time.perf_counter() - started)


def exported(product: Product) -> float:
    """Records per second of a whole export as MARCXML, without the start of the command."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.xml"
        started = time.perf_counter()
        command("export", "--format", "marcxml", "-o", str(path), home=product.home)
        seconds = time.perf_counter() - started
        with path.open("rb") as file:
            found = sum(line.startswith(b"  <record>") for line in file)
    return found / seconds


def cql(question: Question) -> str:
    """The question in CQL, with folded words, which both engines understand."""
    if question.isbn:
        return f"bath.isbn = {question.isbn}"
    if question.author:
        low, high = question.year - 2, question.year + 2
        return f"dc.creator = {question.author} and dc.date >= {low} and dc.date <= {high}"
    if question.prefix:
        return f"{question.words[0]}*"
    if question.phrase:
        return f'"{" ".join(question.words)}"'
    # Quoted, since "and", "or" and "not" are words of titles too.
    return " and ".join(f'"{word}"' for word in question.words)


def drawn(large: bool) -> list[str]:
    """CQL queries from the records, in a mixed but fixed order."""
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample.mrc"
        if large:
            sample_of(lc_books(), sample, SAMPLE)
        else:
            sample.write_bytes(b"".join(path.read_bytes() for path in sorted(DEMONSTRATION.glob("*.mrc"))))
        asked = [one for one in questions(list(documents(sample, SAMPLE)), EACH) if one.isbn or one.author or one.words]
    texts = list(dict.fromkeys(cql(one) for one in asked if not (one.library or one.language or one.by_year)))
    step = 101
    while len(texts) % step == 0:
        step += 2
    return [texts[number * step % len(texts)] for number in range(len(texts))]


def sru_paths(path: str, queries: list[str], **more: str) -> list[str]:
    """The addresses to ask for."""
    fixed = {"operation": "searchRetrieve", "version": "1.1", "maximumRecords": "10", **more}
    return [f"{path}?{urlencode({**fixed, 'query': query})}" for query in queries]


def zebra_load(queries: list[str], *, clients: int, seconds: int) -> Load | None:
    """The same questions to Zebra; None where it is not installed."""
    if not is_installed():
        return None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        rows = (row_of(document) for document in documents(lc_books(), ZEBRA_RECORDS))
        with contextlib.closing(ZebraSru(Path(folder), rows)) as zebra:
            paths = sru_paths("/Default", queries, recordSchema="zebra")
            load(zebra.url, paths, readers=clients, seconds=WARM_SECONDS)
            return load(zebra.url, paths, readers=clients, seconds=seconds)


def measure(product: Product, *, clients: int, seconds: int) -> int:
    """All rows for a running product."""
    records = wait_for_index(product)
    base = f"{product.url}/oai"
    rows = []
    stream = exported(product)
    # The first asks for what is not stamped yet to be stamped; counted, as a first harvester meets it too.
    for name, harvest, prefix, peer in (
        ("plain HTTP", raw_harvest, "marc21", True),
        ("plain HTTP", raw_harvest, "oai_dc", False),
        ("plain HTTP", raw_harvest, "mods", False),
        ("sickle", sickle_harvest, "marc21", False),
        ("sickle", sickle_harvest, "oai_dc", False),
        ("oaipmh-scythe", scythe_harvest, "marc21", False),
    ):
        found, rate = timed(harvest, base, prefix)
        print(f"{name}, {prefix}: {found:,} records, {rate:,.0f} a second", flush=True)
        rows.append(
            Row(
                name=f"OAI-PMH harvest of {found:,} records, {prefix}, by {name}",
                figure=f"{rate:,.0f} records/s",
                peer=f"lienthu export --format marcxml: {stream:,.0f}" if peer else "",
                ratio=rate / stream if peer else None,
                target=f"≥ {TARGET_RATE:,.0f}, all",
                met=rate >= TARGET_RATE and found >= records,
            )
        )
    rows += sru_rows(product, records, clients=clients, seconds=seconds)
    return show(rows)


def sru_rows(product: Product, records: int, *, clients: int, seconds: int) -> list[Row]:
    """SRU under load, beside Zebra."""
    if not shutil.which("wrk"):
        print("wrk (a Debian package) is not installed here: SRU left out.")
        return []
    queries = drawn(records >= LARGE * 0.9)
    paths = sru_paths("/sru", queries)
    load(product.url, paths, readers=clients, seconds=WARM_SECONDS)
    ours = load(product.url, paths, readers=clients, seconds=seconds)
    theirs = zebra_load(queries, clients=clients, seconds=seconds)
    peer = f"Zebra, {ZEBRA_RECORDS:,} records: {theirs.p95:.0f} ms, {theirs.rate:.0f}/s" if theirs else ""
    print(
        f"SRU: {len(queries)} questions, p50 {ours.p50:.0f}, p95 {ours.p95:.0f}, p99 {ours.p99:.0f} ms,"
        f" {ours.rate:.0f} a second"
    )
    return [
        Row(
            name=f"SRU, MARCXML of 10 records, {clients} clients at once, {records:,} records, p95",
            figure=f"{ours.p95:.0f} ms, {ours.rate:.0f}/s, {ours.errors} errors",
            peer=peer,
            ratio=theirs.p95 / ours.p95 if theirs else None,
            target=f"< {TARGET_MS:.0f} ms",
            met=ours.p95 < TARGET_MS and not ours.errors,
        )
    ]


def main() -> int:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="a product that runs already; its --home is needed too")
    parser.add_argument("--home", type=Path, help="where the 250,000 records are or shall be; kept")
    parser.add_argument("--demonstration", action="store_true", help="only the small demonstration, in a new home")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--clients", type=int, default=10)
    given = parser.parse_args()
    with chosen(given) as product:
        return measure(product, clients=given.clients, seconds=given.seconds)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(str(error))
