"""Log files."""

from pathlib import Path

from lienthu.server.logs import LogFile


def test_a_full_log_is_renamed_and_the_oldest_dropped(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "web.log", limit=10, kept=2)
    for number in range(5):
        log.write(f"line {number}\n".encode())
    log.close()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "web.log": "line 4\n",
        "web.log.1": "line 3\n",
        "web.log.2": "line 2\n",
    }
