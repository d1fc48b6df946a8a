"""`lienthu catalogue rematch`: match what came in unmatched, or all records when the rules have changed."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lienthu.catalogue.actions.rematching import rematch
from lienthu.catalogue.terminal import RecordProgress
from lienthu.identity.access import system_actor


class Command(BaseCommand):
    """May be stopped and started again at any moment; what people decided is never undone."""

    help = "Match the records that have not been matched by the rules in force."

    def handle(self, *args: Any, **options: Any) -> None:
        line = RecordProgress(self.stderr, "rematch")
        done, joined = rematch(
            actor=system_actor("lienthu catalogue rematch"),
            progress=lambda count, total, _joined: line({"read": count}, count, total),
        )
        line.end()
        call_command("index", "drain")
        self.stdout.write(
            _("Đã đối sánh %(count)d biểu ghi, gộp %(joined)d biểu ghi vào tài liệu đã có.")
            % {"count": done, "joined": joined}
        )
