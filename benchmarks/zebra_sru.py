"""Zebra (Debian idzebra-2.0) with its SRU door: the same questions in CQL over HTTP, for `benchmarks.exchange`."""

import socket
import subprocess
import time
import urllib.request

from benchmarks.search_zebra import Zebra

_SERVER = """<yazgfs>
  <listen id="door">tcp:127.0.0.1:{port}</listen>
  <server id="books" listenref="door">
    <config>{folder}/zebra.cfg</config>
    <cql2rpn>{folder}/cql.properties</cql2rpn>
    <retrievalinfo><retrieval syntax="xml" name="zebra"/></retrievalinfo>
    <maximumrecordsize>2000000</maximumrecordsize>
  </server>
</yazgfs>"""
_CQL = """
set = http://www.loc.gov/zing/cql/context-sets/cql/v1.1/
set.cql = info:srw/cql-context-set/1/cql-v1.1
set.dc = info:srw/cql-context-set/1/dc-v1.1
set.bath = http://zing.z3950.org/cql/bath/2.0/
index.cql.serverChoice = 1=any
index.dc.title = 1=title
index.dc.creator = 1=author
index.dc.subject = 1=subject
index.dc.date = 1=year 4=109
index.bath.isbn = 1=isbn
relation.< = 2=1
relation.le = 2=2
relation.eq = 2=3
relation.ge = 2=4
relation.> = 2=5
relation.scr = 2=3
relation.exact = 2=3
structure.all = 4=2
structure.* = 4=1
relationModifier.relevant = 2=102
position.any = 3=3 6=1
truncation.right = 5=1
truncation.none = 5=100
"""


class ZebraSru(Zebra):
    """A Zebra that keeps its records and answers SRU on a port of this machine."""

    url = ""

    def _configure(self) -> None:
        super()._configure()
        config = self._folder / "zebra.cfg"
        # With its records, as a catalogue has them.
        config.write_text(config.read_text().replace("storeData: 0", "storeData: 1"))
        filters = self._folder / "dom.xml"
        retrieve = f'<retrieve name="zebra"><xslt stylesheet="{self._folder}/same.xsl"/></retrieve></dom>'
        filters.write_text(filters.read_text().replace("</dom>", retrieve))

    def _serve(self) -> None:
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        server = self._folder / "server.xml"
        server.write_text(_SERVER.format(port=port, folder=self._folder))
        (self._folder / "cql.properties").write_text(_CQL)
        # As installed: a process for each connection.
        self._server = subprocess.Popen(
            ["zebrasrv", "-f", str(server), "-v", "none"], stderr=subprocess.DEVNULL, cwd=self._folder
        )
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"{self.url}/Default?version=1.1&operation=explain", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise ConnectionError("zebrasrv does not answer")

    def close(self) -> None:
        """End the server; its children end with their connections."""
        self._server.kill()
        self._server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
