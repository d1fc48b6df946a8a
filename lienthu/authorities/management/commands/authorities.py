"""`lienthu authorities import FILE…`, `lienthu authorities export -o FILE`: MARC 21 authority records in and out."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lienthu.authorities.actions import ImportReport, import_file
from lienthu.authorities.queries.exchanging import authority_records
from lienthu.authorities.wording import left_sentence
from lienthu.catalogue.marc.export import write_iso2709, write_marcjson, write_marcxml
from lienthu.identity.access import system_actor

TAKEN, SOME_REJECTED, UNREADABLE = 0, 1, 2
SHOWN = 20
WRITERS = {"marc": write_iso2709, "marcxml": write_marcxml, "jsonl": write_marcjson}


class Command(BaseCommand):
    """Import ends with 0 when all were taken, 1 when some were rejected, 2 when a file could not be read at all."""

    help = "Nhập và xuất biểu ghi đề mục MARC 21 (dạng chuẩn, dạng khác, quan hệ)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        taking = steps.add_parser("import", help="nhập tệp biểu ghi đề mục; nhập lại không thêm gì")
        taking.add_argument("files", nargs="+", metavar="FILE")
        taking.add_argument("--json", action="store_true", help="in báo cáo dạng JSON ở dòng cuối")
        giving = steps.add_parser("export", help="xuất mọi biểu ghi đề mục")
        giving.add_argument("--format", choices=sorted(WRITERS), default="marc")
        giving.add_argument("-o", "--output", required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "import":
            self._import(options)
        else:
            self._export(options)

    def _import(self, options: dict[str, Any]) -> None:
        reports = [self._import_one(Path(name)) for name in options["files"]]
        call_command("index", "drain")
        if options["json"]:
            self.stdout.write(json.dumps(_joined(reports), ensure_ascii=False))
        if any(report.problem for report in reports):
            sys.exit(UNREADABLE)
        sys.exit(SOME_REJECTED if any(report.counts["rejected"] for report in reports) else TAKEN)

    def _import_one(self, path: Path) -> ImportReport:
        try:
            with path.open("rb") as source:
                report = import_file(actor=system_actor("lienthu authorities import"), source=source)
        except OSError as error:
            self.stderr.write(f"Không mở được {path}: {error.strerror}.")
            return ImportReport(problem=str(error.strerror))
        counts = report.counts
        self.stdout.write(
            f"{path.name}: đọc {counts['read']}, mới {counts['created']}, cập nhật {counts['updated']}, "
            f"không đổi {counts['unchanged']}, giữ nguyên {counts['kept']}, từ chối {counts['rejected']}."
        )
        for left in report.left[:SHOWN]:
            self.stdout.write(f"  biểu ghi {left.number}: {left_sentence(left)}")
        if len(report.left) > SHOWN:
            self.stdout.write(f"  và {len(report.left) - SHOWN} biểu ghi khác cần xem.")
        if report.problem:
            self.stderr.write(f"{path.name}: {report.problem}")
        return report

    def _export(self, options: dict[str, Any]) -> None:
        target = Path(options["output"])
        unfinished = target.with_name(target.name + ".unfinished")
        written = 0

        def counted() -> Any:
            nonlocal written
            for record in authority_records():
                written += 1
                yield record

        try:
            with unfinished.open("wb") as file:
                for piece in WRITERS[options["format"]](counted()):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except OSError as error:
            raise CommandError(f"Không ghi được {target}: {error.strerror}.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"Đã xuất {written} biểu ghi đề mục vào {target}.")


def _joined(reports: list[ImportReport]) -> dict[str, Any]:
    counts = {name: sum(report.counts[name] for report in reports) for name in ImportReport().counts}
    left = [
        {"number": one.number, "offset": one.offset, "code": one.code, "text": one.text}
        for report in reports
        for one in report.left
    ]
    return {**counts, "left": left}
