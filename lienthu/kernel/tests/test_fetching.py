"""Fetching from servers that misbehave: each has its limit and its code."""

import gzip
import socket
import ssl
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import translation

from lienthu.kernel import clock
from lienthu.kernel.fetching import FetchFailed, FetchRefused, fetch, open_stream, sentence, transport
from lienthu.kernel.fetching.errors import _SENTENCES
from lienthu.kernel.tests.loopback import Answer, always, http, serving


def get(answer: Answer, *, seconds: float = 10, max_bytes: int = 1_000_000, path: str = "/", **more):
    with serving(answer) as port:
        return fetch(f"http://127.0.0.1:{port}{path}", seconds=seconds, max_bytes=max_bytes, allow_private=True, **more)


def failure(answer: Answer, **more) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        get(answer, **more)
    return failed.value


def refusal(answer: Answer, **more) -> FetchRefused:
    with pytest.raises(FetchRefused) as refused:
        get(answer, **more)
    return refused.value


def test_a_page_comes_whole_with_its_headers_and_the_request_is_plain():
    heads: list[str] = []

    def answer(connection: socket.socket, head: str) -> None:
        heads.append(head)
        connection.sendall(http(body=b"<OAI-PMH/>", Content_Type="text/xml", X_One="1"))

    got = get(answer, path="/oai?verb=Identify", accept="text/xml", headers={"Authorization": "Basic eA=="})
    assert (got.status, got.body, got.headers["content-type"]) == (200, b"<OAI-PMH/>", "text/xml")
    assert got.final_url.endswith("/oai?verb=Identify")
    lines = heads[0].lower().split("\r\n")
    assert lines[0] == "get /oai?verb=identify http/1.1"
    assert "accept: text/xml" in lines and "authorization: basic ea==" in lines
    assert [line for line in lines if line.startswith("host:")] == [f"host: {got.final_url.split('/')[2]}"]


def test_compressed_answers_are_unpacked():
    text = "Truyện Kiều. ".encode() * 5000
    raw = zlib.compressobj(wbits=-15)
    bare = raw.compress(text) + raw.flush()
    assert get(always(http(body=gzip.compress(text), Content_Encoding="gzip"))).body == text
    assert (
        get(always(http(body=gzip.compress(b"a") + gzip.compress(text), Content_Encoding="gzip"))).body == b"a" + text
    )
    assert get(always(http(body=zlib.compress(text), Content_Encoding="deflate"))).body == text
    assert get(always(http(body=bare, Content_Encoding="deflate"))).body == text
    assert get(always(http(body=b"", Content_Encoding="gzip"))).body == b""


def test_chunked_answers_and_answers_without_length_are_read_to_their_end():
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert get(always(chunked)).body == b"abcde"
    assert get(always(b"HTTP/1.0 200 OK\r\n\r\nuntil the end")).body == b"until the end"


def test_an_endless_body_ends_at_the_limit():
    sent = [0]

    def endless(connection: socket.socket, _head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent[0] += connection.send(b"x" * 65536)

    assert refusal(endless, max_bytes=300_000).code == "too_large"
    assert sent[0] < 20_000_000


def test_a_declared_size_above_the_limit_is_refused_before_reading():
    assert refusal(always(http(Content_Length="5000000000"))).code == "too_large"
    assert refusal(always(http(body=b"x" * 101)), max_bytes=100).code == "too_large"
    assert get(always(http(body=b"x" * 100)), max_bytes=100).body == b"x" * 100


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"])
def test_the_time_limit_is_of_the_whole_not_of_each_read(before):
    def slow(connection: socket.socket, _head: str) -> None:
        connection.sendall(before)
        for _number in range(200):
            time.sleep(0.05)
            connection.sendall(b"x")

    started = time.monotonic()
    assert failure(slow, seconds=0.6).code == "timeout"
    # the server goes on for ten seconds
    assert 0.5 < time.monotonic() - started < 5


def test_a_slow_body_without_length_is_a_timeout_not_a_short_answer():
    def slow(connection: socket.socket, _head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nbegin")
        time.sleep(3)

    assert failure(slow, seconds=0.4).code == "timeout"


def test_a_silent_server_and_a_closed_port_fail_in_time():
    assert failure(lambda connection, _head: time.sleep(3), seconds=0.4).code == "timeout"
    with serving(always(b"")) as port:
        pass
    with pytest.raises(FetchFailed) as failed:
        fetch(f"http://127.0.0.1:{port}/", seconds=5, max_bytes=10, allow_private=True)
    assert failed.value.code == "connect"


def test_a_slow_resolver_is_not_waited_for(monkeypatch):
    def slow(*_args, **_kwargs):
        time.sleep(3)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    started = time.monotonic()
    with pytest.raises(FetchFailed) as failed:
        fetch("http://example.org/", seconds=0.3, max_bytes=10)
    assert failed.value.code == "timeout" and time.monotonic() - started < 2.5


def test_a_gzip_bomb_is_stopped_by_size_and_by_ratio():
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b"\0" * (1 << 20)) for _number in range(64)) + packer.flush()
    assert len(bomb) < 100_000
    answer = always(http(body=bomb, Content_Encoding="gzip"))
    assert refusal(answer, max_bytes=500_000).code == "too_large"
    assert refusal(answer, max_bytes=1 << 30).code == "bomb"


def test_encodings_that_nobody_asked_for_and_damaged_ones_fail():
    assert failure(always(http(body=b"x", Content_Encoding="gzip, gzip"))).code == "protocol"
    assert failure(always(http(body=b"not gzip at all", Content_Encoding="gzip"))).code == "protocol"
    assert failure(always(http(body=gzip.compress(b"x" * 5000)[:-12], Content_Encoding="gzip"))).code == "incomplete"


