"""The command line: lienthu COMMAND …"""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

from lienthu import __version__
from lienthu.server.children import MIGRATE
from lienthu.server.commands import COMMANDS, Command, find_command
from lienthu.server.errors import ServerError
from lienthu.server.home import environment, home_folder, prepare_home, run_folder
from lienthu.server.language import gettext_noop
from lienthu.server.language import translate as _
from lienthu.server.locks import FileLock
from lienthu.server.options import read_serve_options, take_home
from lienthu.server.postgres import database
from lienthu.server.preparation import is_done, note_done
from lienthu.server.processes import dies_with_parent
from lienthu.server.supervisor import serve

_USAGE_ERROR = 2
_FAILURE = 1
_SERVE_SUMMARY = gettext_noop(
    "chạy toàn bộ hệ thống: [--port SỐ] [--host ĐỊA CHỈ] [--empty: không nạp dữ liệu trình diễn]"
)


def main() -> int:
    """Run one command; the result is the exit code of the process."""
    _speak_utf8()
    try:
        return _run(sys.argv[1:])
    except ServerError as error:
        print(f"lienthu: {error}", file=sys.stderr)
        return _FAILURE
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _run(arguments: list[str]) -> int:
    given_home, arguments = take_home(arguments)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(help_text())
        return 0 if arguments else _USAGE_ERROR
    if arguments[0] == "--version":
        print(f"lienthu {__version__}")
        return 0
    home = home_folder(given_home)
    if arguments[0] == "serve":
        options = read_serve_options(arguments[1:], home)
        if options is None:
            print(help_text())
            return 0
        return serve(options)
    command = find_command(arguments)
    if command is None:
        print(_("Không có lệnh {name}.").format(name=arguments[0]), file=sys.stderr)
        print(help_text(), file=sys.stderr)
        return _USAGE_ERROR
    return run_command(command, arguments[len(command.words) :], home)


def run_command(command: Command, arguments: list[str], home: Path) -> int:
    """Run the Django command, with a database if it needs one, and pass its exit code on."""
    if command.prepares_home:
        prepare_home(home)
    program = [sys.executable, "-P", "-m", "django", *command.django, *arguments]
    asks_help = not {"-h", "--help"}.isdisjoint(arguments)
    if "DATABASE_URL" in os.environ or not command.needs_database or asks_help:
        sys.stdout.flush()
        os.execve(program[0], program, environment(home, None, keep_key=command.prepares_home))
    with database(home) as used:
        variables = environment(home, used.url)
        if command.django:
            _migrate(home, variables, used.descriptors)
        return _run_child(program, variables, used.descriptors)


def _migrate(home: Path, variables: dict[str, str], descriptors: tuple[int, ...]) -> None:
    """Give a new or older database the tables that the commands expect. Raises ServerError when that fails."""
    lock = FileLock(run_folder(home) / "migrate.lock")
    lock.acquire()
    try:
        if is_done(home, MIGRATE):
            return
        program = [part.format(python=sys.executable) for part in MIGRATE.command]
        if subprocess.run(program, env=variables, pass_fds=descriptors, check=False).returncode:
            raise ServerError(_("Không chuẩn bị được cơ sở dữ liệu; nguyên nhân ở trên."))
        note_done(home, MIGRATE)
    finally:
        lock.release()


def _run_child(program: list[str], variables: dict[str, str], descriptors: tuple[int, ...]) -> int:
    """Wait for a child that gets the signals meant for this process; it dies when this process is killed."""
    with subprocess.Popen(
        program, env=variables, pass_fds=descriptors, preexec_fn=dies_with_parent(signal.SIGTERM)
    ) as child:
        # the terminal sends Ctrl-C to the child too; this process has to wait for it and then stop the database
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, frame: child.send_signal(received))
        code = child.wait()
    return code if code >= 0 else 128 - code


def help_text() -> str:
    """One line for each command."""
    rows = [("serve", _(_SERVE_SUMMARY))]
    rows += [(" ".join(command.words), _(command.summary)) for command in COMMANDS if command.summary]
    width = max(len(name) for name, _summary in rows) + 2
    return "\n".join(
        [
            _("Liên Thư – phần mềm mạng lưới thư viện của một tỉnh"),
            "",
            _("Cách dùng: lienthu LỆNH … [--home THƯ-MỤC]"),
            "",
            *(f"  {name:<{width}}{summary}" for name, summary in rows),
            "",
            _("--home là thư mục dữ liệu; không ghi thì dùng biến LIENTHU_HOME, sau đó là ./var."),
            _("lienthu LỆNH --help cho biết chi tiết của lệnh."),
        ]
    )


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


if __name__ == "__main__":
    sys.exit(main())
