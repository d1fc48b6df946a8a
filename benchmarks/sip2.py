"""Self-check machines: 200 of them over SIP2, 100 transactions a second for some time, none lost; then without pause.

    python -m benchmarks.sip2 [--home DIR] [--seconds 20] [--machines 200]

The home of benchmarks/circulation.py: 200,000 more copies, 50,000 more readers. Each machine signs in on a connection
of its own and does what self-check machines do: it asks about the reader (63), lends (11), asks about the copy (17),
takes it in (09), each message with number and checksum, 100 of all machines in a second. A transaction is a message
with its answer. Afterwards the loans in the database are counted: as many as were confirmed. The load is made on the
same machine, whose processor it shares with the product.
"""

import argparse
import asyncio
import os
import socket
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

import psycopg

from benchmarks.circulation import CARD, COPY, ITEMS, READERS, fill
from benchmarks.product import serve, standing_home
from benchmarks.table import Row, show
from lienthu.protocols.sip2.messages import sealed
from lienthu.protocols.sip2.passwords import hashed, new_password
from lienthu.server.postgres import EmbeddedPostgres

PER_SECOND = 100
TURN = ("63", "11", "17", "09")
_ADD = """
INSERT INTO sip2_terminal (library_id, name, login, password_hash, permits, needs_pin, charset, delimiter, line_end,
                           detection, addresses, needs_tls, enabled, seen_from, seen_message)
SELECT id, %(login)s, %(login)s, %(hash)s, '{CHECKOUT,CHECKIN,READERS}', false, 'utf-8', '|', 'CR', 'AUTO', '{}', false,
       true, '', ''
FROM libraries_library WHERE code = 'VN-TQ-TINH'
ON CONFLICT (login) DO UPDATE SET password_hash = excluded.password_hash, enabled = true
"""


@dataclass
class Times:
    """Milliseconds of each answer; what was asked, what went wrong, how many loans were confirmed."""

    ms: list[float] = field(default_factory=list)
    asked: int = 0
    lent: int = 0
    wrong: list[str] = field(default_factory=list)