def test_a_wrong_content_length_is_noticed():
    assert failure(always(http(body=b"short", Content_Length="50"))).code == "incomplete"
    assert get(always(http(body=b"longer than said", Content_Length="6"))).body == b"longer"


def test_what_is_no_http_fails():
    assert failure(always(b"SSH-2.0-OpenSSH_9.2\r\n")).code in {"protocol", "incomplete"}
    assert failure(always(b"")).code == "incomplete"
    assert failure(always(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n")).code in {"protocol", "incomplete"}
    assert failure(always(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000)).code in {"protocol", "incomplete"}


def redirecting(*targets: str) -> Answer:
    """/0 redirects to the first target, /1 to the second …; the last one is a page."""

    def answer(connection: socket.socket, head: str) -> None:
        number = int(head.split()[1].strip("/") or 0)
        if number < len(targets):
            connection.sendall(http("302 Found", Location=targets[number]))
        else:
            connection.sendall(http(body=head.encode()))

    return answer


def test_five_redirects_are_followed_and_a_sixth_is_not():
    assert get(redirecting("/1", "/2", "/3", "/4", "/5")).final_url.endswith("/5")
    assert refusal(redirecting("/1", "/2", "/3", "/4", "/5", "/6")).code == "too_many_redirects"
    assert refusal(redirecting("/0")).code == "too_many_redirects"


def test_every_redirect_is_checked_like_the_first_address(settings):
    for target, code in [
        ("http://169.254.169.254/latest/meta-data/", "private_address"),
        ("http://127.0.0.1:22/", "private_address"),
        ("http://[::ffff:127.0.0.1]/", "private_address"),
        ("http://2130706433/", "bad_url"),
        ("file:///etc/passwd", "scheme"),
        ("http://user:word@example.org/", "bad_url"),
    ]:
        with serving(redirecting(target)) as port:
            settings.ALLOW_PRIVATE_FETCH = [f"127.0.0.1:{port}"]
            with pytest.raises(FetchRefused) as refused:
                fetch(f"http://127.0.0.1:{port}/", seconds=5, max_bytes=1000)
            assert refused.value.code == code, target


def test_credentials_do_not_follow_a_redirect_to_another_machine():
    with serving(always(http(body=b"x"))) as other:
        heads: list[str] = []

        def listening(connection: socket.socket, head: str) -> None:
            heads.append(head.lower())
            connection.sendall(http(body=b"x"))

        with serving(listening) as other:
            get(redirecting(f"http://127.0.0.1:{other}/"), headers={"Authorization": "Basic eA==", "Accept": "a/b"})
    assert "accept: a/b" in heads[0] and "authorization" not in heads[0]
    assert (
        "authorization: basic" in get(redirecting("/1"), headers={"Authorization": "Basic eA=="}).body.decode().lower()
    )


def test_error_statuses_raise_with_their_body_and_the_time_to_wait():
    busy = failure(always(http("503 Service Unavailable", b"later", Retry_After="120")))
    assert (busy.code, busy.status, busy.retry_after, busy.body) == ("busy", 503, 120.0, b"later")
    assert failure(always(http("429 Too Many", Retry_After="nonsense"))).retry_after is None
    missing = failure(always(http("404 Not Found", b"<x/>")))
    assert (missing.code, missing.status, missing.body) == ("status", 404, b"<x/>")


def test_a_date_in_retry_after_is_read_as_seconds_from_now():
    with clock.frozen(datetime(2026, 3, 1, 10, 0, tzinfo=UTC)):
        assert transport.retry_after("Sun, 01 Mar 2026 10:02:00 GMT") == 120
        assert transport.retry_after("Sun, 01 Mar 2026 09:00:00 GMT") == 0
    assert transport.retry_after("") is None


def test_a_stream_gives_chunks_and_can_be_left_early():
    def long(connection: socket.socket, _head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.send(b"y" * 65536)

    with (
        serving(long) as port,
        open_stream(f"http://127.0.0.1:{port}/", seconds=10, max_bytes=1 << 40, allow_private=True) as stream,
    ):
        first = next(iter(stream))
    assert stream.status == 200 and set(first) == {ord("y")} and len(first) <= 65536


def certificate(folder, name: str) -> ssl.SSLContext:
    """A server's TLS with a certificate that nobody has signed; written beside for who wants to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(pem)
    (folder / "server.pem").write_bytes(secret + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def test_https_verifies_the_certificate_for_the_name_though_it_connects_to_an_address(tmp_path, monkeypatch):
    tls = certificate(tmp_path, "localhost")
    with serving(always(http(body=b"sealed")), tls=tls) as port:
        url = f"https://localhost:{port}/"
        with pytest.raises(FetchFailed) as unknown:
            fetch(url, seconds=5, max_bytes=100, allow_private=True)
        assert unknown.value.code == "tls"
        trusting = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
        monkeypatch.setattr(transport, "_trust", lambda: trusting)
        assert fetch(url, seconds=5, max_bytes=100, allow_private=True).body == b"sealed"
        with pytest.raises(FetchFailed) as other_name:
            fetch(f"https://127.0.0.1:{port}/", seconds=5, max_bytes=100, allow_private=True)
        assert other_name.value.code == "tls"


def test_every_code_has_a_sentence_in_both_languages():
    for code in _SENTENCES:
        with translation.override("vi"):
            vietnamese = sentence(FetchFailed(code))
        with translation.override("en"):
            assert sentence(FetchFailed(code)) != vietnamese, code
    with translation.override("en"):
        assert sentence(FetchFailed("status", status=404)) == "The server answered with HTTP error 404."
