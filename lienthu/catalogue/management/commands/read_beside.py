"""The process that reads the file of a large import for the one that writes it (catalogue.actions.beside)."""

import os
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from lienthu.catalogue.actions.beside import read_for


class Command(BaseCommand):
    """Takes its order from standard input and ends with the process that gave it."""

    help = "Đọc tệp cho một lần nhập lớn; do chính lần nhập gọi."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Whoever stops the import stops its writer, whose end closes the pipe.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        order = sys.stdin.buffer.read()
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
            # What anything prints goes to the log, not among the chunks.
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            try:
                read_for(order, out)
            except BrokenPipeError:
                # Nobody listens any more; nor must closing complain.
                os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
