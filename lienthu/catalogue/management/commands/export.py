"""`lienthu export --format marc|marcxml|jsonl [--library CODE] -o FILE`: complete and streamed."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lienthu.catalogue.marc import Record
from lienthu.catalogue.marc.export import write_iso2709, write_marcjson, write_marcxml
from lienthu.catalogue.queries.exporting import exported_records
from lienthu.catalogue.queries.stating import without_copies
from lienthu.catalogue.terminal import RecordProgress
from lienthu.libraries.queries import library_by_code


class Command(BaseCommand):
    """Writes beside the target and renames, so that a broken run leaves no half file under its name."""

    help = "Xuất toàn bộ biểu ghi kèm bản tài liệu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", required=True, choices=["marc", "marcxml", "jsonl"])
        parser.add_argument("--library", metavar="CODE", help="chỉ biểu ghi của thư viện này")
        parser.add_argument("-o", "--output", required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        library = None
        if options["library"]:
            library = library_by_code(options["library"])
            if library is None:
                raise CommandError(f"Không có thư viện nào mang mã {options['library']}.")
        target = Path(options["output"])
        unfinished = target.with_name(target.name + ".unfinished")
        self._written = self._shortened = 0
        line = RecordProgress(self.stderr, target.name)
        try:
            with unfinished.open("wb") as file:
                for piece in self._pieces(options["format"], self._counted(exported_records(library), line)):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except OSError as error:
            raise CommandError(f"Không ghi được {target}: {error.strerror}.") from error
        finally:
            unfinished.unlink(missing_ok=True)
            line.end()
        self.stdout.write(f"Đã xuất {self._written} biểu ghi vào {target}.")
        if self._shortened:
            self.stdout.write(
                f"{self._shortened} biểu ghi có quá nhiều bản cho ISO 2709 nên được xuất không kèm bản tài liệu; "
                "dùng --format marcxml hoặc jsonl để có đủ."
            )

    def _counted(self, records: Iterator[Record], line: RecordProgress) -> Iterator[Record]:
        for record in records:
            self._written += 1
            line({"read": self._written}, 0, 0)
            yield record

    def _pieces(self, form: str, records: Iterator[Record]) -> Iterator[bytes]:
        if form == "marcxml":
            return write_marcxml(records)
        if form == "jsonl":
            return write_marcjson(records)
        return self._iso2709(records)

    def _iso2709(self, records: Iterator[Record]) -> Iterator[bytes]:
        for record in records:
            pieces = list(write_iso2709([record], unwritten=lambda *_: None))
            if not pieces:
                self._shortened += 1
                pieces = list(write_iso2709([without_copies(record)]))
            yield from pieces
