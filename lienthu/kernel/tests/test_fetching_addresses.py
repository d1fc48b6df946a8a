"""Which addresses may be fetched from, and which never."""

import socket

import pytest

from lienthu.kernel.fetching import FetchFailed, FetchRefused, checked_addresses, fetch
from lienthu.kernel.fetching.addresses import is_public, parse
from lienthu.kernel.tests.loopback import always, http, serving


def refusal(url: str) -> str:
    with pytest.raises(FetchRefused) as refused:
        fetch(url, seconds=5, max_bytes=1000)
    return refused.value.code


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.8.9.1",
        "localhost",
        "10.0.0.5",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "127.0.0.1.",
        "127\u30020\u30020\u30021",
        "\uff11\uff12\uff17.0.0.1",
        "\u2460\u2461\u2466.0.0.1",
    ],
)
def test_private_loopback_link_local_and_metadata_addresses_are_refused(host):
    assert refusal(f"http://{host}/") == "private_address"


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1", "127.1", "127.0.1", "017700000001", "1.2.3.4.5"]
)
def test_unusual_spellings_of_ipv4_are_refused_as_such(host):
    assert refusal(f"http://{host}/") == "bad_url"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("//example.org/", "scheme"),
        ("example.org", "scheme"),
        ("", "scheme"),
        ("http://", "bad_url"),
        ("http:///path", "bad_url"),
        ("http://user:secret@example.org/", "bad_url"),
        ("http://example.org:0/", "bad_url"),
        ("http://example.org:99999/", "bad_url"),
        ("http://example.org:abc/", "bad_url"),
        ("http://exa mple.org/", "bad_url"),
        ("http://example.org/\r\nX: 1", "bad_url"),
        ("http://example.org\\@127.0.0.1/", "bad_url"),
        ("http://[fe80::1%25eth0]/", "bad_url"),
        ("http://[::1/", "bad_url"),
        ("http://exa%6dple.org/", "bad_url"),
        ("http://" + "a" * 70 + ".org/", "bad_url"),
        ("http://example.org/" + "a" * 9000, "bad_url"),
    ],
)
def test_urls_that_are_not_plain_http_are_refused(url, code):
    assert refusal(url) == code


def test_a_url_is_taken_apart_into_ascii():
    address = parse("HTTP://Thư-viện.example:8080/biểu ghi?q=sách&x=%20#phần".replace(" ", "%20"))
    assert address.host == "xn--th-vin-4zb3960d.example"
    assert address.authority == "xn--th-vin-4zb3960d.example:8080"
    assert address.target == "/bi%E1%BB%83u%20ghi?q=s%C3%A1ch&x=%20"
    assert parse("https://example.org").url == "https://example.org/"
    assert parse("http://[2001:DB8::1]:80/a").url == "http://[2001:db8::1]/a"


@pytest.mark.parametrize("ip", ["8.8.8.8", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet_pass(ip):
    assert is_public(ip)


def resolver(*addresses: str):
    def getaddrinfo(_host, port, *_args, **_kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return getaddrinfo


def test_a_name_that_resolves_to_a_private_address_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver("10.1.2.3", "fd00::5"))
    assert refusal("http://catalogue.example.org/") == "private_address"


def test_of_several_addresses_only_the_public_ones_are_used(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver("127.0.0.1", "8.8.4.4", "169.254.169.254"))
    assert checked_addresses("catalogue.example.org", 80, seconds=5) == ("8.8.4.4",)


def test_the_name_is_resolved_once_so_a_second_answer_gains_nothing(monkeypatch, settings):
    asked: list[str] = []
    with serving(always(http(body=b"checked"))) as port:
        settings.ALLOW_PRIVATE_FETCH = [f"catalogue.example.org:{port}"]

        def getaddrinfo(host, port, *_args, **_kwargs):
            asked.append(host)
            first = host == "catalogue.example.org" and asked.count(host) == 1
            address = "127.0.0.1" if first or host == "127.0.0.1" else "169.254.169.254"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        assert fetch(f"http://catalogue.example.org:{port}/", seconds=5, max_bytes=100).body == b"checked"
    assert asked.count("catalogue.example.org") == 1


def test_a_name_that_nobody_knows_fails_and_says_so():
    with pytest.raises(FetchFailed) as failed:
        fetch("http://no-such-library.invalid/", seconds=20, max_bytes=100)
    assert failed.value.code == "dns"


def test_a_machine_on_the_allow_list_may_be_reached_but_only_at_its_port(settings):
    with serving(always(http(body=b"inside"))) as port, serving(always(http(body=b"other"))) as other:
        settings.ALLOW_PRIVATE_FETCH = [f"127.0.0.1:{port}"]
        assert fetch(f"http://127.0.0.1:{port}/", seconds=5, max_bytes=100).body == b"inside"
        assert refusal(f"http://127.0.0.1:{other}/") == "private_address"
        assert refusal(f"http://localhost:{port}/") == "private_address"


def test_the_allow_list_names_ipv6_in_brackets(settings):
    with serving(always(http(body=b"six")), family=socket.AF_INET6) as port:
        settings.ALLOW_PRIVATE_FETCH = [f"[::1]:{port}"]
        assert fetch(f"http://[::1]:{port}/", seconds=5, max_bytes=100).body == b"six"
