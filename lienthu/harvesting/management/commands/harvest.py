"""`lienthu harvest list`, `lienthu harvest run NAME [--full]`: the sources and how fresh they are; harvesting now."""

import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lienthu.harvesting.actions.runs import AlreadyActive, SourceWithdrawn, start_run
from lienthu.harvesting.actions.working import work_on
from lienthu.harvesting.models import Run, RunState, Source
from lienthu.harvesting.policy import UNFINISHED
from lienthu.harvesting.queries import active_run, standings
from lienthu.harvesting.wording import lag_words, note_sentences, problem_sentence
from lienthu.identity.access import system_actor
from lienthu.kernel import clock
from lienthu.kernel.terminal import ProgressLine

TURN_SECONDS = 2.0
# A terminal waits for a nap of this length; after a longer one the schedule of the running product goes on.
LONGEST_NAP = timedelta(seconds=60)


class Command(BaseCommand):
    """Exit 0 when a run came to its end, 1 when it stopped; what was collected before is imported all the same."""

    help = _("Thu hoạch biểu ghi từ các nguồn OAI-PMH.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("list", help=_("các nguồn và độ mới của chúng"))
        run = steps.add_parser("run", help=_("lấy ngay từ một nguồn"))
        run.add_argument("name", metavar="NAME", help=_("tên nguồn"))
        run.add_argument("--full", action="store_true", help=_("lấy lại toàn bộ, rút biểu ghi không còn ở nguồn"))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "list":
            self._list()
        else:
            self._run(options["name"], full=options["full"])

    def _list(self) -> None:
        for one in standings(Source.objects.select_related("library")):
            words = _("%(name)s  %(library)s  %(lag)s  %(records)s biểu ghi") % {
                "name": one.source.name,
                "library": one.source.library.code,
                "lag": lag_words(one.lag),
                "records": one.records,
            }
            problem = problem_sentence(one.last.problem) if one.last else ""
            self.stdout.write(f"{words}  {problem}".rstrip())

    def _run(self, name: str, *, full: bool) -> None:
        source = Source.objects.select_related("library__scope").filter(name__iexact=name).first()
        if source is None:
            raise CommandError(_("Không có nguồn nào tên là %(name)s. Xem “lienthu harvest list”.") % {"name": name})
        try:
            run = start_run(actor=system_actor("lienthu harvest"), source=source, full=full, in_background=False)
        except AlreadyActive:
            active = active_run(source)
            raise CommandError(
                _("Nguồn này đang có việc chạy (%(state)s); đợi nó xong rồi chạy lại.")
                % {"state": str(RunState(active.state).label) if active else ""}
            ) from None
        except SourceWithdrawn:
            raise CommandError(_("Biểu ghi của nguồn này đã rút; hãy đưa chúng trở lại trước khi lấy tiếp.")) from None
        run = self._to_the_end(run)
        call_command("index", "drain")
        self._report(run)

    def _to_the_end(self, run: Run) -> Run:
        line = ProgressLine(self.stderr)
        while run.state in UNFINISHED:
            run = work_on(run.pk, seconds=TURN_SECONDS)
            if line.is_due(run.source.name):
                words = _("%(count)d biểu ghi") % {"count": run.counts.get("records", 0)}
                line.show(words, done=run.list_records, total=run.complete_size or 0)
            if run.resume_at and run.resume_at > clock.now() + LONGEST_NAP:
                break
            if run.state in UNFINISHED and run.state not in (RunState.COLLECTING, RunState.WORKING):
                time.sleep(1)
        line.end()
        return Run.objects.select_related("source", "batch").get(pk=run.pk)

    def _report(self, run: Run) -> None:
        counts = run.batch.counts if run.batch else {}
        for sentence in note_sentences(run.notes):
            self.stdout.write(sentence)
        self.stdout.write(
            _(
                "Nhận %(records)s biểu ghi: mới %(created)s, cập nhật %(updated)s, không đổi %(unchanged)s, "
                "từ chối %(rejected)s; rút %(withdrawn)s."
            )
            % {
                **{key: counts.get(key, 0) for key in ("created", "updated", "unchanged", "rejected")},
                **{key: run.counts.get(key, 0) for key in ("records", "withdrawn")},
            }
        )
        if run.state == RunState.DONE:
            return
        why = problem_sentence(run.problem)
        if run.resume_at:
            at = f"{run.resume_at.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"
            raise CommandError(_("%(why)s Sẽ thử lại lúc %(at)s.") % {"why": why, "at": at})
        raise CommandError(_("Chưa xong: %(why)s") % {"why": why})
