"""A search over many targets: started by a person, run by a job, every answer written as soon as it is there."""

import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import timedelta
from typing import Any

import orjson
import structlog
from django.db import transaction

from lienthu.audit.actions import writing
from lienthu.catalogue.access import SourceRecord
from lienthu.catalogue.marc import Record
from lienthu.catalogue.queries import first_records
from lienthu.discovery.queries.finding import Wanted, find
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock
from lienthu.libraries.queries import Library
from lienthu.targets.access import SEARCH, usable_targets
from lienthu.targets.actions.asking import Asked, ask_target
from lienthu.targets.actions.grouping import Groups, evidence_for
from lienthu.targets.models import Answer, AnswerState, Found, Search, SearchState, Target
from lienthu.targets.policy.asking import Question
from lienthu.targets.policy.quality import quality_of
from lienthu.targets.problems import TargetProblem

MOST_TARGETS = 20
AT_ONCE = 8
OPEN_AT_ONCE = 3
OWN_RECORDS = 20
KEPT = timedelta(days=1)
# Longer than the slowest target may take: a search that still runs was interrupted.
LONGEST = timedelta(seconds=180)

log = structlog.get_logger("lienthu.targets")


class TooManySearches(ValueError):
    """This person has as many searches under way as one may have."""


class NothingAsked(ValueError):
    """The form holds nothing that a catalogue can be asked for."""


def start_search(
    *,
    actor: Actor,
    library: Library,
    question: Question,
    target_ids: Iterable[int],
    overlay_record: SourceRecord | None = None,
) -> Search:
    """Note a question and have it asked: our own catalogue always, and the named targets that this library may ask.

    Raises Refused, NothingAsked, TooManySearches.
    """
    require(actor, SEARCH, at=library.scope)
    if not question.clauses() or question.asks_only_year():
        raise NothingAsked
    since = clock.now() - LONGEST
    open_now = Search.objects.filter(account_id=actor.account_id, created_at__gte=since).exclude(state=SearchState.DONE)
    if open_now.count() >= OPEN_AT_ONCE:
        raise TooManySearches
    targets = usable_targets(actor, library).filter(pk__in=list(target_ids))[:MOST_TARGETS]
    # A question changes nothing of the catalogue and is thrown away after a day: it owes no entry of the trail.
    with writing(actor) as w:
        search = Search.objects.create(
            account_id=actor.account_id, library=library, question=question.as_dict(), overlay_record=overlay_record
        )
        Answer.objects.create(search=search)
        Answer.objects.bulk_create([Answer(search=search, target=target) for target in targets])
        w.publish("targets.search_requested", search_id=search.pk)
        w.nothing_changed()
    return search


def run_search(*, search_id: int) -> None:
    """Ask everybody at once and write each answer when it comes. Runs at most once for each search."""
    claimed = Search.objects.filter(pk=search_id, state=SearchState.WAITING)
    if not claimed.update(state=SearchState.RUNNING, started_at=clock.now()):
        return
    search = Search.objects.get(pk=search_id)
    question, groups = Question.of(search.question), Groups()
    answers = list(search.answers.select_related("target").order_by("target__priority", "target__name"))
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="targets") as pool:
        waiting = {
            pool.submit(_timed, answer.target, question): answer for answer in answers if answer.target is not None
        }
        for answer in answers:
            if answer.target is None:
                _write_own(answer, question, groups)
        for future in as_completed(waiting):
            _write(waiting[future], future, groups)
    Search.objects.filter(pk=search_id).update(state=SearchState.DONE)


def forget_searches() -> int:
    """Throw away searches of yesterday with what they found; how many."""
    old = Search.objects.filter(created_at__lt=clock.now() - KEPT)
    count = old.count()
    old.delete()
    return count


def _timed(target: Target, question: Question) -> tuple[Asked | TargetProblem, int]:
    """Runs in a thread of its own, without the database; the answer or what was wrong, and how many milliseconds."""
    began = time.monotonic()
    outcome: Asked | TargetProblem
    try:
        outcome = ask_target(target, question)
    except TargetProblem as problem:
        outcome = problem
    return outcome, round((time.monotonic() - began) * 1000)


def _write(answer: Answer, future: "Future[tuple[Asked | TargetProblem, int]]", groups: Groups) -> None:
    try:
        outcome, milliseconds = future.result()
    except Exception:
        log.exception("target_broken", target=answer.target_id)
        outcome, milliseconds = TargetProblem("broken"), 0
    answer.milliseconds = milliseconds
    if isinstance(outcome, TargetProblem):
        answer.state, answer.problem = AnswerState.FAILED, outcome.as_dict()
        answer.save()
        return
    answer.state, answer.hits, answer.skipped = AnswerState.DONE, outcome.hits, outcome.skipped
    with transaction.atomic():
        for place, usable in enumerate(outcome.records, start=1):
            made = usable.converted
            found = Found(answer=answer, place=place, raw=usable.raw.raw, format=made.format, encoding=made.encoding)
            _keep(found, made.record, groups)
        answer.save()


def _write_own(answer: Answer, question: Question, groups: Groups) -> None:
    """Our own catalogue is asked in words of its query language, which never fails to read them."""
    began = time.monotonic()
    answered = find(Wanted(q=own_query(question), size=OWN_RECORDS), facets=())
    records = first_records([hit.record.id for hit in answered.hits])
    answer.state, answer.hits = AnswerState.DONE, answered.result.total
    answer.milliseconds = round((time.monotonic() - began) * 1000)
    with transaction.atomic():
        for place, (cluster_id, record) in enumerate(records.items(), start=1):
            found = Found(
                answer=answer, place=place, raw=record.pack(), format="own", encoding="utf-8", cluster_id=cluster_id
            )
            _keep(found, record, groups)
        answer.save()


def _keep(found: Found, record: Record, groups: Groups) -> None:
    evidence, description = evidence_for(record)
    found.content = record.pack()
    found.summary = storable(description.summary())
    found.quality = quality_of(record).score
    found.evidence = evidence.packed()
    groups.place(found, evidence)
    found.save(force_insert=True)
    groups.remember(found, evidence)


def own_query(question: Question) -> str:
    """The question in the language of our own search box."""
    names = {"isbn": "isbn", "issn": "issn", "title": "nhan đề", "author": "tác giả", "year": "năm", "any": "bất kỳ"}
    parts = []
    for clause in question.clauses():
        text = " ".join(clause.words) if clause.is_text else clause.texts[0]
        parts.append(f"{names[clause.index]}: {text}")
    return " ".join(parts)


def storable(summary: dict[str, Any]) -> dict[str, Any]:
    """A summary without NUL, which jsonb cannot hold and a stranger's record may have."""
    cleaned: dict[str, Any] = orjson.loads(orjson.dumps(summary).replace(b"\\u0000", b""))
    return cleaned
