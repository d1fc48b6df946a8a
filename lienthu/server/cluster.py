"""One PostgreSQL cluster: making it, its settings, and starting and stopping its server process."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from lienthu.server.accounts import give, run_as
from lienthu.server.binaries import MAJOR_VERSION
from lienthu.server.errors import ServerError
from lienthu.server.language import translate as _
from lienthu.server.places import Place
from lienthu.server.processes import dies_with_parent, is_alive, send, serves, wait_until_dead, working_in

USER = DATABASE = "lienthu"
PORT = 5432  # names the socket file only; nothing listens on the network

_MAIN_SETTINGS = """\
# Liên Thư writes lienthu.conf anew at every start. Put your own settings into local.conf beside this file.
include 'lienthu.conf'
include_if_exists 'local.conf'
"""

_SETTINGS = """\
# For a machine with 2 cores and 4 GB that also runs everything else. Changes belong into local.conf.
max_connections = 60
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
# Containers often have a tiny /dev/shm, which parallel queries would fill; and the other core serves readers.
max_parallel_workers_per_gather = 0
io_method = sync
jit = off
random_page_cost = 1.1
# Loading a catalogue of millions of records writes much log; nobody replicates this server.
wal_level = minimal
max_wal_senders = 0
wal_compression = pglz
max_wal_size = 2GB
min_wal_size = 128MB
checkpoint_timeout = 15min
autovacuum_max_workers = 2
log_checkpoints = off
log_line_prefix = '%m [%p] '
# Statements and details of errors would put readers' personal data into the log; the application logs without them.
log_min_error_statement = panic
log_error_verbosity = terse
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
"""

# No password: whoever can enter the 0700 folder of the socket is the server's own user or root,
# and both could read the data files anyway. There is no other way in.
_ACCESS = "local all all trust\n"


def is_initialised(place: Place) -> bool:
    return (place.data / "PG_VERSION").exists()


def initialise(place: Place, programs: Path) -> None:
    """Make the cluster with its user and database. Interrupted, it leaves nothing that looks finished.

    Raises ServerError with what initdb said.
    """
    draft = place.data.with_name(f"{place.data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    give(draft, place.account)
    _run(
        place,
        [
            *(programs / "initdb", "--pgdata", draft, "--username", USER, "--auth", "trust", "--no-instructions"),
            *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            "--data-checksums",
        ],
    )
    for name, text in (("postgresql.conf", _MAIN_SETTINGS), ("lienthu.conf", _SETTINGS), ("pg_hba.conf", _ACCESS)):
        _write(place, draft / name, text)
    # the single-user server has no socket, so this works before anything else does
    _run(place, [programs / "postgres", "--single", "-D", draft, "postgres"], said=f"CREATE DATABASE {DATABASE};\n")
    if place.data.exists():
        place.data.rmdir()
    draft.rename(place.data)


def check_version(place: Place) -> None:
    found = (place.data / "PG_VERSION").read_text().strip()
    if found != MAJOR_VERSION:
        raise ServerError(
            _(
                "Dữ liệu ở {data} là của PostgreSQL {found}, chương trình này là PostgreSQL {expected}. "
                "Hãy sao lưu bằng phiên bản cũ rồi khôi phục bằng phiên bản này."
            ).format(data=place.data, found=found, expected=MAJOR_VERSION)
        )


def launch(place: Place, programs: Path) -> subprocess.Popen[bytes]:
    """Start the server process; its output is a pipe. Only for the sole keeper of this data."""
    _write(place, place.data / "lienthu.conf", _SETTINGS)
    sockets = '"' + str(place.sockets).replace('"', '""') + '"'
    return subprocess.Popen(
        [
            *(programs / "postgres", "-D", place.data, "-p", str(PORT)),
            *(
                "-c",
                "listen_addresses=",
                "-c",
                f"unix_socket_directories={sockets}",
                "-c",
                "unix_socket_permissions=0700",
            ),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(),
        umask=0o077,
        start_new_session=True,
        # SIGINT is PostgreSQL's fast shutdown: the database is closed properly even when its keeper is killed
        preexec_fn=dies_with_parent(signal.SIGINT),
        **run_as(place.account),
    )


def status_of(place: Place) -> tuple[int, str]:
    """Process number and state ("starting", "ready", "stopping") from postmaster.pid, as pg_ctl reads it.

    (0, "") when there is no such file.
    """
    try:
        lines = (place.data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else "starting"
    except (OSError, ValueError, IndexError):
        return 0, ""


def clear_remains(place: Place) -> None:
    """Stop what an earlier server on this data left running, and unlock the data. Only for the sole keeper.

    A lock file may name a process number that something else has got since: PostgreSQL would refuse to start.
    """
    pid, _state = status_of(place)
    if pid and serves(pid, place.data):
        _stop_orphan(pid)
    for number in (signal.SIGQUIT, signal.SIGKILL):
        # backends that outlive their postmaster hold its memory; killing them is safe, recovery mends the rest
        for left in working_in(place.data):
            send(left, number)
            wait_until_dead(left, 5)
    _forget_process(place, pid)
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (place.sockets / name).unlink(missing_ok=True)


def _stop_orphan(pid: int) -> None:
    """Fast, then immediate shutdown of a postmaster that is not our child."""
    for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        send(pid, number)
        if wait_until_dead(pid, seconds):
            return
    raise ServerError(_("Không dừng được tiến trình PostgreSQL cũ số {pid}.").format(pid=pid))


def _forget_process(place: Place, pid: int) -> None:
    """Write a number that no process has into the lock file.

    Deleting the file would also delete the number of the shared memory, by which PostgreSQL itself
    makes sure that nobody uses the data any more.
    """
    path = place.data / "postmaster.pid"
    if pid and is_alive(pid) and path.exists():
        limit = Path("/proc/sys/kernel/pid_max")
        unused = int(limit.read_text()) - 1 if limit.exists() else 99998
        while is_alive(unused):
            unused -= 1
        lines = path.read_text().splitlines(keepends=True)
        _write(place, path, "".join([f"{unused}\n", *lines[1:]]))


def stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
    for number, seconds in ((signal.SIGINT, 120), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        send(process.pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if process.poll() is not None:
                return
            if process.stdout:
                # a full pipe must not hold up the server's last words
                _drain(process.stdout.fileno())
            time.sleep(0.02)


def _drain(descriptor: int) -> None:
    os.set_blocking(descriptor, False)
    try:
        os.read(descriptor, 65536)
    except BlockingIOError:
        return


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _write(place: Place, path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.write_text(text)
    draft.chmod(0o600)
    give(draft, place.account)
    draft.replace(path)


def _run(place: Place, command: list[str | Path], *, said: str = "") -> None:
    answer = subprocess.run(
        command,
        input=said.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(),
        umask=0o077,
        check=False,
        **run_as(place.account),
    )
    if answer.returncode:
        raise ServerError(
            _("Không tạo được cơ sở dữ liệu ở {data}: {reason}").format(
                data=place.data, reason=answer.stdout.decode(errors="replace").strip()[-600:]
            )
        )
