"""`lienthu serve`: starts everything in order, keeps it running, stops it in order. Free of Django, small in memory."""

import json
import os
import secrets
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from lienthu.server.addresses import answer, free_port, url
from lienthu.server.child_process import ChildProcess, Started, launched
from lienthu.server.children import CHILDREN, PRELOADER, STEPS, Child, Step
from lienthu.server.errors import ServerError
from lienthu.server.home import environment, log_folder, prepare_home, require_complete, require_space, run_folder
from lienthu.server.language import translate as _
from lienthu.server.locks import FileLock
from lienthu.server.logs import LogFile
from lienthu.server.options import ServeOptions
from lienthu.server.postgres import EmbeddedPostgres
from lienthu.server.preloading import Preloader, PreloaderLost
from lienthu.server.preparation import is_done, note_done
from lienthu.server.processes import adopt_orphans, reap_orphans, send, wait_until_dead, with_environment
from lienthu.server.services import Patience, Service
from lienthu.server.status import keeper_runs
from lienthu.server.terminal import Terminal

_TICK_SECONDS = 0.5
_BUSY_TICK_SECONDS = 0.05
_HEALTHY_SECONDS = 120.0
_RUN_VARIABLE = "LIENTHU_RUN"


class _Interrupted(Exception):
    """Somebody asked to stop while something was still starting."""


def serve(options: ServeOptions) -> int:
    """Run the product until a signal. Returns the exit code: 0 after a wanted stop."""
    return Supervisor(options).run()


