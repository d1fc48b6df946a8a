"""pg_dump and pg_restore: which ones, how they reach a server, and what they say when they fail."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg
import zstandard
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lienthu.operations.backup.container import Source
from lienthu.operations.problems import BackupProblem
from lienthu.server.binaries import wheel_programs
from lienthu.server.errors import ServerError

Address = Mapping[str, Any]
"""How to reach a database: keywords of libpq."""

_PIECE = 1 << 20
# Quick and about as small as gzip's best; pg_dump of the wheel knows only gzip.
_LEVEL = 3
_LIBPQ = {
    *("host", "hostaddr", "port", "dbname", "user", "password", "passfile", "sslmode", "sslcert", "sslkey"),
    *("sslrootcert", "sslcrl", "connect_timeout", "options", "service", "channel_binding", "gssencmode"),
}


def address_of(parameters: Mapping[str, Any]) -> Address:
    """The address within the connection parameters that Django keeps."""
    return {name: value for name, value in parameters.items() if name in _LIBPQ and value not in (None, "")}


def address_of_url(url: str) -> Address:
    return conninfo_to_dict(url)


def connect(address: Address) -> psycopg.Connection[Any]:
    """A connection of its own, outside of Django's. Raises BackupProblem when nobody answers."""
    try:
        return psycopg.connect(make_conninfo(**address), autocommit=True)
    except psycopg.OperationalError as error:
        raise BackupProblem("database_unreachable", reason=_last_line(str(error))) from None


def _program(name: str) -> Path:
    if settings.PG_PROGRAMS:
        program = Path(settings.PG_PROGRAMS) / name
    else:
        try:
            program = wheel_programs() / name
        except ServerError:
            raise BackupProblem("programs_missing", program=name) from None
    if not os.access(program, os.X_OK):
        raise BackupProblem("programs_missing", program=str(program))
    return program


def _major(program: Path) -> int:
    """The main version of a program ("pg_dump (PostgreSQL) 18.4" is 18)."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = answer.stdout.split()[-1] if answer.stdout.split() else ""
    number = version.split(".")[0]
    return int(number) if number.isdigit() else 0


def dumping_program(server_major: int) -> Path:
    """pg_dump, which must not be older than the server. Raises BackupProblem that says what to do."""
    return _fitting("pg_dump", server_major, _major(_program("pg_dump")) >= server_major)


def restoring_program(server_major: int) -> Path:
    """pg_restore for this server. From 17 on it sets parameters that older servers do not know."""
    own = _major(_program("pg_restore"))
    return _fitting("pg_restore", server_major, own == server_major or (own > server_major >= 17))


def _fitting(name: str, server_major: int, fits: bool) -> Path:
    program = _program(name)
    if not fits:
        raise BackupProblem("programs_too_old", program=name, server=server_major, own=_major(program))
    return program


def _environment(address: Address) -> dict[str, str]:
    """Passwords travel in the environment, never on the command line that everybody can list."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**inherited, "LC_ALL": "C", **({"PGPASSWORD": str(address["password"])} if "password" in address else {})}


def _target(address: Address) -> str:
    return make_conninfo(**{name: value for name, value in address.items() if name != "password"})


@contextmanager
def _running(command: list[str | Path], address: Address, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is killed when the block fails, and whose failure is raised as BackupProblem when it does not."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=_environment(address), stderr=said, **pipes)
        try:
            yield process
            code = process.wait()
        except BrokenPipeError:
            code = process.wait() or 1
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe and not pipe.closed:
                    _close(pipe)
        if code:
            said.seek(0)
            words = said.read(1 << 20).decode(errors="replace")
            raise BackupProblem("program_failed", program=Path(command[0]).name, reason=_last_line(words))


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def dump(address: Address, *, server_major: int, snapshot: str) -> Iterator[bytes]:
    """The database as it was in an exported snapshot: pg_dump's custom format, compressed. Yields pieces."""
    command: list[str | Path] = [
        dumping_program(server_major),
        *("--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"),
        f"--dbname={_target(address)}",
    ]
    squeeze = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
    with _running(command, address, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        assert process.stdout
        while piece := process.stdout.read(_PIECE):
            if squeezed := squeeze.compress(piece):
                yield squeezed
    # only after pg_dump has ended well: an aborted dump must not look whole
    yield squeeze.flush()


def restore(address: Address, *, server_major: int, source: Source) -> None:
    """Fill an empty database from what `dump` gave, in one transaction: all of it or nothing."""
    command: list[str | Path] = [
        restoring_program(server_major),
        *("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"),
        f"--dbname={_target(address)}",
    ]
    unsqueeze = zstandard.ZstdDecompressor().decompressobj()
    with _running(command, address, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin
        while piece := source.read(_PIECE):
            process.stdin.write(unsqueeze.decompress(piece))
        process.stdin.close()


def _last_line(words: str) -> str:
    """The line of an error that tells most: the first that names one, without the address of the server."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    named = [line for line in lines if "error:" in line or "ERROR" in line or "FATAL" in line]
    return (named or lines or ["?"])[-1 if not named else 0][:500].rstrip(".")
