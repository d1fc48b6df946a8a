"""The running server: real sockets, real clients from outside, several at once, and machines that misbehave."""

import datetime
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pysip2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connections
from Sip2.wrapper import Sip2Wrapper

from lienthu.circulation.actions import Refused, checkout
from lienthu.circulation.models import Loan
from lienthu.circulation.tests.conftest import Network, make_network
from lienthu.patrons.models import Patron
from lienthu.protocols.sip2.actions import change_terminal
from lienthu.protocols.sip2.models import Terminal
from lienthu.protocols.sip2.server import Limits, Server, take_line
from lienthu.protocols.sip2.tests.machine import SYSTEM, Machine, request
from lienthu.protocols.sip2.tests.serving import Wire, serving


@pytest.fixture
def network(transactional_db: None) -> Network:
    return make_network()


@pytest.fixture
def machine(network: Network) -> Machine:
    return Machine(network.a)


@pytest.fixture
def server(machine: Machine) -> Iterator[Server]:
    with serving() as running:
        yield running


def wire(server: Server, machine: Machine) -> Wire:
    return Wire(server.ports["plain"]).sign_in(machine.terminal.login, machine.password)


# --- clients from outside ----------------------------------------------------------------------------------------


def test_the_client_sip2_of_pypi_goes_through_a_whole_session_with_a_vietnamese_name(server, machine, network):
    Patron.objects.filter(pk=network.first.id).update(full_name="Nguyễn Thị Ướt Đặng")
    copy = network.copy()
    settings = {
        "hostName": "127.0.0.1", "hostPort": server.ports["plain"], "tlsEnable": False, "hostEncoding": "utf-8",
        "withCrc": True, "withSeq": True, "institutionId": network.a.code, "scLocation": "SC1", "patron": "T-0001",
        "patronpwd": "", "loglevel": "ERROR", "maxretry": 0,
    }  # fmt: skip
    client = Sip2Wrapper(settings, True, "Gossip")
    speech = client._sip2

    def ask(asked: str, read: str, *given: str) -> dict:
        return getattr(speech, read)(speech.get_response(getattr(speech, asked)(*given)))

    assert client.login_device(machine.terminal.login, machine.password, True)
    assert client.login_patron("T-0001", "")
    information = ask("sip_patron_information_request", "sip_patron_information_response", "none")
    lent = ask("sip_checkout_request", "sip_checkout_response", copy.accession_number)
    item = ask("sip_item_information_request", "sip_item_information_response", copy.accession_number)
    returned = ask("sip_checkin_request", "sip_checkin_response", copy.accession_number)
    ended = ask("sip_end_patron_session_request", "sip_end_patron_session_response")
    client.disconnect()

    assert information["variable"]["AE"] == ["Nguyễn Thị Ướt Đặng"]
    assert (lent["fixed"]["Ok"], lent["variable"]["AJ"]) == ("1", ["Truyện Kiều"])
    assert item["fixed"]["CirculationStatus"] == "4" or item["fixed"]["CirculationStatus"] == "04"
    assert returned["fixed"]["Ok"] == "1"
    assert ended["fixed"]["EndSession"] == "Y"
    loan = Loan.objects.get(item=copy)
    assert loan.ended_at is not None


def test_the_codec_pysip2_reads_every_answer(server, machine, network):
    copy = network.copy()
    name = copy.accession_number
    with wire(server, machine) as line:
        asked = [
            ("99", {}, pysip2.ACSStatusResponse),
            ("23", {"AA": "T-0001"}, pysip2.PatronStatusResponse),
            ("63", {"AA": "T-0001", "summary": "  Y       "}, pysip2.PatronInformationResponse),
            ("17", {"AB": name}, pysip2.ItemInformationResponse),
            ("11", {"AA": "T-0001", "AB": name}, pysip2.CheckoutResponse),
            ("29", {"AA": "T-0001", "AB": name}, pysip2.RenewResponse),
            ("65", {"AA": "T-0001"}, pysip2.RenewAllResponse),
            ("09", {"AB": name}, pysip2.CheckinResponse),
            ("15", {"AA": "T-0001", "AB": name}, pysip2.HoldResponse),
            ("37", {"AA": "T-0001", "BV": "1000"}, pysip2.FeePaidResponse),
            ("19", {"AB": name}, pysip2.ItemStatusUpdateResponse),
            ("25", {"AA": "T-0001"}, pysip2.PatronEnableResponse),
            ("35", {"AA": "T-0001"}, pysip2.EndSessionResponse),
        ]
        for code, given, kind in asked:
            line.send(request(code, sequence="5", **given) + b"\r")
            decoded = pysip2.decode_message(line.line(), encoding="utf-8")
            assert isinstance(decoded.message, kind), code


