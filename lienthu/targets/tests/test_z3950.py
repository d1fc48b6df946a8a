"""Z39.50 through YAZ, against Zebra and yaz-ztest; and servers that mean harm, on raw sockets."""

import os
import socket
import threading
import time
from collections.abc import Callable

import pytest
from django.test import override_settings

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from lienthu.targets import z3950
from lienthu.targets.conversion import convert
from lienthu.targets.policy.asking import Question
from lienthu.targets.problems import TargetProblem
from lienthu.targets.tests.servers import Zebra, hostile, z3950_peer
from lienthu.targets.z3950 import Server, ask, pqf

Allow = Callable[[int], None]


@pytest.fixture(autouse=True)
def _yaz() -> None:
    if not z3950.is_installed():
        pytest.skip("YAZ (libyaz5) is not installed here")


def _query(**values: str) -> str:
    return pqf.query_of(Question.of(values), pqf.DEFAULT_INDEXES)


def _asked(port: int, query: str, *, database: str = "lc", seconds: float = 10.0, records: int = 20) -> z3950.RawAnswer:
    return ask(Server("127.0.0.1", port, database), query=query, seconds=seconds, records=records)


def _problem(port: int, *, query: str = '@attr 1=4 "x"', seconds: float = 3.0, database: str = "lc") -> TargetProblem:
    with pytest.raises(TargetProblem) as caught:
        _asked(port, query, seconds=seconds, database=database)
    return caught.value


class TestZebra:
    def test_an_isbn_finds_its_record(self, peer: Zebra, allowed: Allow) -> None:
        allowed(peer.port)
        answer = _asked(peer.port, _query(number="0-9674295-1-X"))
        assert answer.hits == 1 and answer.skipped == 0
        record = convert(answer.records[0], charset="AUTO").record
        assert record.value("001").strip() == "00103636"
        assert record.get("245").get("a") == "Thập nhị môn luận :"  # type: ignore[union-attr]

    @pytest.mark.parametrize("title", ["thập nhị môn luận", "thap nhi mon luan", "THẬP NHỊ môn luận"])
    def test_vietnamese_words_arrive_as_they_were_typed(self, peer: Zebra, allowed: Allow, title: str) -> None:
        allowed(peer.port)
        assert _asked(peer.port, _query(title=title)).hits == 1

    def test_more_records_than_wanted_are_left_there(self, peer: Zebra, allowed: Allow) -> None:
        allowed(peer.port)
        answer = _asked(peer.port, _query(any="viet"), records=12)
        assert answer.hits > 12 and len(answer.records) == 12
        assert len({record.raw for record in answer.records}) == 12

    def test_xml_is_taken_too(self, peer: Zebra, allowed: Allow) -> None:
        allowed(peer.port)
        server = Server("127.0.0.1", peer.port, "lc", syntax="xml")
        answer = ask(server, query=_query(number="096742951X"), seconds=10, records=1)
        assert convert(answer.records[0], charset="AUTO").format == "marcxml"

    @pytest.mark.parametrize(
        "typed", ['x" @attr 1=4 "viet', '" @or @attr 1=4 viet @attr 1=4 "', "\\", '"', '\\"', "@attr", "{", "x\x00y"]
    )
    def test_no_typed_sign_becomes_syntax(self, peer: Zebra, allowed: Allow, typed: str) -> None:
        allowed(peer.port)
        clauses = Question.of({"title": f"qqzz{typed}"}).clauses()
        query = pqf.query_of(Question.of({"title": f"qqzz{typed}"}), pqf.DEFAULT_INDEXES)
        assert clauses and _asked(peer.port, query).hits == 0

    def test_an_unknown_database_and_an_unknown_index_are_diagnosed(self, peer: Zebra, allowed: Allow) -> None:
        allowed(peer.port)
        assert _problem(peer.port, database="khong-co").params["number"] in {109, 235}
        assert _problem(peer.port, query='@attr 1=9999 "x"').params["number"] == 114


def test_ztest_sends_its_records(test_server: int, allowed: Allow) -> None:
    allowed(test_server)
    answer = _asked(test_server, '@attr 1=4 "computer"', database="Default", records=5)
    assert answer.hits > 0
    records = [convert(found, charset="AUTO").record for found in answer.records]
    assert len(records) == min(5, answer.hits) and all(record.get("245") for record in records)


def test_the_secret_stands_neither_in_the_arguments_nor_in_the_environment(allowed: Allow) -> None:
    seen: list[bytes] = []

    def look(connection: socket.socket) -> None:
        from_child = connection.recv(65536)
        seen.append(from_child)
        for place in _processes():
            seen.append(place)

    with hostile(look) as port:
        allowed(port)
        with pytest.raises(TargetProblem):
            ask(Server("127.0.0.1", port, "x", user="u", password="mat-khau-bi-mat"), query="", seconds=3, records=1)
    assert b"mat-khau-bi-mat" in seen[0]
    assert len(seen) > 1 and not any(b"mat-khau-bi-mat" in place or b"DATABASE_URL" in place for place in seen[1:])


def _processes() -> list[bytes]:
    """Arguments and environment of the children of this process; other tests beside it have children of their own."""
    found = []
    parent = f"\nPPid:\t{os.getpid()}\n"
    for folder in z3950.Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes()
            if b"z3950/child.py" in arguments and parent in (folder / "status").read_text():
                found += [arguments, (folder / "environ").read_bytes()]
        except OSError:
            continue
    return found


