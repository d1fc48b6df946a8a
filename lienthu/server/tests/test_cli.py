"""The command line: reading arguments, help, exit codes."""

import subprocess
from pathlib import Path

import pytest

from lienthu.server.cli import help_text
from lienthu.server.commands import COMMANDS, find_command
from lienthu.server.errors import ServerError
from lienthu.server.home import home_folder
from lienthu.server.options import ServeOptions, read_serve_options, take_home
from lienthu.server.status import keeper_runs
from lienthu.server.tests.conftest import PYTHON

PROMISED = ["serve", "demo", "import", "imports", "export", "index", "catalogue", "backup", "doctor", "user", "manage"]


def lienthu(*arguments: str | Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [PYTHON, "-m", "lienthu.server.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin", **variables})


def test_help_lists_every_promised_command_with_one_line() -> None:
    lines = help_text().splitlines()
    assert [name for name in PROMISED if not any(line.startswith(f"  {name} ") for line in lines)] == []


def test_help_is_vietnamese_and_ends_well() -> None:
    answer = lienthu("--help")
    assert answer.returncode == 0
    assert answer.stdout.rstrip("\n") == help_text()


@pytest.mark.parametrize("arguments", [[], ["khong-co"], ["--no-such-option"]])
def test_an_unknown_command_shows_the_help_and_ends_with_2(arguments: list[str]) -> None:
    answer = lienthu(*arguments)
    assert answer.returncode == 2
    assert "Cách dùng: lienthu LỆNH" in answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("arguments", "home", "rest"),
    [
        (["--home", "a", "demo"], "a", ["demo"]),
        (["import", "x.mrc", "--home=a", "--library", "VN-1"], "a", ["import", "x.mrc", "--library", "VN-1"]),
        (["backup", "restore", "f", "--home", "a b"], "a b", ["backup", "restore", "f"]),
        (["manage", "shell", "--", "--home", "a"], None, ["manage", "shell", "--", "--home", "a"]),
        (["demo"], None, ["demo"]),
    ],
)
def test_home_is_taken_from_anywhere_before_two_dashes(arguments: list[str], home: str | None, rest: list[str]) -> None:
    assert take_home(arguments) == (home, rest)


def test_home_without_a_folder_is_refused() -> None:
    with pytest.raises(ServerError, match="--home"):
        take_home(["demo", "--home"])


def test_the_home_is_the_option_then_the_variable_then_var(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert home_folder() == tmp_path / "var"
    monkeypatch.setenv("LIENTHU_HOME", "elsewhere")
    assert home_folder() == tmp_path / "elsewhere"
    assert home_folder("/own") == Path("/own")


def test_serve_takes_port_and_host_and_the_variable_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read_serve_options([], tmp_path) == ServeOptions(home=tmp_path)
    assert read_serve_options(["--port", "81", "--host=::", "--empty"], tmp_path) == ServeOptions(
        home=tmp_path, host="::", port=81, empty=True
    )
    monkeypatch.setenv("PORT", "8123")
    assert read_serve_options([], tmp_path) == ServeOptions(home=tmp_path, port=8123)


@pytest.mark.parametrize("arguments", [["--port", "web"], ["--port", "70000"], ["--port"], ["--workers", "3"]])
def test_serve_refuses_what_it_does_not_understand(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(ServerError):
        read_serve_options(arguments, tmp_path)


def test_restore_and_doctor_get_no_database_started_for_them() -> None:
    needless = [" ".join(command.words) for command in COMMANDS if not command.needs_database]
    assert needless == ["catalogue match-report", "backup restore", "backup verify", "doctor"]
    found = find_command(["backup", "create", "/tmp"])
    assert found
    assert (found.django, found.needs_database) == (("backup",), True)


def test_a_command_runs_with_its_own_database_and_its_exit_code_is_passed_on(home: Path) -> None:
    script = (
        "import os, sys\nfrom django.db import connection\n"
        "print(connection.cursor().execute('SELECT current_user').fetchone()[0], os.environ['LIENTHU_HOME'])\n"
        "sys.exit(2)"
    )
    answer = lienthu("manage", "shell", "--no-imports", "-c", script, "--home", home)
    assert (answer.stdout, answer.returncode) == (f"lienthu {home}\n", 2), answer.stderr
    assert not keeper_runs(home)


def test_a_wrong_home_is_reported_in_one_sentence(folder: Path) -> None:
    (folder / "file").write_text("")
    answer = lienthu("demo", "--home", folder / "file")
    assert answer.returncode == 1
    assert answer.stderr.startswith("lienthu: Không ghi được vào thư mục")
    assert answer.stderr.count("\n") == 1