class Machine:
    """One machine with its connection, copies and readers."""

    def __init__(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._number, self._reader, self._writer = number, reader, writer
        self._turn, self._sequence, self.step = int(time.time()) % 400, 0, 0

    async def say(self, body: str) -> str:
        """A message and its answer."""
        self._sequence = (self._sequence + 1) % 10
        self._writer.write(sealed(body.encode(), sequence=str(self._sequence), checked=True) + b"\r")
        return (await self._reader.readuntil(b"\r")).decode()

    async def next(self, times: Times) -> None:
        """The next message of the turn, measured."""
        code = TURN[self.step % len(TURN)]
        self._turn += code == TURN[0]
        place = 1 + (self._number * 500 + self._turn) % (ITEMS // 2)
        copy, card = COPY.format(place), CARD.format(1 + place % READERS)
        now = datetime.now().strftime("%Y%m%d    %H%M%S")
        body, good = {
            "63": (f"63000{now}{' ' * 10}AOx|AA{card}|AC|AD|", "BLY|"),
            "11": (f"11YN{now}{now}AOx|AA{card}|AB{copy}|AC|", "121"),
            "17": (f"17{now}AOx|AB{copy}|AC|", "1804"),
            "09": (f"09N{now}{now}APx|AOx|AB{copy}|AC|", "101"),
        }[code]
        times.asked += 1
        began = time.perf_counter()
        answer = await self.say(body)
        times.ms.append((time.perf_counter() - began) * 1000)
        self.step += 1
        if good not in answer:
            times.wrong.append(f"{body[:2]} {answer[:160]}")
        times.lent += code == "11" and good in answer


async def connected(port: int, logins: dict[str, str]) -> list[Machine]:
    """All machines, signed in."""
    found = []
    for number, (login, password) in enumerate(logins.items()):
        machine = Machine(number, *await asyncio.open_connection("127.0.0.1", port))
        answer = await machine.say(f"9300CN{login}|CO{password}|CPx|")
        if not answer.startswith("941"):
            raise RuntimeError(answer)
        found.append(machine)
    return found


async def paced(machines: list[Machine], times: Times, *, seconds: float) -> float:
    """So many messages a second of all machines together, whole turns; the seconds that it took."""
    pause = len(machines) / PER_SECOND
    turns = max(1, round(seconds / (pause * len(TURN))))
    began = time.monotonic()

    async def work(place: int, machine: Machine) -> None:
        for step in range(turns * len(TURN)):
            due = began + pause * (step + place / len(machines))
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await machine.next(times)

    await asyncio.gather(*(work(place, machine) for place, machine in enumerate(machines)))
    return time.monotonic() - began


async def unpaced(machines: list[Machine], times: Times, *, seconds: float) -> float:
    """As many messages as go; whole turns."""
    began = time.monotonic()

    async def work(machine: Machine) -> None:
        while time.monotonic() - began < seconds or machine.step % len(TURN):
            await machine.next(times)

    await asyncio.gather(*(work(machine) for machine in machines))
    return time.monotonic() - began


async def measure(port: int, logins: dict[str, str], seconds: float) -> tuple[Times, float, Times, float]:
    machines = await connected(port, logins)
    await paced(machines, Times(), seconds=1)
    calm, hurried = Times(), Times()
    calm_seconds = await paced(machines, calm, seconds=seconds)
    return calm, calm_seconds, hurried, await unpaced(machines, hurried, seconds=seconds / 2)


def main() -> int:
    """Print the rows; 1 when the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=standing_home().with_name("benchmark-circulation"))
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--machines", type=int, default=200)
    given = parser.parse_args()
    given.home.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    os.environ["LIENTHU_SIP2_PORT"] = str(port)
    with serve(given.home):
        dsn = EmbeddedPostgres(given.home).dsn()
        fill(dsn)
        logins = {f"bench-{number}": new_password() for number in range(given.machines)}
        with psycopg.connect(dsn) as connection:
            for login, password in logins.items():
                connection.execute(_ADD, {"login": login, "hash": hashed(password)})
        before = _loans(dsn)
        calm, calm_seconds, hurried, hurried_seconds = asyncio.run(measure(port, logins, given.seconds))
        booked = _loans(dsn) - before
    for wrong in [*calm.wrong, *hurried.wrong][:5]:
        print(f"wrong: {wrong}", file=sys.stderr)
    # the turn before the measuring is booked too
    lost = calm.asked + hurried.asked - len(calm.ms) - len(hurried.ms)
    confirmed = calm.lent + hurried.lent + given.machines
    size = f"{ITEMS:,} copies, {READERS:,} readers, {given.machines} machines"
    rate = len(calm.ms) / calm_seconds
    return show(
        [
            Row(
                name=f"SIP2 transactions (63, 11, 17, 09), {size}, {PER_SECOND} asked for in a second",
                figure=f"{rate:.0f}/s, p95 {quantiles(calm.ms, n=20)[18]:.0f} ms, p50 {median(calm.ms):.0f} ms, "
                f"{len(calm.ms)} answered, {lost} lost, {len(calm.wrong)} wrong",
                target=f"{PER_SECOND}/s, none lost",
                met=rate >= PER_SECOND * 0.97 and not (lost or calm.wrong),
            ),
            Row(
                name="SIP2 transactions, the same, nobody ever pauses",
                figure=f"{len(hurried.ms) / hurried_seconds:.0f}/s, p95 {quantiles(hurried.ms, n=20)[18]:.0f} ms, "
                f"{len(hurried.wrong)} wrong",
            ),
            Row(
                name="Loans in the database beside those that machines were told of",
                figure=f"{booked:,} of {confirmed:,}",
                target="the same",
                met=booked == confirmed,
            ),
        ]
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _loans(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        return int((connection.execute("SELECT count(*) FROM circulation_loan").fetchone() or (0,))[0])


if __name__ == "__main__":
    sys.exit(main())
