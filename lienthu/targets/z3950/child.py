"""The program that speaks Z39.50: reads one question on standard input, writes events on standard output, and ends.

It runs as a process of its own (`lienthu.targets.z3950.ask` starts it), because a library in C decodes whatever a
stranger's server sends. Nothing but the standard library is imported, no secret of the product is in its environment,
and before the first byte is sent it gives up memory, files and processors for good.

Every line of output is one JSON object: {"hits": n}, {"record": base64, "syntax": "USmarc"}, {"skipped": "large"},
{"error": code, "number": …, "detail": …} or, at the very end, {"done": true}.
"""

import base64
import ctypes
import ctypes.util
import json
import resource
import sys
from typing import Any

LIBRARIES = ("libyaz.so.5", "libyaz.5.dylib")
LONGEST_QUESTION = 256 * 1024
# Address space in bytes: Python and the libraries take about 150 MB of it, the rest bounds what a server can fill.
MEMORY = 768 << 20
MISSING = "yaz_missing"
# Records asked for at once: a far server answers in a quarter of a second, whatever it is asked.
CHUNK = 10
# Errors of ZOOM's own set, by number.
ZOOM_ERRORS = {
    10000: "connect",
    10001: "memory",
    10002: "protocol",
    10003: "protocol",
    10004: "closed",
    10005: "rejected",
    10006: "protocol",
    10007: "timeout",
    10008: "protocol",
    10009: "query",
    10010: "query",
    10014: "query",
}


def main() -> int:
    question = json.loads(sys.stdin.buffer.read(LONGEST_QUESTION))
    zoom = load()
    if zoom is None:
        say(error=MISSING)
        return 0
    if question.get("version"):
        say(done=True)
        return 0
    give_up_power(seconds=int(question["seconds"]))
    ask(zoom, question)
    say(done=True)
    return 0


def say(**event: Any) -> None:
    """Write one event at once: what was read before the process is killed still counts."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def give_up_power(*, seconds: int) -> None:
    """Limit this process: memory, processor time (half of what the clock allows is already too much), no files."""
    processor = max(2, seconds // 2 + 1)
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def load() -> Any:
    """The library of YAZ with the types of the functions used here; None when it is not installed."""
    for name in (*LIBRARIES, ctypes.util.find_library("yaz") or ""):
        try:
            library = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if library is not None:
            return typed(library)
    return None


def typed(library: Any) -> Any:
    pointer, text, number, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t
    for name, result, arguments in (
        ("ZOOM_options_create", pointer, []),
        ("ZOOM_options_set", None, [pointer, text, text]),
        ("ZOOM_connection_create", pointer, [pointer]),
        ("ZOOM_connection_connect", None, [pointer, text, number]),
        ("ZOOM_connection_error_x", number, [pointer] + [ctypes.POINTER(text)] * 3),
        ("ZOOM_query_create", pointer, []),
        ("ZOOM_query_prefix", number, [pointer, text]),
        ("ZOOM_connection_search", pointer, [pointer, pointer]),
        ("ZOOM_resultset_size", size, [pointer]),
        ("ZOOM_resultset_records", None, [pointer, pointer, size, size]),
        ("ZOOM_resultset_record", pointer, [pointer, size]),
        ("ZOOM_record_get", pointer, [pointer, text, ctypes.POINTER(number)]),
        ("ZOOM_record_error", number, [pointer] + [ctypes.POINTER(text)] * 3),
        ("yaz_log_init_level", None, [number]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    library.yaz_log_init_level(0)
    return library


def ask(zoom: Any, question: dict[str, Any]) -> None:
    """Connect, search, fetch records one after another until enough; the first error ends it."""
    options = zoom.ZOOM_options_create()
    for key, value in settings(question):
        zoom.ZOOM_options_set(options, key.encode(), value.encode())
    connection = zoom.ZOOM_connection_create(options)
    zoom.ZOOM_connection_connect(connection, question["address"].encode(), 0)
    if failed(zoom, connection):
        return
    if not question["query"]:
        return
    query = zoom.ZOOM_query_create()
    if zoom.ZOOM_query_prefix(query, question["query"].encode()) != 0:
        say(error="query", detail=question["query"][:200])
        return
    results = zoom.ZOOM_connection_search(connection, query)
    if failed(zoom, connection):
        return
    hits = zoom.ZOOM_resultset_size(results)
    say(hits=hits)
    left, wanted = int(question["bytes"]), min(hits, int(question["records"]))
    for place in range(wanted):
        if place % CHUNK == 0:
            zoom.ZOOM_resultset_records(results, None, place, min(CHUNK, wanted - place))
        left -= fetch(zoom, connection, results, place, longest=min(left, int(question["record_bytes"])))
        if left <= 0:
            say(error="too_much")
            return


def settings(question: dict[str, Any]) -> list[tuple[str, str]]:
    """Options of the connection; empty ones are left to the library."""
    pairs = [
        ("databaseName", question["database"]),
        ("preferredRecordSyntax", question["syntax"]),
        ("elementSetName", "F"),
        ("presentChunk", str(CHUNK)),
        ("maximumRecordSize", str(question["record_bytes"])),
        ("timeout", str(question["seconds"])),
        ("implementationName", "Lien Thu"),
        ("user", question.get("user", "")),
        ("password", question.get("password", "")),
        ("rpnCharset", question.get("query_charset", "")),
    ]
    return [(key, value) for key, value in pairs if value]


def fetch(zoom: Any, connection: Any, results: Any, place: int, *, longest: int) -> int:
    """Write one record as an event; how many bytes it took of the allowance."""
    record = zoom.ZOOM_resultset_record(results, place)
    if not record:
        if not failed(zoom, connection):
            say(skipped="missing")
        return 1
    message, detail, kind = ctypes.c_char_p(), ctypes.c_char_p(), ctypes.c_char_p()
    number = zoom.ZOOM_record_error(record, ctypes.byref(message), ctypes.byref(detail), ctypes.byref(kind))
    if number:
        say(skipped="diagnostic", number=number, detail=plain(detail.value) or plain(message.value))
        return 1
    syntax = ctypes.string_at(zoom.ZOOM_record_get(record, b"syntax", None) or b"").decode("ascii", "replace")
    length = ctypes.c_int(0)
    raw = zoom.ZOOM_record_get(record, b"raw", ctypes.byref(length))
    # A structure (GRS-1, OPAC) has no length: only octets and XML are taken.
    if not raw or length.value <= 0:
        say(skipped="syntax", syntax=syntax[:40])
        return 1
    if length.value > longest:
        say(skipped="large", size=length.value)
        return 1
    say(record=base64.b64encode(ctypes.string_at(raw, length.value)).decode("ascii"), syntax=syntax[:40])
    return length.value


def failed(zoom: Any, connection: Any) -> bool:
    """Whether the connection stands in error, which is then said."""
    message, detail, kind = ctypes.c_char_p(), ctypes.c_char_p(), ctypes.c_char_p()
    number = zoom.ZOOM_connection_error_x(connection, ctypes.byref(message), ctypes.byref(detail), ctypes.byref(kind))
    if not number:
        return False
    if plain(kind.value) == "Bib-1":
        say(error="bib1", number=number, detail=plain(detail.value) or plain(message.value))
    else:
        # "ZOOM" for what the library itself met; "HTTP" when a web server answers
        say(error=ZOOM_ERRORS.get(number, "protocol"), number=number, detail=plain(detail.value))
    return True


def plain(value: bytes | None) -> str:
    """What a server says, short enough to show."""
    return (value or b"")[:300].decode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main())
