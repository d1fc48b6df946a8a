"""`lienthu import FILE… --library CODE`: any supported format, detected by content; ends with a report."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lienthu.catalogue.actions.batches import commit_import, move, start_import
from lienthu.catalogue.actions.imports import run_import
from lienthu.catalogue.actions.sources import choose
from lienthu.catalogue.actions.trial import check_import
from lienthu.catalogue.marc import AUTO, ENCODING_CHOICES, PROFILES, SourceProfile
from lienthu.catalogue.models import Batch
from lienthu.catalogue.queries.reports import Report, report_of
from lienthu.catalogue.terminal import RecordProgress
from lienthu.identity.access import system_actor
from lienthu.libraries.queries import Library, library_by_code

TAKEN, SOME_REJECTED, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    """Exit 0 when all were taken, 1 when some were rejected, 2 when a file could not be read at all."""

    help = "Nhập biểu ghi từ tệp vào mục lục."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--library", required=True, metavar="CODE", help="mã thư viện của các biểu ghi")
        parser.add_argument(
            "--items", default="auto", choices=["auto", *PROFILES], help="bản tài liệu nằm ở trường nào"
        )
        parser.add_argument("--encoding", default=AUTO, choices=ENCODING_CHOICES, help="bảng mã tiếng Việt của tệp")
        parser.add_argument("--source", default="", metavar="NAME", help="tên nguồn; cách đọc được nhớ cho lần sau")
        parser.add_argument(
            "--profile", metavar="FILE.json", help="cách đọc nguồn này: encoding, fields, columns (xem docs/admin)"
        )
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi biểu ghi nào")
        parser.add_argument("--json", action="store_true", help="in báo cáo dạng JSON ở dòng cuối")

    def handle(self, *args: Any, **options: Any) -> None:
        library = library_by_code(options["library"])
        if library is None:
            raise CommandError(f"Không có thư viện nào mang mã {options['library']}.", returncode=UNREADABLE)
        given = self._profile(options["profile"])
        reports = [self._import(Path(name), library, options, given) for name in options["files"]]
        # Where no indexer runs beside this command, it brings the index up to date itself.
        call_command("index", "drain")
        report = Report.joined(reports)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        if any(r.problem for r in reports):
            sys.exit(UNREADABLE)
        sys.exit(SOME_REJECTED if report.counts.get("rejected") else TAKEN)

    @staticmethod
    def _profile(name: str | None) -> dict[str, Any] | None:
        """What a file says about the source. Raises CommandError when it cannot be meant."""
        if not name:
            return None
        try:
            stored = json.loads(Path(name).read_text(encoding="utf-8"))
            return SourceProfile.from_json(stored).as_json()
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise CommandError(f"Không đọc được {name}: {error}.", returncode=UNREADABLE) from error

    def _import(self, path: Path, library: Library, options: dict[str, Any], given: dict[str, Any] | None) -> Report:
        actor = system_actor("lienthu import")
        try:
            with path.open("rb") as source:
                batch = start_import(
                    actor=actor,
                    library=library,
                    source=source,
                    file_name=path.name,
                    item_profile=options["items"],
                )
        except OSError as error:
            self.stderr.write(f"Không mở được {path}: {error.strerror}.")
            return Report.unopened(str(path), str(error.strerror))
        choose(batch, source=options["source"], encoding=options["encoding"], given=given)
        line = RecordProgress(self.stderr, path.name)
        if options["dry_run"]:
            move(batch, "CHECKING")
            check_import(actor=actor, batch=batch, progress=line)
        else:
            commit_import(actor=actor, batch=batch, in_background=False)
            run_import(actor=actor, batch=batch, progress=line)
        line.end()
        report = report_of(Batch.objects.get(pk=batch.pk))
        for sentence in report.sentences():
            self.stdout.write(sentence)
        return report
