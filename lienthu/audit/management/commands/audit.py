"""`lienthu audit verify`, `lienthu audit show`, `lienthu audit anchor`."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from lienthu.audit import anchors, queries


class Command(BaseCommand):
    help = "Nhật ký hệ thống: kiểm tra tính nguyên vẹn, xem các mục gần đây."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="Kiểm tra chuỗi băm; mã thoát 0 khi nguyên vẹn, 1 khi không.")
        verify.add_argument("--json", action="store_true", help="In kết quả thành một đối tượng JSON.")
        verify.add_argument("--from", dest="from_seq", type=int, default=None, metavar="N", help="Bắt đầu từ mục số N.")
        show = verbs.add_parser("show", help="Các mục gần đây nhất.")
        show.add_argument("--limit", type=int, default=20)
        show.add_argument("--json", action="store_true")
        verbs.add_parser("anchor", help="Ghi mốc neo (số và băm cuối cùng) ra ngoài cơ sở dữ liệu.")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(options)

    def _verify(self, options: dict[str, Any]) -> None:
        outcome = queries.verify(options["from_seq"], progress=None if options["json"] else self._report)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(outcome), ensure_ascii=False))
        else:
            self.stdout.write(
                _("%(message)s Đã kiểm tra %(count)s mục.") % {"message": outcome.message, "count": outcome.checked}
            )
        if not outcome.ok:
            sys.exit(1)

    def _report(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} / {total}", ending="")

    def _show(self, options: dict[str, Any]) -> None:
        for entry in queries.find_entries(queries.EntryFilter())[: max(0, options["limit"])]:
            if options["json"]:
                self.stdout.write(json.dumps(_as_dict(entry), ensure_ascii=False))
                continue
            at = timezone.localtime(entry.at).strftime("%H:%M:%S %d/%m/%Y")
            target = f"{entry.target_kind} {entry.target_id}".strip()
            name = queries.actor_name(entry)
            action = queries.action_label(entry.action)
            self.stdout.write(f"{entry.seq:>8}  {at}  {name}  {action}  {target}  {entry.scope}")

    def _anchor(self, options: dict[str, Any]) -> None:
        anchor = anchors.write()
        self.stdout.write(f"{anchor.seq} {anchor.hash.hex()}")


def _as_dict(entry: Any) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "action": entry.action,
        "target": {"kind": entry.target_kind, "id": entry.target_id},
        "scope": entry.scope,
        "details": entry.details,
        "hash": bytes(entry.hash).hex(),
    }
