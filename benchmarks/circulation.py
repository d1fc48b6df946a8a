"""The circulation desk over HTTP: 25 desks at once; the actions beside bare SQL; choosing copies for all requests.

    python -m benchmarks.circulation [--home DIR] [--seconds 20] [--desks 25]

The demonstration with 200,000 more copies (two of each title, the second spread over all libraries) and 50,000 more
readers, written once into a home that is kept. Each desk signs in on its own and does what a scanner
does: card, copy, change to returning, copy; every answer is what the script of the page puts before the librarian. In
the row of the target each desk pauses for two seconds after each scan (a quick librarian), in the row after it nobody
ever pauses. The load is made on the same machine, whose processor it shares with the product.

In a process of its own (circulation_child.py), the actions without HTTP are measured on the same database, beside the
same rows written by bare SQL in the same PostgreSQL: what one action writes is recorded, rolled back, and written again
by psycopg with nothing else around it.
"""

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

import psycopg

from benchmarks.product import CHECKOUT, serve, standing_home
from benchmarks.table import Row, show
from lienthu.server.postgres import EmbeddedPostgres

ITEMS, READERS = 200_000, 50_000
TARGET_MS, STATEMENTS, RATIO, RETARGET_SECONDS = 150.0, 25, 8.0, 300.0
DESK, ACT, SIGN_IN = "/ban-lam-viec/luu-thong/", "/ban-lam-viec/luu-thong/lam", "/tai-khoan/dang-nhap/"
ACCOUNT = "thuthu"
CARD, COPY = "BM-{:06d}", "BM.{:06d}.1"
WARM_SECONDS = 3
PAUSE_SECONDS = 2.0
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
# One row of the demonstration stands for the columns that do not matter here.
_FILL = """
INSERT INTO catalogue_cluster (title, title_sort, summary, is_active, created_at, updated_at, visibility, work_fixed)
SELECT 'Sách đo tải ' || g, convert_to('Sách đo tải ' || g, 'UTF8'),
       jsonb_build_object('title', 'Sách đo tải ' || g, 'type', 'BOOK'),
       is_active, now(), now(), visibility, work_fixed
FROM (SELECT * FROM catalogue_cluster WHERE is_active ORDER BY id LIMIT 1) one, generate_series(1, %(titles)s) g;
INSERT INTO catalogue_sourcerecord (control_number, status, revision, digest, created_at, updated_at, cluster_id,
                                    library_id)
SELECT 'BM' || c.id, one.status, one.revision, one.digest, now(), now(), c.id, %(main)s
FROM (SELECT * FROM catalogue_sourcerecord WHERE status = 'ACTIVE' ORDER BY id LIMIT 1) one, catalogue_cluster c
WHERE c.title LIKE 'Sách đo tải %%';
INSERT INTO catalogue_item (accession_number, source_key, call_number, shelf, status, visibility, note, created_at,
                            updated_at, library_id, record_id, item_type)
SELECT 'BM.' || lpad(row_number() OVER (PARTITION BY copy ORDER BY r.id)::text, 6, '0') || '.' || copy, 'bm-' || copy,
       '000', 'Kho mở', 'AVAILABLE', 'PUBLIC', '', now(), now(),
       CASE WHEN copy = 1 THEN %(main)s ELSE (%(libraries)s::bigint[])[1 + r.id %% %(many)s] END, r.id, ''
FROM catalogue_sourcerecord r, generate_series(1, 2) copy WHERE r.control_number LIKE 'BM%%';
INSERT INTO patrons_patron (state, full_name, name_sort, name_folded, birth_date, "group", address, phone, email,
                            language, note, keep_history, registered_at, registered_by, revision, category_id,
                            home_library_id, photo_key)
SELECT one.state, 'Bạn đọc đo tải ' || g, one.name_sort, 'ban doc do tai ' || g, one.birth_date, '', '', '', '',
       one.language, '', false, now(), 'benchmark', 1, one.category_id, %(main)s, ''
FROM (SELECT p.* FROM patrons_patron p JOIN patrons_card c ON c.patron_id = p.id WHERE c.number = 'TD-0001') one,
     generate_series(1, %(readers)s) g;
INSERT INTO patrons_card (number, status, issued_on, valid_until, reason, library_id, patron_id)
SELECT 'BM-' || lpad(row_number() OVER (ORDER BY p.id)::text, 6, '0'), 'ACTIVE', current_date, current_date + 365, '',
       %(main)s, p.id
FROM patrons_patron p WHERE p.registered_by = 'benchmark';
"""


