"""One process under the supervisor, with its output and its place in the log."""

import os
import signal
import subprocess
from selectors import EVENT_READ, BaseSelector
from typing import IO, Protocol

from lienthu.server.logs import LogFile
from lienthu.server.processes import dies_with_parent, send_to_group
from lienthu.server.terminal import Terminal

_CHUNK = 65536
_LONGEST_LINE = 8192


class Process(Protocol):
    """What is asked of a process: a Popen is one."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None:
        """Exit code (negative: the signal that killed it), None while it runs."""

    def terminate(self) -> None: ...


def launched(command: list[str], variables: dict[str, str], *, handed_on: tuple[int, ...] = ()) -> "Started":
    """Start a command as the leader of a group of its own. `handed_on` are file descriptors that it is to have."""
    process = subprocess.Popen(
        command,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=dies_with_parent(signal.SIGTERM),
        pass_fds=handed_on,
    )
    assert process.stdout
    return process, process.stdout


Started = tuple[Process, IO[bytes]]


class ChildProcess:
    """A started process. It leads a process group of its own, so that what it started can be ended with it."""

    def __init__(
        self,
        *,
        name: str,
        started: Started,
        log: LogFile,
        terminal: Terminal,
        selector: BaseSelector,
    ) -> None:
        self.name, self._log, self._terminal, self._selector = name, log, terminal, selector
        self._pending = b""
        self.tail: list[str] = []
        self._process, self._output = started
        os.set_blocking(self._output.fileno(), False)
        selector.register(self._output, EVENT_READ, self)

    @property
    def pid(self) -> int:
        return self._process.pid

    def read(self) -> None:
        """Take what the child has written by now. Never waits."""
        if self._output.closed:
            return
        try:
            data = os.read(self._output.fileno(), _CHUNK)
        except BlockingIOError:
            return
        if not data:
            self._close()
            return
        self._log.write(data)
        *lines, self._pending = (self._pending + data).split(b"\n")
        self._pending = self._pending[-_LONGEST_LINE:]
        for line in lines:
            self._show(line)

    def _show(self, line: bytes) -> None:
        # a progress bar redraws its line with carriage returns: only the last state counts
        text = line.rpartition(b"\r")[2].decode(errors="replace").rstrip()
        self.tail = [*self.tail[-9:], text]
        self._terminal.show(self.name, text)

    def _close(self) -> None:
        if not self._output.closed:
            self._selector.unregister(self._output)
            self._output.close()

    def ended(self) -> int | None:
        """Exit code (negative: the signal that killed it), None while it runs.

        After the leader's end the rest of its group is killed: orphaned web workers would go on holding the port.
        """
        code = self._process.poll()
        if code is not None:
            send_to_group(self.pid, signal.SIGKILL)
            self.read()
            self._close()
        return code

    def ask_to_stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        send_to_group(self.pid, signal.SIGKILL)
