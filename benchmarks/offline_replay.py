"""A desk comes back after days without network: its log of 10,000 events sent and done over HTTP.

    python -m benchmarks.offline_replay [--events 10000]

The product is started in an empty home; 5,000 copies and 2,000 readers are added. Half of the events are loans, half
the returns of the same copies, 500 loans later. The log is sent as the browser sends it: signed, chained, 300 lines
at a time, then asked what came of it until nothing is pending. Checked: each event done, none twice. Peer of the same
run: circulation's actions called alone, in one process, without log, judgement or HTTP.
"""

import argparse
import hmac
import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.product import CHECKOUT, new_home, serve
from benchmarks.table import Row, show
from lienthu.server.postgres import EmbeddedPostgres

TARGET_SECONDS = 60.0
COPIES, READERS = 5_000, 2_000
AT_ONCE = 300
RETURNED_AFTER = 500
ALONE = 300


@dataclass
class Sender:
    """The device: chains, seals and sends."""

    url: str
    device: str
    key: bytes
    head: bytes
    rows: list[str] = field(default_factory=list)

    def note(self, kind: str, copy: str, card: str, at: datetime) -> None:
        line = {
            "n": len(self.rows) + 1,
            "prev": self.head.hex(),
            "k": kind,
            "card": card,
            "copy": copy,
            "at": at.isoformat(),
            "mono": len(self.rows),
            "run": "benchmark",
            "off": 0,
            "due": "",
        }
        text = json.dumps(line)
        self.head = sha256(text.encode()).digest()
        self.rows.append(f"{hmac.new(self.key, text.encode(), sha256).hexdigest()}\t{text}")

    def post(self, name: str, body: str) -> dict[str, Any]:
        path = f"/quay-ngoai-tuyen/may/{name}"
        challenge = self._ask("/quay-ngoai-tuyen/may/chao", json.dumps({"device": self.device}), {})["challenge"]
        signed = f"{path}\n{challenge}\n{sha256(body.encode()).hexdigest()}"
        return self._ask(
            path,
            body,
            {
                "X-Lienthu-Device": self.device,
                "X-Lienthu-Challenge": challenge,
                "X-Lienthu-Signature": hmac.new(self.key, signed.encode(), sha256).hexdigest(),
            },
        )

    def _ask(self, path: str, body: str, headers: dict[str, str]) -> dict[str, Any]:
        request = urllib.request.Request(self.url + path, body.encode(), {"Content-Type": "text/plain", **headers})
        with urllib.request.urlopen(request, timeout=120) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def send(self) -> None:
        """Everything, as the browser does it."""
        clocks = "#" + json.dumps({"now": datetime.now(UTC).isoformat(), "mono": 0, "run": "sending"})
        for start in range(0, len(self.rows), AT_ONCE):
            told = self.post("nhat-ky", "\n".join([clocks, *self.rows[start : start + AT_ONCE], ""]))
            if told["problem"]:
                raise RuntimeError(told["problem"])
        while self.post("ket-qua", json.dumps({"after": len(self.rows) - 1}))["pending"]:
            pass


def _child(home: Path, *words: object) -> dict[str, Any]:
    """Ask benchmarks.offline_replay_data in a process of its own, on the product's database."""
    program = "import django; django.setup(); import benchmarks.offline_replay_data as c; c.work()"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "DATABASE_URL": EmbeddedPostgres(home).dsn(),
            "LIENTHU_HOME": str(home),
            "LIENTHU_SECRET_KEY": (home / "secret-key").read_text().strip(),
            "DJANGO_SETTINGS_MODULE": "lienthu.config.settings",
        },
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000)
    events = parser.parse_args().events
    with new_home() as home, serve(home) as product:
        prepared = _child(home, "prepare", COPIES, READERS)
        copies, cards = prepared["copies"], prepared["cards"]
        sender = Sender(
            product.url, prepared["device"], bytes.fromhex(prepared["key"]), bytes.fromhex(prepared["head"])
        )
        began = datetime.now(UTC) - timedelta(days=1)
        waiting: list[str] = []
        for number in range(events // 2):
            copy, card = copies[number % COPIES], cards[number % READERS]
            sender.note("CHECKOUT", copy, card, began + timedelta(seconds=2 * number))
            waiting.append(copy)
            if len(waiting) > RETURNED_AFTER:
                sender.note("CHECKIN", waiting.pop(0), "", began + timedelta(seconds=2 * number + 1))
        for number, copy in enumerate(waiting):
            sender.note("CHECKIN", copy, "", began + timedelta(seconds=events + number))
        started = time.perf_counter()
        sender.send()
        seconds = time.perf_counter() - started
        states = _child(home, "outcome")
        if states != {"DONE": len(sender.rows)}:
            raise RuntimeError(f"not every event was done once: {states}")
        each = _child(home, "alone", ALONE)["ms"]
    per_event = seconds / len(sender.rows) * 1000
    show(
        [
            Row(
                name=f"replay of {len(sender.rows):,} offline events",
                figure=f"{seconds:.1f} s, {per_event:.1f} ms each",
                peer=f"actions alone: {each:.1f} ms each",
                ratio=each / per_event,
                target=f"{TARGET_SECONDS * events / 10_000:.0f} s",
                met=seconds <= TARGET_SECONDS * events / 10_000,
            )
        ]
    )


if __name__ == "__main__":
    main()