@dataclass
class Times:
    """Milliseconds of each request, by what was done; and what went wrong."""

    ms: dict[str, list[float]] = field(default_factory=lambda: {"checkout": [], "checkin": [], "other": []})
    wrong: list[str] = field(default_factory=list)

    def p95(self, what: str) -> float:
        return quantiles(self.ms[what], n=20)[18] if len(self.ms[what]) > 1 else 0.0


class DeskClient:
    """One desk with its own session, copies and readers."""

    def __init__(self, host: str, port: int, number: int, password: str) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=60)
        self._cookies: dict[str, str] = {}
        # Each run has copies and readers that the one before did not leave in some state.
        self._number, self._turn = number, int(time.time()) % 2_500
        token = _found(self.ask("GET", SIGN_IN))
        self.ask("POST", SIGN_IN, {"csrfmiddlewaretoken": token, "login": ACCOUNT, "password": password})
        self._token = _found(self.ask("GET", DESK))

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        """Send one request and keep its cookies; the body. Raises RuntimeError for an error of the server."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()), "X-Counter": "1"}
        body = None
        if form is not None:
            headers["Content-Type"], body = "application/x-www-form-urlencoded", urlencode(form)
            headers["Referer"] = f"http://{self._connection.host}:{self._connection.port}{path}"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name.strip()] = value
        if answer.status >= 400:
            raise RuntimeError(f"{path}: {answer.status}")
        return text

    def act(self, times: Times, what: str, **form: str) -> str:
        """One entry at the desk, measured."""
        key = f"{self._number}-{time.perf_counter_ns()}"
        started = time.perf_counter()
        text = self.ask("POST", ACT, {"csrfmiddlewaretoken": self._token, "key": key, **form})
        times.ms[what].append((time.perf_counter() - started) * 1000)
        return text

    def turn(self, times: Times, pause: float) -> None:
        """A reader borrows a copy and brings it back."""
        self._turn += 1
        place = 1 + (self._number * 3_000 + self._turn) % (ITEMS // 2)
        copy, card = COPY.format(place), CARD.format(1 + place % READERS)
        steps = (
            ("other", {"do": "mode", "to": "LEND"}, ""),
            ("other", {"do": "close"}, ""),
            ("other", {"do": "take", "box": card}, card),
            ("checkout", {"do": "take", "box": copy}, 'class="badge badge-leaf"'),
            ("other", {"do": "mode", "to": "RETURN"}, ""),
            ("checkin", {"do": "take", "box": copy}, copy),
        )
        for what, form, expected in steps:
            text = self.act(times, what, **form)
            if 'data-sign="refused"' in text or (expected and expected not in text):
                times.wrong.append(f"{what} {form}")
            time.sleep(pause)


def _found(page: str) -> str:
    match = _TOKEN.search(page)
    if match is None:
        raise RuntimeError("no form on the page")
    return match[1]


def fill(dsn: str) -> None:
    """Write the copies and readers, once."""
    with psycopg.connect(dsn) as connection:
        if connection.execute("SELECT 1 FROM patrons_card WHERE number = 'BM-000001'").fetchone():
            return
        print("Writing 200,000 copies and 50,000 readers once …", flush=True)
        libraries = [row[0] for row in connection.execute("SELECT id FROM libraries_library WHERE status = 'ACTIVE'")]
        (main,) = connection.execute("SELECT id FROM libraries_library WHERE code = 'VN-TQ-TINH'").fetchone() or (0,)
        values = {
            "titles": ITEMS // 2,
            "readers": READERS,
            "main": main,
            "libraries": libraries,
            "many": len(libraries),
        }
        psycopg.ClientCursor(connection).execute(_FILL, values)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ANALYZE")


def desks_at_work(clients: list[DeskClient], *, seconds: float, pause: float) -> Times:
    """All desks at once for some seconds; each begins at its own moment of the first pause."""
    times, stop = Times(), time.monotonic() + seconds

    def work(client: DeskClient, wait: float) -> None:
        time.sleep(wait)
        try:
            while time.monotonic() < stop:
                client.turn(times, pause)
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            times.wrong.append(str(error))

    threads = [
        threading.Thread(target=work, args=(client, pause * place / len(clients)))
        for place, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def child(dsn: str, home: Path) -> dict[str, float]:
    """What the actions take without HTTP, beside bare SQL; see circulation_child.py."""
    environment = os.environ | {
        "DATABASE_URL": dsn,
        "LIENTHU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "lienthu.config.settings",
    }
    command = [
        sys.executable,
        "-c",
        "import django; django.setup(); import benchmarks.circulation_child as c; c.main()",
    ]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def row_of(name: str, times: Times, what: str, *, target: bool) -> Row:
    """A row about one kind of request."""
    ms = times.ms[what]
    p95 = times.p95(what)
    wrong = f", {len(times.wrong)} wrong" if times.wrong else ""
    return Row(
        name=name,
        figure=f"p95 {p95:.0f} ms, p50 {median(ms) if ms else 0:.0f} ms, {len(ms)} times{wrong}",
        target=f"p95 under {TARGET_MS:.0f} ms" if target else "",
        met=(p95 < TARGET_MS and not times.wrong) if target else None,
    )


def main() -> int:
    """Print the rows; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=standing_home().with_name("benchmark-circulation"))
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--desks", type=int, default=25)
    given = parser.parse_args()
    given.home.mkdir(parents=True, exist_ok=True)
    with serve(given.home) as product:
        dsn = EmbeddedPostgres(given.home).dsn()
        fill(dsn)
        passwords = dict(
            line.split()[:2] for line in (given.home / "demo-accounts.txt").read_text(encoding="utf-8").splitlines()
        )
        host, _, port = product.url.removeprefix("http://").partition(":")
        clients = [DeskClient(host, int(port), number, passwords[ACCOUNT]) for number in range(given.desks)]
        desks_at_work(clients, seconds=WARM_SECONDS, pause=0.2)
        calm = desks_at_work(clients, seconds=given.seconds, pause=PAUSE_SECONDS)
        never = desks_at_work(clients, seconds=given.seconds / 2, pause=0.0)
        alone = child(dsn, given.home)
    for wrong in [*calm.wrong, *never.wrong][:5]:
        print(f"wrong: {wrong}", file=sys.stderr)
    size = f"{ITEMS:,} copies, {READERS:,} readers, {given.desks} desks"
    rows = [
        row_of(f"Checkout over HTTP, {size}, each scans every 2 s", calm, "checkout", target=True),
        row_of(f"Checkin over HTTP, {size}, each scans every 2 s", calm, "checkin", target=True),
        row_of("Checkout over HTTP, the same, nobody ever pauses", never, "checkout", target=False),
        row_of("Checkin over HTTP, the same, nobody ever pauses", never, "checkin", target=False),
    ]
    for what in ("checkout", "checkin"):
        ours, bare = alone[f"{what}_ms"], alone[f"{what}_bare_ms"]
        rows.append(
            Row(
                name=f"The action {what} in process: p50; the ratio says how much longer than bare SQL",
                figure=f"{ours:.1f} ms, {alone[f'{what}_statements']:.0f} statements at most",
                peer=f"bare SQL of the same rows {bare:.1f} ms",
                ratio=ours / bare,
                target=f"ratio at most {RATIO:.0f}, at most {STATEMENTS} statements",
                met=ours / bare <= RATIO and alone[f"{what}_statements"] <= STATEMENTS,
            )
        )
    rows.append(
        Row(
            name=f"Choosing copies for {alone['holds']:,.0f} waiting requests",
            figure=f"{alone['retarget_seconds']:.0f} s, {alone['chosen']:,.0f} chosen",
            target=f"under {RETARGET_SECONDS:.0f} s",
            met=alone["retarget_seconds"] < RETARGET_SECONDS and alone["chosen"] == alone["holds"],
        )
    )
    return show(rows)


if __name__ == "__main__":
    sys.exit(main())
