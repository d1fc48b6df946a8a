"""SRU against Zebra; and servers that mean harm: wrong XML, bombs, redirects into the own network, endless answers."""

import socket
import time
from collections.abc import Callable

import pytest
from django.test import override_settings

from lienthu.catalogue.marc import Field, Record
from lienthu.catalogue.marc.iso2709 import build
from lienthu.kernel.text.encodings.codecs import encode
from lienthu.targets.answers import RawFound
from lienthu.targets.conversion import convert
from lienthu.targets.policy.asking import Question
from lienthu.targets.problems import TargetProblem
from lienthu.targets.sru import Server, ask, cql
from lienthu.targets.sru.response import read_response
from lienthu.targets.tests.servers import Zebra, hostile, http
from lienthu.targets.wording import problem_sentence

Allow = Callable[[int], None]
RECORD = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
    '<controlfield tag="001">1</controlfield><datafield tag="245" ind1="0" ind2="0">'
    '<subfield code="a">Bến quê</subfield></datafield></record>'
)


def response(*records: str, hits: int | None = None, namespace: str = "http://www.loc.gov/zing/srw/") -> bytes:
    body = "".join(
        f"<z:record><z:recordSchema>marcxml</z:recordSchema><z:recordData>{record}</z:recordData></z:record>"
        for record in records
    )
    count = len(records) if hits is None else hits
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><z:searchRetrieveResponse xmlns:z="{namespace}"><z:version>1.1'
        f"</z:version><z:numberOfRecords>{count}</z:numberOfRecords><z:records>{body}</z:records>"
        "</z:searchRetrieveResponse>"
    ).encode()


def _query(**values: str) -> str:
    return cql.query_of(Question.of(values), cql.DEFAULT_INDEXES)


def _problem(port: int, *, seconds: float = 5.0) -> TargetProblem:
    with pytest.raises(TargetProblem) as caught:
        ask(Server(f"http://127.0.0.1:{port}/sru"), query="x", seconds=seconds, records=5)
    assert problem_sentence(caught.value.as_dict())
    return caught.value


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_zebra_answers_every_version(peer: Zebra, allowed: Allow, version: str) -> None:
    allowed(peer.port)
    server = Server(peer.sru, version=version)
    answer = ask(server, query=_query(title="thập nhị môn luận"), seconds=10, records=5)
    assert answer.hits == 1
    made = convert(answer.records[0], charset="AUTO")
    assert made.format == "marcxml" and made.record.value("001").strip() == "00103636"
    assert ask(server, query=_query(number="096742951X"), seconds=10, records=5).hits == 1


@pytest.mark.parametrize(
    "typed", ['x" or dc.title="viet', 'x") or (dc.title=viet', "x\\", 'x"', "viet*", "^viet", "a or viet"]
)
def test_no_typed_sign_becomes_syntax(peer: Zebra, allowed: Allow, typed: str) -> None:
    allowed(peer.port)
    query = _query(title=f"qqzz {typed}")
    assert ask(Server(peer.sru), query=query, seconds=10, records=5).hits == 0


def test_a_diagnostic_is_told_in_words(peer: Zebra, allowed: Allow) -> None:
    allowed(peer.port)
    with pytest.raises(TargetProblem) as caught:
        ask(Server(peer.sru), query='khong.co = "x"', seconds=10, records=5)
    assert caught.value.code == "sru" and caught.value.params["number"] in {15, 16}
    assert "chỉ mục" in problem_sentence(caught.value.as_dict())


def test_both_ways_of_packing_and_all_namespaces_are_read() -> None:
    escaped = RECORD.replace("<", "&lt;").replace(">", "&gt;")
    for body in (
        response(RECORD),
        response(escaped),
        response(RECORD, namespace="http://docs.oasis-open.org/ns/search-ws/sruResponse"),
    ):
        answer = read_response(body, most=5)
        assert answer.hits == 1
        assert convert(answer.records[0], charset="AUTO").record.get("245").get("a") == "Bến quê"  # type: ignore[union-attr]


def test_more_records_than_asked_for_are_not_read() -> None:
    answer = read_response(response(*[RECORD] * 30, hits=999), most=5)
    assert answer.hits == 999 and len(answer.records) == 5


def test_a_record_of_ten_megabytes_is_left_out_and_the_others_are_kept(allowed: Allow) -> None:
    large = RECORD.replace("Bến quê", "x" * (2 << 20))
    with hostile(http(response(large, RECORD))) as port:
        allowed(port)
        answer = ask(Server(f"http://127.0.0.1:{port}/"), query="x", seconds=5, records=5)
    assert len(answer.records) == 1 and answer.skipped == 1
    with hostile(http(response(RECORD.replace("Bến quê", "x" * (10 << 20))))) as port:
        allowed(port)
        assert _problem(port).params["code"] == "too_large"


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 12))
    + b"]><x>&l;</x>"
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (BOMB, "doctype"),
        (b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "doctype"),
        (BOMB.decode().encode("utf-16"), "xml_broken"),
        (BOMB.replace(b"?>", b' encoding="utf-7"?>', 1), "xml_broken"),
        (b"\xef\xbb\xbf" + BOMB.replace(b"?>", b' encoding="utf-7"?>', 1), "xml_broken"),
        (BOMB.decode().encode("utf-16-le"), "xml_broken"),
        (BOMB.decode().encode("utf-32-be"), "xml_broken"),
        (BOMB.decode().encode("cp037"), "xml_broken"),
        (b"<a>" * 5000 + b"</a>" * 5000, "xml_broken"),
        (b"<html><body>Welcome</body></html>", "not_sru"),
        (b"not xml", "xml_broken"),
        (b"", "xml_broken"),
        (response(RECORD)[:-40], "xml_broken"),
        (b"<explainResponse/>", "sru_explain"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_reason(allowed: Allow, body: bytes, code: str) -> None:
    with hostile(http(body)) as port:
        allowed(port)
        assert _problem(port).code == code


def test_a_bomb_inside_a_packed_record_is_refused_too(allowed: Allow) -> None:
    inner = BOMB.decode().replace("&", "&amp;").replace("<", "&lt;")
    answer = read_response(response(inner, RECORD), most=5)
    with pytest.raises(TargetProblem) as caught:
        convert(answer.records[0], charset="AUTO")
    assert caught.value.code == "doctype"


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd"]
)
def test_a_redirect_into_the_own_network_is_refused(allowed: Allow, place: str) -> None:
    with hostile(http(b"", status="302 Found", headers=f"Location: {place}\r\n")) as port:
        allowed(port)
        assert _problem(port).params["code"] in {"private_address", "scheme"}


