"""A device in Python, as the browser's is in JavaScript: it notes, chains, seals and sends."""

import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.test import Client

from lienthu.offlinedesk.actions import Enrolled, enrol
from lienthu.offlinedesk.policy.log import origin

BASE = "/quay-ngoai-tuyen/may/"


@dataclass
class Browser:
    """One enrolled device; `rows` is its log, `behind` how slow its clock is."""

    enrolled: Enrolled
    rows: list[str] = field(default_factory=list)
    head: bytes = b""
    number: int = 0
    behind: timedelta = timedelta(0)
    run: str = "run-1"
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.head = origin(self.id)

    @property
    def id(self) -> str:
        return self.enrolled.device.public_id

    def note(self, kind: str, copy: str, card: str = "", *, at: datetime | None = None, **more: Any) -> str:
        """Note one event, one second after the one before unless told otherwise."""
        self.number += 1
        moment = (at or self.enrolled.device.enrolled_at + timedelta(seconds=self.number)) - self.behind
        line = {
            "n": self.number,
            "prev": self.head.hex(),
            "k": kind,
            "card": card,
            "copy": copy,
            "at": moment.isoformat(),
            "mono": 1000.0 * self.number,
            "run": self.run,
            "off": None,
            "due": "",
            **more,
        }
        text = json.dumps(line, ensure_ascii=False)
        self.head = sha256(text.encode()).digest()
        self.rows.append(f"{hmac.new(self.enrolled.key, text.encode(), sha256).hexdigest()}\t{text}")
        return text

    def lend(self, copy: str, card: str, **more: Any) -> None:
        self.note("CHECKOUT", copy, card, **more)

    def body(self, rows: list[str] | None = None) -> bytes:
        now = datetime.now(UTC) - self.behind
        first = "#" + json.dumps({"now": now.isoformat(), "mono": 1e6, "run": "run-of-sending"})
        return "\n".join([first, *(self.rows if rows is None else rows), ""]).encode()

    def send(self, rows: list[str] | None = None) -> dict[str, Any]:
        """Send these rows (or all)."""
        return self.post("nhat-ky", self.body(rows)).json()

    def post(self, where: str, body: bytes, *, key: bytes | None = None) -> Any:
        hello = self.client.post(BASE + "chao", json.dumps({"device": self.id}), content_type="application/json").json()
        signed = f"{BASE}{where}\n{hello['challenge']}\n{sha256(body).hexdigest()}"
        return self.client.post(
            BASE + where,
            body,
            content_type="text/plain",
            headers={
                "X-Lienthu-Device": self.id,
                "X-Lienthu-Challenge": hello["challenge"],
                "X-Lienthu-Signature": hmac.new(key or self.enrolled.key, signed.encode(), sha256).hexdigest(),
            },
        )


def browser_at(network: Any, name: str = "Máy quầy") -> Browser:
    """A device enrolled by the librarian of library A, some time ago."""
    done = enrol(actor=network.desk_a.actor, library=network.a, name=name)
    done.device.enrolled_at -= timedelta(days=2)
    done.device.save(update_fields=["enrolled_at"])
    return Browser(done)
