"""`lienthu demo`: loads the demonstration province; running it twice adds nothing."""

from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from lienthu.operations.demo.large import FILE_NAME, load_large
from lienthu.operations.demo.load import load_demo
from lienthu.operations.terminal import LoadProgress


class Command(BaseCommand):
    help = "Nạp tỉnh trình diễn: đơn vị hành chính, thư viện, tài khoản, biểu ghi thật."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--large", action="store_true", help="thêm 250.000 biểu ghi của Thư viện Quốc hội Hoa Kỳ")

    def handle(self, *args: Any, **options: Any) -> None:
        load_demo(say=self.stdout.write)
        if options["large"]:
            load_large(say=self.stdout.write, progress=LoadProgress(self.stderr, FILE_NAME))
        # Where no indexer runs beside this command, it brings the index up to date itself: ready means findable.
        call_command("index", "drain", stdout=StringIO())
