"""`lienthu doctor [--json]`: what is wrong with this installation and how to mend it. Exit code 1 when something is."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthu.operations.doctor import Finding, examine
from lienthu.operations.policy import State, worst

_MARKS = {State.OK: "✓", State.WARNING: "!", State.WRONG: "✗", State.UNKNOWN: "?"}


class Command(BaseCommand):
    help = "Khám hệ thống: phần nào hỏng, chữa thế nào. Chạy được cả khi cơ sở dữ liệu đang dừng."
    # the doctor itself tells what the system checks find
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="In kết quả thành một đối tượng JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        state = worst(one.state for one in findings)
        if options["json"]:
            answer = {"state": state.lower(), "checks": [one.as_json() for one in findings]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._tell(findings)
        if state == State.WRONG:
            sys.exit(1)

    def _tell(self, findings: list[Finding]) -> None:
        for one in findings:
            self.stdout.write(f"{_MARKS[one.state]} {one.label}: {one.sentence}")
            if one.cure:
                self.stdout.write(f"    → {one.cure}")
        wrong = sum(1 for one in findings if one.state == State.WRONG)
        warnings = sum(1 for one in findings if one.state == State.WARNING)
        self.stdout.write("")
        if wrong:
            line = ngettext("%(count)d phần hỏng", "%(count)d phần hỏng", wrong) % {"count": wrong}
            self.stdout.write(_("%(wrong)s, %(warnings)d phần cần chú ý.") % {"wrong": line, "warnings": warnings})
        elif warnings:
            self.stdout.write(_("Không có gì hỏng; %(warnings)d phần cần chú ý.") % {"warnings": warnings})
        else:
            self.stdout.write(_("Mọi thứ đều tốt."))
