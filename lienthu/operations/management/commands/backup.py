"""`lienthu backup create DIR`, `backup verify FILE`, `backup restore FILE --home DIR`, `backup list`."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from lienthu.identity.access import system_actor
from lienthu.operations.actions import (
    Restored,
    make_backup,
    order_backup,
    order_restore_test,
    restore_backup,
    run_restore_test,
)
from lienthu.operations.actions.restore_tests import Rehearsed, rehearse
from lienthu.operations.backup.keys import opening_key
from lienthu.operations.backup.space import number_in_words, size_in_words
from lienthu.operations.models import RestoreTest, RunStatus
from lienthu.operations.problems import BackupProblem, sentence
from lienthu.operations.queries import backups
from lienthu.operations.terminal import PhaseProgress
from lienthu.server.errors import ServerError
from lienthu.server.home import home_folder
from lienthu.server.places import find_place
from lienthu.server.postgres import database

ACTOR = "lienthu backup"
FAILED, NOT_POSSIBLE = 1, 2
# The file could not be judged at all; with any other problem it was, and is not good.
_UNJUDGED = {
    *("file_missing", "key_needed", "key_unreadable", "key_too_short", "no_space", "folder_unusable"),
    *("another_running", "test_running", "restore_running", "programs_missing", "programs_too_old"),
    *("newer_format", "newer_migrations", "home_not_empty", "database_not_empty", "database_unreachable"),
}


@contextmanager
def _own_database() -> Iterator[None]:
    """The database of this home, running for the time of the block if it has one; the command works without it too."""
    with ExitStack() as stack:
        # one that cannot be started must not keep a backup from being tested
        with suppress(ServerError):
            if find_place(Path(settings.HOME)) is not None:
                stack.enter_context(database(Path(settings.HOME)))
        yield


class Command(BaseCommand):
    help = "Sao lưu, kiểm tra bản sao lưu bằng cách phục hồi thật, và khôi phục."
    # a restore begins with no database, and with settings that may be half there
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="Ghi một bản sao lưu vào thư mục, trong lúc hệ thống vẫn chạy.")
        create.add_argument("dir", type=Path, metavar="DIR")
        verify = verbs.add_parser(
            "verify", help="Đọc lại toàn bộ tệp và phục hồi thử: mã thoát 0 tốt, 1 hỏng, 2 không kiểm tra được."
        )
        restore = verbs.add_parser("restore", help="Khôi phục vào một thư mục dữ liệu rỗng (--home DIR).")
        for one in (verify, restore):
            one.add_argument("file", type=Path, metavar="FILE")
        restore.add_argument("--home", type=Path, default=None, metavar="DIR")
        listing = verbs.add_parser("list", help="Các bản sao lưu đã làm.")
        for one in (create, verify, restore, listing):
            one.add_argument("--json", action="store_true", help="In kết quả thành một đối tượng JSON ở dòng cuối.")

    def handle(self, *args: Any, **options: Any) -> None:
        progress = PhaseProgress(self.stderr)
        try:
            getattr(self, f"_{options['verb']}")(options, progress)
        except (BackupProblem, ServerError) as problem:
            progress.end()
            self._fail(problem, as_json=options["json"])

    def _fail(self, problem: BackupProblem | ServerError, *, as_json: bool) -> None:
        code = problem.code if isinstance(problem, BackupProblem) else "server"
        self.stderr.write(f"lienthu: {problem}")
        if as_json:
            self.stdout.write(json.dumps({"ok": False, "code": code, "message": str(problem)}, ensure_ascii=False))
        sys.exit(NOT_POSSIBLE if code in _UNJUDGED or code == "server" else FAILED)

    def _create(self, options: dict[str, Any], progress: PhaseProgress) -> None:
        actor = system_actor(ACTOR)
        run = order_backup(actor=actor, folder=options["dir"].expanduser().resolve())
        made = make_backup(actor=actor, run=run, report=progress)
        progress.end()
        for warning in made.warnings:
            self.stderr.write(_("Chú ý: %(warning)s") % {"warning": sentence(warning["code"], warning["params"])})
        if options["json"]:
            outcome = {
                "ok": True,
                "file": str(made.path),
                "size": made.size,
                "sha256": made.sha256,
                "encrypted": made.encrypted,
                "tables": {name: one.rows for name, one in made.facts.tables.items()},
                "documents": made.documents,
                "audit_seq": made.facts.audit_seq,
                "warnings": made.warnings,
                "left_out": made.left_out,
            }
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        self.stdout.write(
            _("Đã sao lưu: %(path)s (%(size)s, %(tables)s bảng, %(rows)s dòng, %(documents)s tài liệu).")
            % {
                "path": made.path,
                "size": size_in_words(made.size),
                "tables": number_in_words(len(made.facts.tables)),
                "rows": number_in_words(made.facts.rows),
                "documents": number_in_words(made.documents),
            }
        )
        self.stdout.write(f"SHA-256: {made.sha256}")
        if not made.encrypted:
            self.stdout.write(
                _(
                    "Tệp không mã hóa nên không có: %(names)s. "
                    "Đặt LIENTHU_BACKUP_KEY để mã hóa và sao lưu cả các mục ấy."
                )
                % {"names": ", ".join(made.left_out)}
            )
        self.stdout.write(_("Kiểm tra lại bằng: %(command)s") % {"command": f"lienthu backup verify {made.path}"})

    def _verify(self, options: dict[str, Any], progress: PhaseProgress) -> None:
        path = options["file"].expanduser().resolve()
        done, recorded = self._rehearse(path, progress)
        progress.end()
        if options["json"]:
            manifest = done.checked.manifest
            outcome = {
                "ok": True,
                "file": str(path),
                "made_at": manifest.created_at,
                "tables": {name: one.rows for name, one in manifest.facts.tables.items()},
                "documents": done.documents,
                "audit_entries": done.audit_entries,
                "warnings": done.checked.warnings,
                "recorded": recorded,
            }
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        for warning in done.checked.warnings:
            self.stderr.write(_("Chú ý: %(warning)s") % {"warning": sentence(warning["code"], warning["params"])})
        self.stdout.write(
            _(
                "Bản sao lưu tốt: đã phục hồi thử %(tables)s bảng với %(rows)s dòng, đọc lại %(documents)s tài liệu, "
                "nhật ký %(entries)s mục nguyên vẹn."
            )
            % {
                "tables": number_in_words(done.tables),
                "rows": number_in_words(done.rows),
                "documents": number_in_words(done.documents),
                "entries": number_in_words(done.audit_entries),
            }
        )
        if not recorded:
            self.stdout.write(_("Cơ sở dữ liệu không chạy nên kết quả này không được ghi vào lịch sử."))

    def _rehearse(self, path: Path, progress: PhaseProgress) -> tuple[Rehearsed, bool]:
        """The test with its record in the database, or without one where there is none."""
        actor = system_actor(ACTOR)
        with _own_database():
            try:
                test: RestoreTest | None = order_restore_test(actor=actor, path=path)
            except DatabaseError:
                test = None
            if test is not None:
                return run_restore_test(actor=actor, test=test, report=progress), True
        scratch = Path(settings.HOME) / "run"
        return rehearse(path=path, passphrase=opening_key(), scratch=scratch, report=progress), False

    def _restore(self, options: dict[str, Any], progress: PhaseProgress) -> None:
        home = home_folder(str(options["home"]) if options["home"] else None)
        done = restore_backup(
            path=options["file"].expanduser().resolve(),
            home=home,
            database_url=os.environ.get("DATABASE_URL") or None,
            passphrase=opening_key(),
            report=progress,
        )
        progress.end()
        if options["json"]:
            outcome = {
                "ok": True,
                "home": str(home),
                "tables": {name: one.rows for name, one in done.checked.manifest.facts.tables.items()},
                "documents": done.documents,
                "audit_entries": done.audit_entries,
                "secret_key": done.secret_key,
                "warnings": done.checked.warnings,
            }
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        self._say_restored(done, home)

    def _say_restored(self, done: Restored, home: Path) -> None:
        lines = [
            _("Đã khôi phục vào %(home)s: %(tables)s bảng, %(rows)s dòng, %(documents)s tài liệu; nhật ký nguyên vẹn.")
            % {
                "home": home,
                "tables": number_in_words(done.tables),
                "rows": number_in_words(done.rows),
                "documents": number_in_words(done.documents),
            },
            "",
            _("Làm tiếp:"),
            _("1. So các cài đặt cũ trong %(path)s với cài đặt của máy này.") % {"path": done.settings},
        ]
        if not done.secret_key:
            lines.append(
                _(
                    "   Bản sao lưu không mã hóa nên không có khóa bí mật. Hãy chép tệp secret-key cũ vào %(home)s; "
                    "nếu đã mất, mọi người phải đăng nhập lại và cán bộ phải thiết lập lại xác thực hai bước."
                )
                % {"home": home}
            )
        lines += [
            _("2. Chạy: %(command)s. Chỉ mục tìm kiếm được dựng lại khi khởi động.")
            % {"command": f"lienthu serve --home {home}"},
            _("3. Khám lại: %(command)s") % {"command": f"lienthu doctor --home {home}"},
        ]
        self.stdout.write("\n".join(lines))

    def _list(self, options: dict[str, Any], progress: PhaseProgress) -> None:
        for run in backups()[:50]:
            at = timezone.localtime(run.created_at).strftime("%H:%M %d/%m/%Y")
            if options["json"]:
                line = {"at": run.created_at.isoformat(), "status": run.status, "file": run.file_name, "size": run.size}
                self.stdout.write(json.dumps(line, ensure_ascii=False))
                continue
            what = run.file_name if run.status == RunStatus.DONE else str(RunStatus(run.status).label)
            removed = _("đã xóa theo lịch giữ") if run.removed_at else size_in_words(run.size)
            self.stdout.write(f"{at}  {what}  {removed}")