# --- several at once ---------------------------------------------------------------------------------------------


def at_once(*deeds):
    """Do all at the same time, each with a connection of its own."""

    def closing(deed):
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(30) for future in [pool.submit(closing, deed) for deed in deeds]]


def test_the_same_checkout_by_desk_and_machine_at_once_gives_one_loan(server, machine, network):
    lines = [wire(server, machine) for _one in range(2)]
    for _round in range(5):
        copy = network.copy()

        def at_desk(copy=copy):
            try:
                checkout(actor=network.actor, item_id=copy.pk, patron_id=network.first.id, library_id=network.a.pk)
                return "1"
            except Refused as refusal:
                return refusal.codes

        def at_machine(line, copy=copy):
            return line.say("11", AA="T-0001", AB=copy.accession_number).fixed["ok"]

        results = at_once(at_desk, *[lambda line=line: at_machine(line) for line in lines])
        assert Loan.objects.filter(item=copy).count() == 1
        # two machines of one login that say the same words in one second are one machine that repeats itself
        assert "1" in results
    for line in lines:
        line.socket.close()


def test_two_readers_and_one_last_copy_give_one_loan(server, network, machine):
    other = Machine(network.a, login="may-2")
    with wire(server, machine) as one, wire(server, other) as two:
        copy = network.copy()
        results = at_once(
            lambda: one.say("11", AA="T-0001", AB=copy.accession_number).fixed["ok"],
            lambda: two.say("11", AA="T-0002", AB=copy.accession_number).fixed["ok"],
        )

    assert sorted(results) == ["0", "1"]
    assert Loan.objects.filter(item=copy).count() == 1


def test_many_idle_connections_do_not_disturb(server, machine, network):
    idle = [socket.create_connection(("127.0.0.1", server.ports["plain"])) for _one in range(200)]
    with wire(server, machine) as line:
        began = time.monotonic()
        assert line.say("17", AB=network.copy().accession_number).fixed["circulation_status"] == "03"
        assert time.monotonic() - began < 2
    for one in idle:
        one.close()


# --- machines that misbehave -------------------------------------------------------------------------------------


def test_a_line_of_ten_megabytes_ends_the_connection_and_nobody_else_notices(server, machine, network):
    with wire(server, machine) as good, Wire(server.ports["plain"]) as bad:
        with pytest.raises((ConnectionError, TimeoutError, AssertionError)):
            for _one in range(160):
                bad.send(b"A" * 65536)
            assert bad.line() != b""
        assert good.say("99").fixed["online"] == "Y"


def test_half_a_message_is_waited_for_and_then_given_up(machine, network):
    with serving(limits=Limits(half_line=1.5)) as server, wire(server, machine) as line:
        whole = request("17", sequence="1", AB=network.copy().accession_number) + b"\r"
        line.send(whole[:10])
        time.sleep(0.1)
        line.send(whole[10:])
        assert line.line().startswith(b"18")
        line.send(whole[:10])
        assert line.line() == b""


def test_a_half_message_cannot_be_kept_alive_byte_by_byte(machine):
    with serving(limits=Limits(half_line=0.5)) as server, Wire(server.ports["plain"]) as line:
        began = time.monotonic()
        with pytest.raises(ConnectionError):
            while time.monotonic() - began < 5:
                line.send(b"9")
                time.sleep(0.05)
        assert time.monotonic() - began < 3


def test_who_does_not_sign_in_and_who_is_silent_for_long_is_let_go(machine):
    with serving(limits=Limits(sign_in=1.0, idle=2.0)) as server:
        with Wire(server.ports["plain"]) as stranger:
            assert stranger.line() == b""
        with wire(server, machine) as line:
            time.sleep(0.4)
            assert line.say("99").fixed["online"] == "Y"
            assert line.line() == b""


@pytest.mark.parametrize("said", [b"\r", b"9900302.00\r", b"9300CNx|COy|\r"])
def test_a_stranger_who_keeps_talking_is_let_go_all_the_same(machine, said):
    with serving(limits=Limits(sign_in=1.5)) as server, Wire(server.ports["plain"]) as line:
        began = time.monotonic()
        line.socket.settimeout(0.3)
        ended = False
        while not ended and time.monotonic() - began < 10:
            try:
                line.send(said)
                while line.socket.recv(1000):
                    pass
                ended = True
            except TimeoutError:
                continue
            except ConnectionError:
                ended = True
        assert ended and time.monotonic() - began < 8


