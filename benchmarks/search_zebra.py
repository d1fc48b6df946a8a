"""Zebra, the engine most Koha sites run (Debian idzebra-2.0), fed with the same folded words and asked through ZOOM."""

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.search_peers import PAGE, Answer, process_cpu
from benchmarks.search_questions import Question, Row

_CONFIG = """
profilePath: {folder}:/usr/share/idzebra-2.0/tab
modulePath: {modules}
encoding: UTF-8
attset: bib1.att
recordType: dom.{folder}/dom.xml
register: {folder}/register:40G
storeData: 0
storeKeys: 0
rank: rank-1
memmax: 400
"""
_DOM = """<dom xmlns="http://indexdata.com/zebra-2.0">
  <extract name="index"><xslt stylesheet="{folder}/same.xsl"/></extract>
  <input><xmlreader level="1"/></input>
</dom>"""
_SAME = """<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">
  <xsl:template match="/|node()|@*"><xsl:copy><xsl:apply-templates select="node()|@*"/></xsl:copy></xsl:template>
</xsl:stylesheet>"""
_RECORD = (
    '<z:record z:id="{id}" z:type="update"><z:index name="any:w title:w">{title}</z:index>'
    '<z:index name="any:w author:w">{author}</z:index><z:index name="any:w subject:w">{subject}</z:index>'
    '<z:index name="any:w">{rest}</z:index><z:index name="isbn:w">{isbn}</z:index>'
    '<z:index name="year:n year:s">{year}</z:index></z:record>\n'
)
_PER_FILE = 5_000


def is_installed() -> bool:
    """Whether the programs and the client library are here."""
    return bool(shutil.which("zebraidx") and shutil.which("zebrasrv") and ctypes.util.find_library("yaz"))


class Zebra:
    """An index in a folder and a server process of our own on a socket."""

    name = "Zebra"

    def __init__(self, folder: Path, rows: Iterable[Row]) -> None:
        self._folder = folder / "zebra"
        (self._folder / "register").mkdir(parents=True)
        self._configure()
        self._write(rows)
        before = _children_cpu()
        for command in (["init"], ["update", str(self._folder / "records")], ["commit"]):
            self._zebraidx(*command)
        self.build_cpu = _children_cpu() - before
        self._serve()

    def _configure(self) -> None:
        modules = next(Path("/usr/lib").glob("**/idzebra-2.0/modules"))
        (self._folder / "zebra.cfg").write_text(_CONFIG.format(folder=self._folder, modules=modules))
        (self._folder / "dom.xml").write_text(_DOM.format(folder=self._folder))
        (self._folder / "same.xsl").write_text(_SAME)

    def _write(self, rows: Iterable[Row]) -> None:
        records = self._folder / "records"
        records.mkdir()
        made = [
            _RECORD.format(
                id=row.id, title=escape(row.title), author=escape(row.author), subject=escape(row.subject),
                rest=escape(row.rest), isbn=escape(row.isbn), year=row.year or "",
            )
            for row in rows
        ]  # fmt: skip
        for start in range(0, len(made), _PER_FILE):
            body = "".join(made[start : start + _PER_FILE])
            file = records / f"{start:08}.xml"
            file.write_text(f'<z:all xmlns:z="http://indexdata.com/zebra-2.0">{body}</z:all>', encoding="utf-8")

    def _zebraidx(self, *command: str) -> None:
        config = ["-c", str(self._folder / "zebra.cfg")]
        # It leaves its lock files where it runs.
        command = ("zebraidx", *config, "-v", "none", *command)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self._folder)

    def _serve(self) -> None:
        address = f"unix:{self._folder}/socket"
        config = ["-c", str(self._folder / "zebra.cfg"), "-w", str(self._folder)]
        # -S: neither forks nor threads, so that the process is the one that answers.
        self._server = subprocess.Popen(["zebrasrv", *config, "-S", "-v", "none", address], stderr=subprocess.DEVNULL)
        self._zoom = ctypes.CDLL(ctypes.util.find_library("yaz"))
        for name in ("ZOOM_connection_create", "ZOOM_connection_search_pqf", "ZOOM_resultset_record"):
            getattr(self._zoom, name).restype = ctypes.c_void_p
        self._zoom.ZOOM_resultset_size.restype = ctypes.c_size_t
        self._zoom.ZOOM_record_get.restype = ctypes.c_char_p
        self._connection = ctypes.c_void_p(self._zoom.ZOOM_connection_create(None))
        for option, value in (("preferredRecordSyntax", "xml"), ("elementSetName", "zebra::meta::sysno"),
                              ("count", str(PAGE)), ("timeout", "120")):  # fmt: skip
            self._zoom.ZOOM_connection_option_set(self._connection, option.encode(), value.encode())
        for _ in range(50):
            self._zoom.ZOOM_connection_connect(self._connection, address.encode(), 0)
            if not self._error():
                return
            time.sleep(0.1)
        raise ConnectionError("zebrasrv does not answer")

    def _error(self) -> int:
        return int(self._zoom.ZOOM_connection_error(self._connection, None, None))

    @property
    def bytes(self) -> int:
        """Size of the register."""
        return sum(file.stat().st_size for file in (self._folder / "register").iterdir())

    def answer(self, question: Question) -> Answer:
        found = ctypes.c_void_p(self._zoom.ZOOM_connection_search_pqf(self._connection, self._pqf(question).encode()))
        try:
            if self._error():
                return [], -1
            total = int(self._zoom.ZOOM_resultset_size(found))
            ids = [self._id(found, place) for place in range(min(PAGE, total))]
            return ids, total
        finally:
            self._zoom.ZOOM_resultset_destroy(found)

    def _id(self, found: ctypes.c_void_p, place: int) -> int:
        record = self._zoom.ZOOM_resultset_record(found, ctypes.c_size_t(place))
        if not record:
            return 0
        content = self._zoom.ZOOM_record_get(ctypes.c_void_p(record), b"raw", None) or b""
        digits = "".join(sign for sign in content.decode(errors="replace").split("sysno")[-1] if sign.isdigit())
        return int(digits or 0)

    @staticmethod
    def _pqf(question: Question) -> str:
        if question.isbn:
            return f"@attr 1=isbn {question.isbn}"
        if question.author:
            low, high = question.year - 2, question.year + 2
            span = f"@and @attr 1=year @attr 4=109 @attr 2=4 {low} @attr 1=year @attr 4=109 @attr 2=2 {high}"
            return f"@and @attr 1=author @attr 2=102 {question.author} {span}"
        if question.prefix:
            return f"@attr 1=any @attr 2=102 @attr 5=1 {question.words[0]}"
        if question.phrase:
            return f'@attr 1=any @attr 2=102 @attr 4=1 "{" ".join(question.words)}"'
        terms = [f"@attr 1=any @attr 2=102 {word}" for word in question.words]
        query = "@and " * (len(terms) - 1) + " ".join(terms)
        return f"@or {query} @attr 7=2 @attr 1=year 0" if question.by_year else query

    def cpu(self) -> float:
        return process_cpu(self._server.pid)

    def close(self) -> None:
        """End the server."""
        self._zoom.ZOOM_connection_destroy(self._connection)
        # In static mode it does not heed a polite request while it waits.
        self._server.kill()
        self._server.wait()


def _children_cpu() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system