def test_mods_and_dublin_core_are_taken_where_there_is_nothing_better() -> None:
    mods = (
        '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Bến quê</title></titleInfo>'
        '<name type="personal"><namePart>Nguyễn Minh Châu</namePart></name></mods>'
    )
    dc = (
        '<srw_dc:dc xmlns:srw_dc="info:srw/schema/1/dc-schema" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Bến quê</dc:title><dc:creator>Nguyễn Minh Châu</dc:creator></srw_dc:dc>"
    )
    answer = read_response(response(mods, dc, "<x>y</x>"), most=5)
    made = [convert(found, charset="AUTO") for found in answer.records[:2]]
    assert [one.format for one in made] == ["mods", "dc"]
    for one in made:
        assert one.record.subfields("245", "a")[0].startswith("Bến quê")
        names = [*one.record.subfields("100", "a"), *one.record.subfields("700", "a")]
        assert any("Nguyễn Minh Châu" in name for name in names)
    with pytest.raises(TargetProblem):
        convert(answer.records[2], charset="AUTO")


def test_a_busy_server_an_error_and_silence_are_told_apart(allowed: Allow) -> None:
    for status, code in (("503 Service Unavailable", "busy"), ("500 Error", "status"), ("401 Unauthorized", "status")):
        with hostile(http(b"x", status=status, headers="Retry-After: 120\r\n")) as port:
            allowed(port)
            assert _problem(port).params["code"] == code
    began = time.monotonic()
    with hostile(lambda connection: time.sleep(10)) as port:
        allowed(port)
        assert _problem(port, seconds=1.5).params["code"] == "timeout"
    assert time.monotonic() - began < 5


def test_a_diagnosis_sent_with_an_error_status_is_read(allowed: Allow) -> None:
    body = (
        b'<searchRetrieveResponse><numberOfRecords>0</numberOfRecords><diagnostics><diagnostic xmlns="x">'
        b"<uri>info:srw/diagnostic/1/66</uri><details>marcxml</details></diagnostic></diagnostics>"
        b"</searchRetrieveResponse>"
    )
    with hostile(http(body, status="400 Bad Request")) as port:
        allowed(port)
        problem = _problem(port)
    assert problem.code == "sru" and problem.params["number"] == 66


def test_credentials_are_sent_to_the_server_they_are_for_and_to_no_other(allowed: Allow) -> None:
    seen: list[bytes] = []

    def note(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        body = response(RECORD)
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    with hostile(note) as other:
        elsewhere = f"Location: http://localhost:{other}/sru\r\n"

        def redirecting(connection: socket.socket) -> None:
            seen.append(connection.recv(65536))
            connection.sendall(f"HTTP/1.1 302 Found\r\n{elsewhere}Content-Length: 0\r\n\r\n".encode())

        with (
            hostile(redirecting) as port,
            override_settings(ALLOW_PRIVATE_FETCH=[f"127.0.0.1:{port}", f"localhost:{other}"]),
        ):
            server = Server(f"http://127.0.0.1:{port}/", user="lienthu", password="bi-mat")
            assert ask(server, query="x", seconds=5, records=1).hits == 1
    assert b"Basic bGllbnRodTpiaS1tYXQ=" in seen[0]
    assert b"uthorization" not in seen[1]


def test_endless_data_ends(allowed: Allow) -> None:
    def pour(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<x>")
        while True:
            connection.sendall(b"<y>aaaaaaaa</y>" * 1000)

    with hostile(pour) as port:
        allowed(port)
        assert _problem(port).params["code"] in {"too_large", "timeout"}


def test_private_addresses_are_refused_unless_they_are_allowed() -> None:
    with hostile(http(response(RECORD))) as port, override_settings(ALLOW_PRIVATE_FETCH=[]):
        assert _problem(port).params["code"] == "private_address"


@pytest.mark.parametrize(
    ("charset", "raw_encoding"), [("CP1258", "cp1258"), ("TCVN3", "tcvn3"), ("VISCII", "viscii"), ("VNI", "vni")]
)
def test_a_wrong_charset_is_right_again_once_it_is_named(charset: str, raw_encoding: str) -> None:
    title = encode("Đất rừng phương Nam", raw_encoding)
    raw = build(Record("00000nam a2200000 a 4500", [Field("245", "", "00", [("a", "#" * len(title))])]))
    made = convert(RawFound(raw.replace(b"#" * len(title), title), "usmarc"), charset=charset)
    assert made.record.get("245").get("a") == "Đất rừng phương Nam"  # type: ignore[union-attr]
