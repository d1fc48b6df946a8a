"""Asking an SRU server (1.1, 1.2, 2.0): one GET, one XML answer, no explain needed before."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from lienthu.kernel.fetching import FetchError, FetchFailed, fetch
from lienthu.targets.answers import ANSWER_BYTES, RawAnswer
from lienthu.targets.problems import TargetProblem
from lienthu.targets.sru.response import read_response

_ACCEPT = "application/sru+xml, application/xml;q=0.9, text/xml;q=0.8"


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask. `schema` is the server's name for the records wanted ("marcxml", "MARC21-xml", "dc")."""

    url: str
    version: str = "1.1"
    schema: str = "marcxml"
    user: str = ""
    password: str = ""


def ask(server: Server, *, query: str, seconds: float, records: int) -> RawAnswer:
    """Send one CQL query and take at most `records` records within `seconds`. Raises TargetProblem."""
    try:
        answer = fetch(
            address_of(server, query=query, records=records),
            seconds=seconds,
            max_bytes=ANSWER_BYTES,
            accept=_ACCEPT,
            headers=_credentials(server),
        )
    except FetchFailed as error:
        # Some servers send their diagnosis with status 400 or 500.
        if error.code == "status" and error.body:
            _raise_diagnosis(error.body)
        raise TargetProblem("fetch", code=error.code, status=error.status) from error
    except FetchError as error:
        raise TargetProblem("fetch", code=error.code, status=None) from error
    return read_response(answer.body, most=records)


def address_of(server: Server, *, query: str, records: int) -> str:
    """The URL of searchRetrieve; a base address that has parameters already keeps them."""
    parameters = {"version": server.version, "query": query, "startRecord": "1", "maximumRecords": str(records)}
    if server.version == "2.0":
        parameters |= {"queryType": "cql", "recordXMLEscaping": "xml"}
    else:
        parameters |= {"operation": "searchRetrieve", "recordPacking": "xml"}
    if server.schema:
        parameters["recordSchema"] = server.schema
    base = server.url.rstrip("?&")
    return f"{base}{'&' if urlsplit(base).query else '?'}{urlencode(parameters)}"


def _credentials(server: Server) -> Mapping[str, str]:
    if not server.user:
        return {}
    token = base64.b64encode(f"{server.user}:{server.password}".encode()).decode("ascii")
    return {"authorization": f"Basic {token}"}


def _raise_diagnosis(body: bytes) -> None:
    try:
        read_response(body, most=0)
    except TargetProblem as problem:
        if problem.code == "sru":
            raise
