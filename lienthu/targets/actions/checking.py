"""Trying a connection: asked for by a person, done by a job, told in plain words."""

import time

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock
from lienthu.targets.access import MANAGE
from lienthu.targets.actions.asking import ask_target
from lienthu.targets.models import CheckState, Target
from lienthu.targets.policy.asking import Question
from lienthu.targets.problems import TargetProblem

# A word that every catalogue has in some title, and that shows whether anything comes back at all.
PROBE = Question(title="history")


def request_check(*, actor: Actor, target: Target) -> None:
    """Have the connection tried with one real question."""
    require(actor, MANAGE, at=target.scope)
    with writing(actor) as w:
        Target.objects.filter(pk=target.pk).update(
            check_state=CheckState.WAITING, checked_at=clock.now(), check_note={}
        )
        w.audit("targets.checked", target=("target", target.pk), at=target.scope.code, details={"name": target.name})
        w.publish("targets.check_requested", target_id=target.pk)


def run_check(*, target_id: int) -> None:
    """Ask the target and note how it went."""
    target = Target.objects.filter(pk=target_id, check_state=CheckState.WAITING).first()
    if target is None:
        return
    target.records = 1
    began = time.monotonic()
    try:
        asked = ask_target(target, PROBE)
        state, note = CheckState.GOOD, {"hits": asked.hits, "records": len(asked.records)}
    except TargetProblem as problem:
        state, note = CheckState.BAD, problem.as_dict()
    note["milliseconds"] = round((time.monotonic() - began) * 1000)
    Target.objects.filter(pk=target_id).update(check_state=state, checked_at=clock.now(), check_note=note)