@pytest.mark.parametrize("field", ["CN", "CO", "CP"])
def test_a_nul_in_a_sign_in_is_asked_again_and_breaks_nothing(machine, server, field):
    values = {"CN": machine.terminal.login, "CO": machine.password, "CP": "SC1"} | {field: "a\x00b"}
    with Wire(server.ports["plain"]) as line:
        line.send(("9300" + "".join(f"{name}{value}|" for name, value in values.items()) + "\r").encode())
        assert line.line().startswith(b"96")
        line.sign_in(machine.terminal.login, machine.password)


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f"])
@pytest.mark.parametrize("field", ["AA", "AB", "AD"])
def test_control_signs_after_signing_in_are_asked_again_and_lend_nothing(machine, server, network, field, sign):
    values = {"AO": network.a.code, "AA": "T-0001", "AB": network.copy().accession_number, "AD": ""}
    values[field] += sign
    body = "11NN" + "20261123    101010" * 2 + "".join(f"{name}{value}|" for name, value in values.items())
    with wire(server, machine) as line:
        line.send(body.encode() + b"\r")
        assert line.line().startswith(b"96")
        assert line.say("99", status="0", width="080", version="2.00").code == "98"
    assert not Loan.objects.exists()


def test_more_connections_than_allowed_are_turned_away(machine):
    with serving(limits=Limits(connections=2)) as server, wire(server, machine) as one, wire(server, machine):
        with Wire(server.ports["plain"]) as third:
            assert third.line() == b""
        assert one.say("99").fixed["online"] == "Y"


def test_messages_in_one_packet_are_answered_in_their_order_whatever_ends_them(server, machine, network):
    name = network.copy().accession_number
    with wire(server, machine) as line:
        line.send(request("17", sequence="1", AB=name) + b"\r\n" + request("99", sequence="2") + b"\n\r\n")
        line.send(request("17", sequence="3", AB=name) + b"\r")
        answers = [line.line() for _one in range(3)]

    assert [(raw[:2], raw.split(b"AY")[-1][:1]) for raw in answers] == [(b"18", b"1"), (b"98", b"2"), (b"18", b"3")]


def test_noise_never_stops_the_server(server, machine):
    for noise in (b"\x00" * 100 + b"\r", b"\xff\xfe\r" * 20, b"GET / HTTP/1.1\r\n\r\n", b"93\r", b"\r\n" * 500):
        with Wire(server.ports["plain"]) as bad:
            bad.send(noise)
    with wire(server, machine) as line:
        assert line.say("99").fixed["online"] == "Y"


def test_a_machine_that_is_switched_off_is_let_go_within_seconds(server, machine, monkeypatch):
    monkeypatch.setattr("lienthu.protocols.sip2.handlers._LEARN_SECONDS", 0.0)
    with wire(server, machine) as line:
        assert line.say("99").fixed["online"] == "Y"
        change_terminal(actor=SYSTEM, terminal=Terminal.objects.get(), values={"enabled": False})
        line.send(request("99", sequence="5") + b"\r")
        assert line.line() == b""


def test_lines_are_cut_at_either_end():
    buffer = bytearray(b"one\r\ntwo\n\rthree")

    assert [take_line(buffer) for _one in range(5)] == [b"one", b"", b"two", b"", None]
    assert buffer == b"three"


# --- TLS ---------------------------------------------------------------------------------------------------------


def certificate(folder: Path) -> tuple[str, str]:
    """A certificate of this machine for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_a_machine_that_must_use_tls_signs_in_through_it_only(network, tmp_path):
    machine = Machine(network.a, needs_tls=True)
    cert, key = certificate(tmp_path)
    context = ssl.create_default_context(cafile=cert)
    with serving(tls_port=0, certificate=cert, key=key) as server:
        with Wire(server.ports["plain"]) as plain:
            assert plain.say("93", CN="may-1", CO=machine.password).fixed["ok"] == "0"
        with Wire(server.ports["tls"], context=context) as line:
            line.sign_in("may-1", machine.password)
            assert line.say("99").fixed["online"] == "Y"
        with Wire(server.ports["tls"]) as noise:
            noise.send(b"9300CNmay-1|\r")
            assert not noise.line().startswith(b"94")