class Supervisor:
    """One run of `lienthu serve`. Single-threaded: the kernel ties the children to the thread that starts them."""

    def __init__(
        self,
        options: ServeOptions,
        *,
        children: tuple[Child, ...] = CHILDREN,
        steps: tuple[Step, ...] = STEPS,
        patience: Patience | None = None,
    ) -> None:
        self._options, self._home = options, options.home
        self._port = options.port
        self._steps = [step for step in steps if not (step.demonstration and options.empty)]
        self._services = [Service(child, patience or Patience()) for child in children if _is_wanted(child)]
        self._terminal = Terminal(log_folder(self._home))
        self._logs: dict[str, LogFile] = {}
        self._selector = selectors.DefaultSelector()
        self._lock = FileLock(run_folder(self._home) / "serve.lock")
        self._note = run_folder(self._home) / "serve.json"
        self._database = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(self._home)
        self._variables: dict[str, str] = {}
        self._signals = 0
        self._adopts = False
        self._preloader: Preloader | None = None

    def run(self) -> int:
        """Raises ServerError, after stopping everything, when the product cannot be started or kept running."""
        self._claim()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._start_database()
            for step in self._steps:
                self._perform(step)
            self._start_children()
            self._announce()
            while True:
                self._tick(_TICK_SECONDS)
                reap_orphans(self._own())
        except _Interrupted:
            return 0
        finally:
            self._stop_all()

    # --- start -------------------------------------------------------------------------------------------------

    def _claim(self) -> None:
        require_complete(self._home)
        prepare_home(self._home)
        if not self._lock.acquire(wait=False):
            raise ServerError(
                _("Một lienthu serve khác đang chạy với thư mục {home}. Hãy dừng nó hoặc chọn --home khác.").format(
                    home=self._home
                )
            )
        self._end_leftovers()
        self._adopts = adopt_orphans()
        self._port = free_port(self._options.host, self._options.port)
        require_space(self._home)

    def _end_leftovers(self) -> None:
        """Children that outlived an earlier run are told by the run's number in their environment."""
        try:
            run = json.loads(self._note.read_text())["run"]
        except (OSError, ValueError, KeyError, TypeError):
            return
        for number, seconds in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
            left = with_environment(f"{_RUN_VARIABLE}={run}")
            for pid in left:
                send(pid, number)
            for pid in left:
                wait_until_dead(pid, seconds)

    def _start_database(self) -> None:
        database_url = os.environ.get("DATABASE_URL")
        if self._database:
            began = time.monotonic()
            self._database.start(stopping=self._is_stopping)
            self._check_signals()
            database_url = self._database.dsn()
            self._terminal.say(_("Cơ sở dữ liệu đã chạy ({seconds} giây).").format(seconds=_seconds(began)))
        run = secrets.token_hex(8)
        self._note.write_text(json.dumps({"run": run, "pid": os.getpid(), "port": self._port}))
        self._variables = {**environment(self._home, database_url), _RUN_VARIABLE: run}

    def _perform(self, step: Step) -> None:
        if is_done(self._home, step):
            return
        self._terminal.say(f"{_(step.label)}…")
        began = time.monotonic()
        process = self._launch(step.name, step.command, dict(step.variables))
        try:
            while (code := process.ended()) is None:
                self._tick(_BUSY_TICK_SECONDS)
        except _Interrupted:
            self._end(process, 20.0)
            raise
        if code:
            raise ServerError(
                _("{label}: không thành công. Nguyên nhân ở cuối tệp {log}.\n{tail}").format(
                    label=_(step.label), log=self._log_path(step.name), tail="\n".join(process.tail[-5:])
                )
            )
        note_done(self._home, step)
        self._terminal.say(_("{label}: xong ({seconds} giây).").format(label=_(step.label), seconds=_seconds(began)))

    def _start_children(self) -> None:
        for service in self._services:
            self._start(service)
            if service.child.health:
                self._wait_for_answer(service, any_answer=True)
        for service in self._services:
            if service.child.health:
                self._wait_for_answer(service, any_answer=False)

    def _start(self, service: Service) -> None:
        child = service.child
        service.started(
            self._launch(child.name, child.command, dict(child.variables), preloaded=self._adopts and child.preloaded)
        )

    def _wait_for_answer(self, service: Service, *, any_answer: bool) -> None:
        deadline = time.monotonic() + _HEALTHY_SECONDS
        status = 0
        while not (status == 200 or (status and any_answer)):
            if time.monotonic() > deadline:
                raise ServerError(
                    _("{address} chưa sẵn sàng sau {minutes} phút (HTTP {status}); xem tệp {log}.").format(
                        address=url(self._options.host, self._port) + service.child.health,
                        minutes=int(_HEALTHY_SECONDS // 60),
                        status=status or "–",
                        log=self._log_path(service.child.name),
                    )
                )
            self._tick(_BUSY_TICK_SECONDS)
            status = answer(self._options.host, self._port, service.child.health) if service.process else 0

    def _announce(self) -> None:
        address = url(self._options.host, self._port)
        # programs wait for this line: it is the same in every language
        self._terminal.say(f"Liên Thư sẵn sàng: {address}")
        accounts = self._home / "demo-accounts.txt"
        if accounts.exists():
            self._terminal.say(accounts.read_text(encoding="utf-8").rstrip())

    def _launch(
        self, name: str, command: tuple[str, ...], variables: dict[str, str], *, preloaded: bool = False
    ) -> ChildProcess:
        words, variables = self._filled(command), {**self._variables, **variables}
        if preloaded:
            try:
                return self._child(name, self._loaded().make(name, words, variables))
            except PreloaderLost:
                # it will be tried again at the next start of a child; this one starts on its own
                self._forget_preloader()
        return self._child(name, launched(words, variables))

    def _loaded(self) -> Preloader:
        """The process that has loaded the application; it is started when it is needed."""
        if self._preloader is None:
            line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                command = [*self._filled(PRELOADER), str(theirs.fileno())]
                started = launched(command, self._variables, handed_on=(theirs.fileno(),))
            self._preloader = Preloader(self._child("preloader", started), line)
        return self._preloader

    def _forget_preloader(self) -> None:
        if self._preloader:
            self._preloader.end()
            self._end(self._preloader.process, 0.0)
            self._preloader = None

    def _filled(self, command: tuple[str, ...]) -> list[str]:
        values = {
            "python": sys.executable,
            "host": self._options.host or "0.0.0.0",
            "port": self._port,
            "workers": os.environ.get("LIENTHU_WEB_WORKERS") or "2",
            "threads": os.environ.get("LIENTHU_WEB_THREADS") or "4",
        }
        return [part.format_map(values) for part in command]

    def _child(self, name: str, started: Started) -> ChildProcess:
        if name not in self._logs:
            self._logs[name] = LogFile(self._log_path(name))
        return ChildProcess(
            name=name,
            started=started,
            log=self._logs[name],
            terminal=self._terminal,
            selector=self._selector,
        )

    def _log_path(self, name: str) -> Path:
        return log_folder(self._home) / f"{name}.log"

    # --- watch -------------------------------------------------------------------------------------------------

    def _tick(self, seconds: float) -> None:
        """Wait a moment for output, then see to everything that needs it."""
        for key, _events in self._selector.select(seconds):
            key.data.read()
        self._check_signals()
        self._check_database()
        for service in self._services:
            self._check(service)

        if self._preloader and self._preloader.process.ended() is not None:
            self._forget_preloader()

    def _own(self) -> set[int]:
        """The processes whose end is seen to elsewhere."""
        own = {service.process.pid for service in self._services if service.process}
        return own | {self._preloader.process.pid} if self._preloader else own

    def _check_database(self) -> None:
        # the keeper starts a server that died; only the keeper's own death is left to mend here
        if self._database and not keeper_runs(self._home):
            self._terminal.say(_("Cơ sở dữ liệu đã dừng; đang khởi động lại."))
            self._database.start(stopping=self._is_stopping)

    def _check(self, service: Service) -> None:
        if service.failures and service.is_due():
            self._start(service)
        if service.process is None or (code := service.process.ended()) is None:
            return
        service.failed()
        name, log = service.child.name, self._log_path(service.child.name)
        if not service.is_given_up():
            self._terminal.say(
                _("{name} đã dừng (mã {code}); khởi động lại sau {pause} giây. Xem {log}.").format(
                    name=name, code=code, pause=f"{service.pause:g}".replace(".", ","), log=log
                )
            )
            return
        message = _("{name} dừng {count} lần liên tiếp, nguyên nhân ở cuối tệp {log}.").format(
            name=name, count=service.failures, log=log
        )
        if service.child.essential:
            raise ServerError(message)
        self._terminal.say(
            _("{message} Phần còn lại vẫn chạy; thử lại sau {minutes} phút.").format(
                message=message, minutes=round(service.pause / 60)
            )
        )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _is_stopping(self) -> bool:
        return self._signals > 0

    def _check_signals(self) -> None:
        if self._signals:
            raise _Interrupted

    # --- stop --------------------------------------------------------------------------------------------------

    def _stop_all(self) -> None:
        self._terminal.say(_("Đang dừng…"))
        for service in self._services:
            if service.process:
                self._end(service.process, service.child.stop_seconds)
        self._forget_preloader()
        if self._database:
            self._database.stop()
            if keeper_runs(self._home):
                self._terminal.say(_("Cơ sở dữ liệu còn chạy cho một lệnh lienthu khác và sẽ dừng cùng lệnh đó."))
        self._note.unlink(missing_ok=True)
        self._terminal.say(_("Đã dừng."))

    def _end(self, process: ChildProcess, seconds: float) -> None:
        """Ask the process to stop; kill it when it takes longer than that, or when a second signal comes."""
        process.ask_to_stop()
        deadline = time.monotonic() + seconds
        while process.ended() is None:
            if time.monotonic() > deadline or self._signals > 1:
                process.kill()
            for key, _events in self._selector.select(_BUSY_TICK_SECONDS):
                key.data.read()


def _is_wanted(child: Child) -> bool:
    """Was it switched on? A port of 0 is off."""
    return not child.wanted_by or any(os.environ.get(name, "0") not in ("", "0") for name in child.wanted_by)


def _seconds(began: float) -> str:
    return f"{time.monotonic() - began:.1f}".replace(".", ",")
