"""`lienthu catalogue match-report [--json] [PAIRS-FILE]`: how well matching agrees with people."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lienthu.catalogue.matching.evaluation import Evaluation, Mistake, labelled_sets
from lienthu.catalogue.matching.pairs import PairsError, read_pairs
from lienthu.catalogue.reason_wording import pairs_problem, reason_sentence, verdict_words

UNREADABLE = 2


class Command(BaseCommand):
    """Exit 0 with the figures, 2 when the file could not be read. Needs no database."""

    help = "Đo độ đúng của việc đối sánh trên các cặp biểu ghi đã có người gắn nhãn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", metavar="PAIRS-FILE", help="tệp JSON Lines; không ghi thì dùng tập có sẵn"
        )
        parser.add_argument("--json", action="store_true", help="in kết quả là một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        sets, total = self._measured(options["file"])
        if options["json"]:
            report = total.as_dict()
            report["sets"] = {name: one.as_dict() for name, one in sets.items()}
            report["mistakes"] = [_mistake(one) for one in total.mistakes]
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for mistake in total.mistakes:
            self.stdout.write(self._told(mistake))
        for name, one in [*sets.items(), (_("Tất cả"), total)]:
            self.stdout.write(f"{name}: " + _figures(one))

    def _measured(self, file: str | None) -> tuple[dict[str, Evaluation], Evaluation]:
        sets: dict[str, Evaluation] = {}
        total = Evaluation()
        try:
            given = [(Path(file).name, list(read_pairs(Path(file).read_bytes())))] if file else labelled_sets()
        except PairsError as error:
            raise CommandError(pairs_problem(error), returncode=UNREADABLE) from error
        except OSError as error:
            sentence = _("Không mở được %(file)s: %(reason)s.") % {"file": file, "reason": error.strerror}
            raise CommandError(sentence, returncode=UNREADABLE) from error
        for name, pairs in given:
            sets[name] = Evaluation()
            for pair in pairs:
                sets[name].add(pair, source=name)
            total.join(sets[name])
        if not total.pairs:
            raise CommandError(_("Tệp không có cặp nào."), returncode=UNREADABLE)
        return sets, total

    def _told(self, mistake: Mistake) -> str:
        said = _("người gắn nhãn: giống") if mistake.pair.same else _("người gắn nhãn: khác")
        head = f"{mistake.source}:{mistake.pair.line}  {said}; {verdict_words(mistake.decision.verdict)}"
        lines = [head + (f" ({mistake.pair.note})" if mistake.pair.note else "")]
        if mistake.unblocked:
            lines.append("    " + _("Hai biểu ghi không có khóa chung nên không được đem so."))
        lines += [f"    {reason.weight:+.1f}  {reason_sentence(reason)}" for reason in mistake.decision.reasons]
        return "\n".join(lines)


def _figures(one: Evaluation) -> str:
    return _(
        "%(pairs)d cặp, chính xác %(precision).4f, đầy đủ %(recall).4f, F1 %(f1).4f; %(asked)d cặp để người quyết định"
    ) % {
        "pairs": one.pairs,
        "precision": one.precision,
        "recall": one.recall,
        "f1": one.f1,
        "asked": one.asked,
    }


def _mistake(mistake: Mistake) -> dict[str, Any]:
    return {
        "set": mistake.source,
        "line": mistake.pair.line,
        "label": "same" if mistake.pair.same else "different",
        "verdict": mistake.decision.verdict.value,
        "score": mistake.decision.score,
        "compared": not mistake.unblocked,
        "note": mistake.pair.note,
        "reasons": [
            {"code": reason.code, "weight": reason.weight, "sentence": reason_sentence(reason)}
            for reason in mistake.decision.reasons
        ],
    }