class TestHostile:
    def _hostile(
        self, allowed: Allow, answering: Callable[[socket.socket], None], *, seconds: float = 3.0
    ) -> TargetProblem:
        with hostile(answering) as port:
            allowed(port)
            return _problem(port, seconds=seconds)

    def test_a_server_that_never_answers_is_left(self, allowed: Allow) -> None:
        began = time.monotonic()
        problem = self._hostile(allowed, lambda connection: time.sleep(20), seconds=2.0)
        assert problem.code == "z_timeout" and time.monotonic() - began < 6

    def test_one_byte_a_moment_gains_nothing(self, allowed: Allow) -> None:
        def drip(connection: socket.socket) -> None:
            connection.sendall(b"\xb5\x84\x7f\xff\xff\xff")
            for _ in range(400):
                connection.sendall(b"\x00")
                time.sleep(0.05)

        began = time.monotonic()
        problem = self._hostile(allowed, drip, seconds=2.0)
        assert problem.code in {"z_timeout", "z_closed", "z_protocol"} and time.monotonic() - began < 6

    def test_endless_data_ends(self, allowed: Allow) -> None:
        def pour(connection: socket.socket) -> None:
            connection.recv(65536)
            connection.sendall(b"\xb5\x84\x7f\xff\xff\xff")
            while True:
                connection.sendall(b"\x30" * 65536)

        problem = self._hostile(allowed, pour, seconds=4.0)
        assert problem.code in {"z_timeout", "z_closed", "z_protocol", "z_memory", "child_died"}

    @pytest.mark.parametrize(
        "garbage",
        [
            b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
            b"\xb5\x03\x01\x02\x03",
            b"\xb5\x80" * 20_000,
            b"\xff" * 4096,
            b"\x1f\x8b" + bytes(range(256)) * 4,
            b"SSH-2.0-OpenSSH_9.2\r\n",
        ],
    )
    def test_garbage_is_called_what_it_is(self, allowed: Allow, garbage: bytes) -> None:
        def answer(connection: socket.socket) -> None:
            connection.recv(65536)
            connection.sendall(garbage)

        problem = self._hostile(allowed, answer)
        assert problem.code in {"z_protocol", "z_closed", "z_login_wanted", "z_timeout", "child_died"}

    def test_a_web_server_can_not_send_the_question_elsewhere(self, allowed: Allow) -> None:
        reached = threading.Event()
        with hostile(lambda connection: reached.set()) as other:

            def answer(connection: socket.socket) -> None:
                connection.recv(65536)
                there = f"Location: http://127.0.0.1:{other}/x\r\n"
                connection.sendall(f"HTTP/1.1 302 Found\r\n{there}Content-Length: 0\r\n\r\n".encode())
                time.sleep(0.5)

            assert self._hostile(allowed, answer).code in {"z_protocol", "z_closed"}
        assert not reached.is_set()

    def test_a_record_of_ten_megabytes_is_left_out(self, allowed: Allow) -> None:
        with hostile(z3950_peer(b"x" * (10 << 20))) as port:
            allowed(port)
            answer = _asked(port, '@attr 1=4 "x"', records=1)
        assert (answer.hits, answer.records, answer.skipped) == (1, (), 1)

    def test_a_record_larger_than_any_memory_ends_the_child_and_nothing_else(self, allowed: Allow) -> None:
        with hostile(z3950_peer(b"x" * (200 << 20))) as port:
            allowed(port)
            problem = _problem(port, seconds=8.0)
        assert problem.code in {"z_memory", "z_closed", "z_protocol", "z_timeout", "child_died"}

    def test_a_server_that_counts_millions_sends_no_more_than_was_asked(self, allowed: Allow) -> None:
        raw = build(Record("00000nam a2200000 a 4500", [Field("245", "", "00", [("a", "Bến quê")])]))
        with hostile(z3950_peer(raw, hits=2_000_000_000)) as port:
            allowed(port)
            answer = _asked(port, '@attr 1=4 "x"', records=7)
        assert answer.hits == 2_000_000_000 and 1 <= len(answer.records) <= 7

    def test_records_that_add_up_to_too_much_are_cut(self, allowed: Allow) -> None:
        with hostile(z3950_peer(b"x" * (1 << 19), hits=50)) as port:
            allowed(port)
            answer = _asked(port, '@attr 1=4 "x"', records=50)
        assert 1 <= len(answer.records) <= 16

    def test_a_closed_port_is_told(self, allowed: Allow) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        allowed(port)
        assert _problem(port).code == "z_connect"

    def test_private_addresses_are_refused_unless_they_are_allowed(self) -> None:
        reached = threading.Event()
        with hostile(lambda connection: reached.set()) as port, override_settings(ALLOW_PRIVATE_FETCH=[]):
            for host in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "0.0.0.0", "localhost"):
                with pytest.raises(TargetProblem) as caught:
                    ask(Server(host, port, "x"), query="", seconds=2, records=1)
                assert caught.value.params["code"] == "private_address", host
        assert not reached.is_set()

    def test_no_child_is_left_behind(self, allowed: Allow) -> None:
        self._hostile(allowed, lambda connection: time.sleep(5), seconds=1.0)
        assert _processes() == []


def test_a_broken_query_never_reaches_the_server(peer: Zebra, allowed: Allow) -> None:
    allowed(peer.port)
    assert _problem(peer.port, query="@and x").code == "z_query"
