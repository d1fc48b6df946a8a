"""The supervisor's side of the process that has loaded the application and makes the other processes out of itself.

Six processes with the same Django would load it four times. Made out of one, they share memory until they change it.
The new process is orphaned at once and adopted by the supervisor, which sees its end like that of any child.
"""

import json
import os
import signal
import socket
from dataclasses import dataclass
from typing import IO

from lienthu.server.child_process import ChildProcess, Process, Started
from lienthu.server.processes import is_alive, send

# Loading takes two seconds, on a busy small machine ten.
_LOADING_SECONDS = 60.0
_LONGEST_MESSAGE = 4096


class PreloaderLost(Exception):
    """It ended, or does not answer."""


class AdoptedProcess:
    """A process that was started by the preloader and is now a child of this one."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._code: int | None = None

    @property
    def pid(self) -> int:
        return self._pid

    def poll(self) -> int | None:
        """Exit code (negative: the signal that killed it), None while it runs."""
        if self._code is None:
            try:
                pid, status = os.waitpid(self._pid, os.WNOHANG)
            except ChildProcessError:
                # not adopted yet, or never: then its end shows only in the table of processes
                self._code = None if is_alive(self._pid) else 1
            else:
                self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    def terminate(self) -> None:
        send(self._pid, signal.SIGTERM)


@dataclass(frozen=True)
class Preloader:
    """A running preloader and the line to it."""

    process: ChildProcess
    line: socket.socket

    def make(self, name: str, command: list[str], variables: dict[str, str]) -> Started:
        """A new process that does what the command, `python … -m MODULE …`, would do. Raises PreloaderLost."""
        module = command.index("-m") + 1
        wish = {"name": name, "arguments": command[module:], "variables": variables, "parent": os.getpid()}
        output, theirs = os.pipe()
        try:
            self.line.settimeout(_LOADING_SECONDS)
            socket.send_fds(self.line, [json.dumps(wish).encode()], [theirs])
            answer = self.line.recv(_LONGEST_MESSAGE)
            process: Process = AdoptedProcess(json.loads(answer)["pid"])
        except (OSError, ValueError, KeyError) as error:
            os.close(output)
            raise PreloaderLost from error
        finally:
            os.close(theirs)
        stream: IO[bytes] = os.fdopen(output, "rb", buffering=0)
        return process, stream

    def end(self) -> None:
        """Let it go; what came out of it stays."""
        self.line.close()
        self.process.kill()
