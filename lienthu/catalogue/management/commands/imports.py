"""`lienthu imports list`, `lienthu imports revert ID`: what was imported, and taking it back whole."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lienthu.catalogue.actions.batches import WrongState, request_revert
from lienthu.catalogue.actions.reverting import revert_import
from lienthu.catalogue.models import Batch, BatchStatus
from lienthu.catalogue.terminal import RecordProgress
from lienthu.identity.access import system_actor
from lienthu.kernel import ids


class Command(BaseCommand):
    help = "Xem các lần nhập biểu ghi và hoàn tác một lần nhập."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("list", help="các lần nhập, mới nhất trước")
        revert = steps.add_parser("revert", help="hoàn tác cả một lần nhập")
        revert.add_argument("id", metavar="ID")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "list":
            self._list()
        else:
            self._revert(options["id"])

    def _list(self) -> None:
        for batch in Batch.objects.select_related("library").order_by("-pk").iterator():
            counts = batch.counts
            self.stdout.write(
                f"{batch.public_id}  {batch.created_at:%d/%m/%Y %H:%M}  {batch.library.code:<16}  "
                f"{BatchStatus(batch.status).label}  đọc {counts.get('read', 0)}, mới {counts.get('created', 0)}, "
                f"từ chối {counts.get('rejected', 0)}  {batch.file_name}"
            )

    def _revert(self, public_id: str) -> None:
        batch_id = ids.decode(public_id)
        batch = Batch.objects.select_related("library__scope").filter(pk=batch_id or 0).first()
        if batch is None:
            raise CommandError(f"Không có lần nhập nào mang số {public_id}. Xem “lienthu imports list”.")
        actor = system_actor("lienthu imports revert")
        if batch.status != BatchStatus.REVERTING:
            try:
                request_revert(actor=actor, batch=batch, in_background=False)
            except WrongState:
                label = BatchStatus(batch.status).label
                raise CommandError(f"Chỉ hoàn tác được lần nhập đã xong; lần này đang ở bước “{label}”.") from None
        line = RecordProgress(self.stderr, batch.file_name)
        revert_import(actor=actor, batch=batch, progress=line)
        line.end()
        call_command("index", "drain")
        counts = batch.counts
        self.stdout.write(
            f"Đã hoàn tác {public_id}: rút {counts.get('withdrawn', 0)} biểu ghi, "
            f"trả {counts.get('returned', 0)} biểu ghi về bản trước, "
            f"giữ {counts.get('kept', 0)} biểu ghi đã có người sửa sau đó."
        )
