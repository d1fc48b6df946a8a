"""A small OAI-PMH server over real HTTP, and the ways in which such servers misbehave."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

START = datetime(2026, 1, 1, tzinfo=UTC)
MARC = "http://www.loc.gov/MARC21/slim"


def marcxml(number: str, title: str, *, more: str = "") -> str:
    """A record as servers of MARCXML send it."""
    control = f'<marc:controlfield tag="001">{number}</marc:controlfield>' if number else ""
    return (
        f'<marc:record xmlns:marc="{MARC}"><marc:leader>00000nam a2200000 a 4500</marc:leader>{control}'
        f'<marc:datafield tag="245" ind1="0" ind2="0"><marc:subfield code="a">{escape(title)}</marc:subfield>'
        f"</marc:datafield>{more}</marc:record>"
    )


@dataclass
class Held:
    """One record of the repository."""

    identifier: str
    metadata: str
    at: datetime
    deleted: bool = False


Answer = tuple[int, dict[str, str], bytes]
Hook = Callable[[dict[str, str]], Answer | str | None]


@dataclass
class Repository:
    """Records in order of change, listed in pages; `hook` may answer instead (None: answer as usual)."""

    page_size: int = 3
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    keeps_deleted: str = "persistent"
    prefix: str = "marcxml"
    clock_ahead: timedelta = timedelta()
    said_size: int | None = None
    password: str = ""
    hook: Hook | None = None
    held: dict[str, Held] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    url: str = ""

    def put(self, key: str, title: str, *, at: datetime | None = None, metadata: str | None = None) -> None:
        """Add a record or change it."""
        when = at or START + timedelta(hours=len(self.held))
        text = marcxml(key, title) if metadata is None else metadata
        self.held[key] = Held(f"oai:kho.example:{key}", text, when)

    def delete(self, key: str, *, at: datetime | None = None) -> None:
        """Keep the record as deleted."""
        self.held[key].deleted = True
        self.held[key].at = at or datetime.now(UTC)

    def answer(self, arguments: dict[str, str]) -> Answer:
        """What the server sends."""
        self.asked.append(arguments)
        hooked = self.hook(arguments) if self.hook else None
        if isinstance(hooked, tuple):
            return hooked
        body = hooked if hooked is not None else self._usual(arguments)
        return 200, {"Content-Type": "text/xml; charset=utf-8"}, body.encode()

    def _usual(self, arguments: dict[str, str]) -> str:
        verb = arguments.get("verb", "")
        if verb == "Identify":
            return self.wrap(
                f"<Identify><repositoryName>Kho thử</repositoryName><baseURL>{self.url}</baseURL>"
                "<protocolVersion>2.0</protocolVersion><adminEmail>a@example.org</adminEmail>"
                f"<earliestDatestamp>{self.stamp(START)}</earliestDatestamp>"
                f"<deletedRecord>{self.keeps_deleted}</deletedRecord><granularity>{self.granularity}</granularity>"
                "</Identify>"
            )
        if verb == "ListMetadataFormats":
            return self.wrap(
                "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>x</schema>"
                "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat>"
                f"<metadataFormat><metadataPrefix>{self.prefix}</metadataPrefix><schema>x</schema>"
                f"<metadataNamespace>{MARC}</metadataNamespace></metadataFormat></ListMetadataFormats>"
            )
        if verb == "ListSets":
            return self.wrap("<ListSets><set><setSpec>sach</setSpec><setName>Sách</setName></set></ListSets>")
        return self.list_page(arguments)

    def list_page(self, arguments: dict[str, str]) -> str:
        """A page of the list; tokens are "from|place"."""
        since, place = arguments.get("from", ""), 0
        if token := arguments.get("resumptionToken"):
            since, _, number = token.partition("|")
            place = int(number)
        found = [held for held in sorted(self.held.values(), key=lambda h: h.at) if self.stamp(held.at) >= since]
        if not found:
            return self.wrap('<error code="noRecordsMatch">Nothing</error>')
        end = place + self.page_size
        token = f"{since}|{end}" if end < len(found) else ""
        return self.page(found[place:end], token=token, size=len(found) if self.said_size is None else self.said_size)

    def page(self, held: list[Held], *, token: str, size: int | None = None) -> str:
        """An answer with these records."""
        said = f' completeListSize="{size}"' if size is not None else ""
        ending = f"<resumptionToken{said}>{escape(token)}</resumptionToken>" if token or size else ""
        return self.wrap(f"<ListRecords>{''.join(map(self.record, held))}{ending}</ListRecords>")

    def record(self, held: Held) -> str:
        status = ' status="deleted"' if held.deleted else ""
        inside = "" if held.deleted else f"<metadata>{held.metadata}</metadata>"
        return (
            f"<record><header{status}><identifier>{held.identifier}</identifier>"
            f"<datestamp>{self.stamp(held.at)}</datestamp></header>{inside}</record>"
        )

    def stamp(self, at: datetime) -> str:
        return at.strftime("%Y-%m-%d" if self.granularity == "YYYY-MM-DD" else "%Y-%m-%dT%H:%M:%SZ")

    def wrap(self, inside: str) -> str:
        now = (datetime.now(UTC) + self.clock_ahead).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{now}</responseDate><request>{self.url}</request>{inside}</OAI-PMH>"
        )

    def lists(self) -> list[dict[str, str]]:
        """The ListRecords requests so far."""
        return [arguments for arguments in self.asked if arguments.get("verb") == "ListRecords"]


@contextlib.contextmanager
def serving(repository: Repository) -> Iterator[Repository]:
    """Serve the repository on loopback; its `url` is set."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            arguments = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            repository.authorizations.append(self.headers.get("Authorization", ""))
            status, headers, body = repository.answer(arguments)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    repository.url = f"http://127.0.0.1:{server.server_port}/oai"
    try:
        yield repository
    finally:
        server.shutdown()
        server.server_close()
