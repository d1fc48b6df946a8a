"""Servers that the tests start: real ones of YAZ and Zebra, and hostile ones on raw sockets."""

import contextlib
import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

LC = Path(__file__).resolve().parents[2] / "operations" / "demo" / "data" / "lc_vietnam"
FILES = ("lc_041vie.mrc", "lc_vie_ship.mrc")

_CONFIG = """
profilePath: {folder}:/usr/share/idzebra-2.0/tab
modulePath: {modules}
encoding: UTF-8
attset: bib1.att
recordType: dom.{folder}/dom.xml
register: {folder}/register:1G
storeData: 1
storeKeys: 1
"""
_DOM = """<dom xmlns="http://indexdata.com/zebra-2.0">
  <extract name="index"><xslt stylesheet="{folder}/index.xsl"/></extract>
  <retrieve name="marcxml"><xslt stylesheet="{folder}/same.xsl"/></retrieve>
  <retrieve name="F"><xslt stylesheet="{folder}/same.xsl"/></retrieve>
  <input><marc inputcharset="utf-8"/></input>
</dom>"""
_SAME = """<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">
  <xsl:template match="node()|@*"><xsl:copy><xsl:apply-templates select="node()|@*"/></xsl:copy></xsl:template>
</xsl:stylesheet>"""
_INDEX = """<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"
    xmlns:m="http://www.loc.gov/MARC21/slim" xmlns:z="http://indexdata.com/zebra-2.0">
  <xsl:template match="text()"/>
  <xsl:template match="m:record"><z:record z:id="{normalize-space(m:controlfield[@tag='001'])}"><xsl:apply-templates/>
  </z:record></xsl:template>
  <xsl:template match="m:datafield[@tag='020']/m:subfield[@code='a']"><z:index name="Identifier-ISBN:w any:w">
    <xsl:value-of select="substring-before(concat(., ' '), ' ')"/></z:index></xsl:template>
  <xsl:template match="m:datafield[@tag='245']"><z:index name="title:w any:w">
    <xsl:for-each select="m:subfield"><xsl:value-of select="."/><xsl:text> </xsl:text></xsl:for-each>
    </z:index></xsl:template>
  <xsl:template match="m:datafield[@tag='100' or @tag='700']"><z:index name="author:w any:w">
    <xsl:value-of select="m:subfield[@code='a']"/></z:index></xsl:template>
</xsl:stylesheet>"""
_ATTRIBUTES = """name bib1
reference Bib-1
att 4 title
att 7 Identifier-ISBN
att 1003 author
att 1016 any
"""
# Zebra's stock analysis does not know Vietnamese; this one folds marks, so that words can be typed with or without.
_ANALYSIS = """index w
completeness 0
position 1
alwaysmatches 1
firstinfield 1
icuchain words.xml
"""
_WORDS = """<icu_chain locale="vi">
  <transform rule="NFD; [:Nonspacing Mark:] Remove; NFC"/>
  <tokenize rule="w"/>
  <transform rule="[[:WhiteSpace:][:Punctuation:]] Remove"/>
  <casemap rule="l"/>
</icu_chain>"""
_FRONT = """<yazgfs>
  <listen id="main">tcp:127.0.0.1:{port}</listen>
  <server id="lc" listenref="main">
    <directory>{folder}</directory><config>zebra.cfg</config>
    <cql2rpn>{folder}/pqf.properties</cql2rpn>
    <retrievalinfo>
      <retrieval syntax="usmarc" name="F"><backend syntax="xml" name="marcxml">
        <marc inputformat="xml" outputformat="marc" inputcharset="utf-8" outputcharset="utf-8"/></backend></retrieval>
      <retrieval syntax="usmarc"><backend syntax="xml" name="marcxml">
        <marc inputformat="xml" outputformat="marc" inputcharset="utf-8" outputcharset="utf-8"/></backend></retrieval>
      <retrieval syntax="xml" name="marcxml"/>
      <retrieval syntax="xml" name="F"/>
      <retrieval syntax="xml"/>
    </retrievalinfo>
  </server>
</yazgfs>"""
_CQL = """set.cql = info:srw/cql-context-set/1/cql-v1.1
set.dc = info:srw/cql-context-set/1/dc-v1.1
set.bath = http://zing.z3950.org/cql/bath/2.0/
index.cql.serverChoice = 1=1016
index.dc.title = 1=4
index.dc.creator = 1=1003
index.bath.isbn = 1=7
relation.eq = 2=3
relation.scr = 2=3
relation.all = 2=3
structure.* = 4=6
position.any = 3=3
truncation.none = 5=100
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, *, process: "subprocess.Popen[bytes]", seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended at once"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("the server does not answer")


@dataclass(frozen=True)
class Zebra:
    """A running Zebra with the shipped records of the Library of Congress."""

    port: int

    @property
    def sru(self) -> str:
        return f"http://127.0.0.1:{self.port}/lc"

    @property
    def places(self) -> list[str]:
        return [f"127.0.0.1:{self.port}"]


@contextlib.contextmanager
def zebra(
    folder: Path, *, port: int = 0, more: bytes = b"", accounts: Mapping[str, str] | None = None
) -> Iterator[Zebra]:
    """Index the records, and `more` in ISO 2709; serve them over Z39.50 and SRU. Skips, visibly, without Zebra.

    With `accounts` (names with their passwords) only these may come in.
    """
    modules = next(iter(Path("/usr/lib").glob("**/idzebra-2.0/modules")), None)
    if not shutil.which("zebrasrv") or not shutil.which("zebraidx") or modules is None:
        pytest.skip("Zebra (idzebra-2.0) is not installed here")
    (folder / "register").mkdir(parents=True)
    port = port or free_port()
    config = _CONFIG.format(folder=folder, modules=modules)
    if accounts:
        config += f"passwd: {folder}/passwd\n" + "".join(f"perm.{name}: r\n" for name in accounts)
        (folder / "passwd").write_text("".join(f"{name}:{secret}\n" for name, secret in accounts.items()))
    for name, text in (
        ("zebra.cfg", config),
        ("dom.xml", _DOM.format(folder=folder)),
        ("index.xsl", _INDEX),
        ("same.xsl", _SAME),
        ("bib1.att", _ATTRIBUTES),
        ("front.xml", _FRONT.format(folder=folder, port=port)),
        ("pqf.properties", _CQL),
        ("default.idx", _ANALYSIS),
        ("words.xml", _WORDS),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "more.mrc").write_bytes(more)
    files = [*(LC / name for name in FILES), *([folder / "more.mrc"] if more else [])]
    for command in (["init"], *(["update", str(file)] for file in files), ["commit"]):
        made = subprocess.run(
            ["zebraidx", "-c", str(folder / "zebra.cfg"), "-d", "lc", *command], cwd=folder, capture_output=True
        )
        assert made.returncode == 0, made.stderr
    process = subprocess.Popen(
        ["zebrasrv", "-f", str(folder / "front.xml"), "-v", "none"], cwd=folder, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port, process=process)
        yield Zebra(port)
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextlib.contextmanager
def ztest() -> Iterator[int]:
    """YAZ's own test server; its port."""
    if not shutil.which("yaz-ztest"):
        pytest.skip("yaz-ztest (package yaz) is not installed here")
    port = free_port()
    process = subprocess.Popen(
        ["yaz-ztest", "-v", "none", f"tcp:127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port, process=process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


Answering = Callable[[socket.socket], None]


@contextlib.contextmanager
def hostile(answering: Answering) -> Iterator[int]:
    """A server that treats every connection as `answering` says; its port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                answering(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def http(body: bytes, *, status: str = "200 OK", headers: str = "Content-Type: application/xml\r\n") -> Answering:
    """Answer every request with this body."""

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)

    return answer


def ber(tag: bytes, *contents: bytes) -> bytes:
    """One element of BER with a definite length."""
    body = b"".join(contents)
    size = len(body)
    if size < 128:
        return tag + bytes([size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes([0x80 | len(length)]) + length + body


# Z39.50 in a nutshell: accepted; `hits` found, none sent along; one record for each Present, as MARC 21.
_ACCEPTED = ber(
    b"\xb5",
    *(b"\x83\x02\x05\xe0", b"\x84\x02\x06\xc0", b"\x85\x03\x10\x00\x00", b"\x86\x03\x10\x00\x00", b"\x8c\x01\xff"),
)
_USMARC = b"\x06\x07\x2a\x86\x48\xce\x13\x05\x0a"
_INIT, _SEARCH, _PRESENT = 0xB4, 0xB6, 0xB8


def _number(tag: int, value: int) -> bytes:
    return ber(bytes([tag]), value.to_bytes(value.bit_length() // 8 + 1, "big"))


def z3950_peer(record: bytes, *, hits: int = 1) -> Answering:
    """Speak just enough Z39.50 to send `record` again and again, whatever is asked."""
    found = ber(b"\xb7", _number(0x97, hits), _number(0x98, 0), _number(0x99, 1), b"\x96\x01\xff")
    external = ber(b"\x28", _USMARC, ber(b"\x81", record))
    one = ber(b"\x30", ber(b"\xa1", ber(b"\xa1", external)))
    present = ber(b"\xb9", _number(0x98, 1), _number(0x99, 2), _number(0x9B, 0), ber(b"\xbc", one))

    def answer(connection: socket.socket) -> None:
        while request := connection.recv(65536):
            connection.sendall({_INIT: _ACCEPTED, _SEARCH: found, _PRESENT: present}.get(request[0], b""))

    return answer
