"""Collecting: one page after another is asked for, kept as it came, and noted; a page is one transaction."""

import time
from hashlib import blake2b, sha256
from io import BytesIO

import zstandard
from django.db import connection

from lienthu.audit.actions import writing
from lienthu.harvesting.actions.credentials import NoSecret, headers_for
from lienthu.harvesting.actions.runs import change, counted, move, sleep, stop, worker_of
from lienthu.harvesting.models import Entry, Numbering, Run, RunState, Source
from lienthu.harvesting.models import Page as KeptPage
from lienthu.harvesting.oai import DAY, SECOND, Broken, Page, Record, read_identity, read_page, request, resume
from lienthu.harvesting.oai import list_records as list_request
from lienthu.harvesting.oai.requests import written
from lienthu.harvesting.policy import LIMITS, Seen, reason_to_stop, restart_from
from lienthu.kernel import clock, storage
from lienthu.kernel.fetching import FetchFailed, FetchRefused, fetch

LONGEST_NUMBER = 200
_PASSING = {408, 425}


def collect(run: Run, *, seconds: float) -> None:
    """Ask for pages until the list ends, the run sleeps or stops, or about `seconds` are over."""
    deadline = time.monotonic() + seconds
    while run.state == RunState.COLLECTING:
        if not run.identified:
            _identify(run)
        else:
            _next_page(run)
        if time.monotonic() >= deadline:
            return


def _ask(run: Run, url: str) -> bytes | None:
    """The answer to one request; None when the run was put to sleep or stopped instead."""
    source = run.source
    try:
        return fetch(
            url,
            seconds=LIMITS.page_seconds,
            max_bytes=LIMITS.page_bytes,
            accept="text/xml, application/xml",
            headers=headers_for(source.auth_variable),
        ).body
    except NoSecret as error:
        stop(run, code="no_secret", params={"variable": str(error)})
    except FetchRefused as error:
        stop(run, code=f"fetch_{error.code}")
    except FetchFailed as error:
        if error.status and 400 <= error.status < 500 and b"OAI-PMH" in error.body:
            return error.body
        _failed(run, error)
    return None


def _failed(run: Run, error: FetchFailed) -> None:
    refused = error.status is not None and 400 <= error.status < 500 and error.status not in _PASSING
    params = {"status": error.status} if error.status else {}
    if error.code == "tls" or (error.code == "status" and refused):
        stop(run, code=f"fetch_{error.code}", params=params)
    else:
        sleep(run, code=f"fetch_{error.code}", params=params, asked=error.retry_after)


def _identify(run: Run) -> None:
    source = run.source
    body = _ask(run, request(source.base_url, "Identify"))
    if body is None:
        return
    try:
        identity = read_identity(body)
    except Broken as error:
        sleep(run, code=error.code, params={"detail": error.detail})
        return
    facts = {
        "repository_name": identity.name,
        "granularity": identity.granularity,
        "earliest": identity.earliest,
        "keeps_deleted": identity.keeps_deleted,
    }
    Source.objects.filter(pk=source.pk).update(**facts)
    for name, value in facts.items():
        setattr(source, name, value)
    change(run, identified=True, tries=0)


def _url(run: Run) -> str:
    source = run.source
    if run.token:
        return resume(source.base_url, run.token)
    granularity = DAY if run.by_day else source.granularity
    since = written(run.since, granularity) if run.since else ""
    return list_request(source.base_url, prefix=source.prefix, set_spec=source.set_spec, since=since)


def _next_page(run: Run) -> None:
    body = _ask(run, _url(run))
    if body is None:
        return
    try:
        page = read_page(body)
    except Broken as error:
        if error.code == "xml_dtd":
            stop(run, code=error.code)
        else:
            sleep(run, code=error.code, params={"detail": error.detail})
        return
    if page.errors:
        _stated_error(run, page)
    elif page.broken and run.tries + 1 < LIMITS.broken_tries:
        sleep(run, code="xml_broken", params={"detail": page.broken})
    else:
        _keep(run, page, body)
        _go_on(run, page)


def _stated_error(run: Run, page: Page) -> None:
    """What the source says instead of records."""
    if page.error("noRecordsMatch"):
        _end_of_list(run)
    elif page.error("badResumptionToken") and run.token:
        _begin_again(run)
    elif page.error("badArgument") and run.since and not run.token and not run.by_day:
        # It said that it knows seconds but does not.
        change(run, by_day=True)
    else:
        error = page.errors[0]
        stop(run, code="stated", params={"code": error.code, "text": error.text})


def _begin_again(run: Run) -> None:
    if run.list_number >= LIMITS.restarts:
        stop(run, code="token_lost")
        return
    since = restart_from(since=run.since, highest=run.highest, ascending=run.ascending and not run.full)
    change(
        run,
        since=since,
        token="",
        list_number=run.list_number + 1,
        list_records=0,
        complete_size=None,
        empty_pages=0,
        stale_pages=0,
        notes=[*run.notes, ["token_lost_once", {}]],
    )


def _go_on(run: Run, page: Page) -> None:
    """Decide behind a kept page: stop, end, or follow the token that is in the run now."""
    if page.broken:
        stop(run, code="xml_broken", params={"detail": page.broken})
    elif not page.token:
        _end_of_list(run)


def _end_of_list(run: Run) -> None:
    notes = list(run.notes)
    if run.complete_size is not None and run.list_records < run.complete_size:
        notes.append(["fewer_than_said", {"said": run.complete_size, "came": run.list_records}])
    with writing(worker_of(run)) as w:
        move(run, "IMPORTING", collected=True, notes=notes, token="", problem=None)
        w.audit(
            "harvesting.collected",
            target=("harvest", run.public_id),
            at=run.source.library.code,
            details={"counts": run.counts},
        )


def number_of(source: Source, record: Record) -> str:
    """The control number under which a record comes into the catalogue; "" for a deletion without one."""
    number = record.identifier
    if source.numbering == Numbering.CONTROL_NUMBER:
        if record.deleted:
            return ""
        number = record.control_number or record.identifier
    if len(number) > LONGEST_NUMBER:
        return "~" + blake2b(number.encode(), digest_size=16).hexdigest()
    return number


def latest(records: list[Record]) -> dict[str, Record]:
    """One record per identifier: within a page the last one counts."""
    return {record.identifier: record for record in records}


def _digest(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=16).digest()


def _keep(run: Run, page: Page, body: bytes) -> None:
    """Keep a page as it came and note its records; then look whether its token may be followed."""
    number = run.counts.get("pages", 0) + 1
    records = latest(page.records)
    stored = storage.save_stream(BytesIO(zstandard.compress(body, 3)))
    digest = sha256(body).hexdigest()
    stopped = ""
    with writing(worker_of(run)) as w:
        new = (
            len(records)
            - Entry.objects.filter(
                source=run.source, identifier__in=list(records), run=run, list_number=run.list_number
            ).count()
        )
        seen = _seen(run, page, new=new)
        stopped = reason_to_stop(seen) if page.token and not page.broken else ""
        deleted = sum(1 for record in records.values() if record.deleted)
        KeptPage.objects.create(
            run=run,
            number=number,
            list_number=run.list_number,
            token=run.token,
            token_digest=_digest(run.token),
            file_key=stored.key,
            size=len(body),
            sha256=digest,
            records=len(records),
            deleted=deleted,
            broken=page.broken,
        )
        _note_entries(run, list(records.values()), page_number=number)
        _advance(run, page, seen, new=new, deleted=deleted)
        w.audit(
            "harvesting.page_kept",
            target=("harvest", run.public_id),
            at=run.source.library.code,
            details={"number": number, "sha256": digest, "records": len(records)},
        )
    if stopped:
        stop(run, code=stopped)


def _seen(run: Run, page: Page, *, new: int) -> Seen:
    started = run.started_at or run.created_at
    known = KeptPage.objects.filter(run=run, list_number=run.list_number, token_digest=_digest(page.token))
    return Seen(
        pages=run.counts.get("pages", 0) + 1,
        records=run.counts.get("records", 0) + len(page.records),
        hours=(clock.now() - started).total_seconds() / 3600,
        page_records=len(page.records),
        new_records=new,
        token=page.token,
        asked_with=run.token,
        token_known=bool(page.token) and known.exists(),
        empty_pages=0 if page.records else run.empty_pages + 1,
        stale_pages=0 if new or not page.records else run.stale_pages + 1,
    )


def _advance(run: Run, page: Page, seen: Seen, *, new: int, deleted: int) -> None:
    highest, ascending = run.highest, run.ascending
    for record in page.records:
        if record.datestamp is not None:
            ascending = ascending and (highest is None or record.datestamp >= highest)
            highest = record.datestamp if highest is None else max(highest, record.datestamp)
    notes = list(run.notes)
    for code, met in (("mended", page.mended), ("nameless", bool(page.nameless))):
        if met and [code, {}] not in notes:
            notes.append([code, {}])
    change(
        run,
        counts=counted(run, pages=1, records=new, deleted=deleted),
        token="" if page.broken else page.token,
        complete_size=page.complete_size if page.complete_size is not None else run.complete_size,
        list_records=run.list_records + new,
        empty_pages=seen.empty_pages,
        stale_pages=seen.stale_pages,
        server_time=run.server_time or page.server_time,
        highest=highest,
        ascending=ascending,
        notes=notes,
        tries=0,
    )


def _note_entries(run: Run, records: list[Record], *, page_number: int) -> None:
    """Remember what came under which identifier. A known identifier keeps its control number, whatever 001 says now."""
    source = run.source
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO harvesting_entry AS e
                (source_id, identifier, control_number, datestamp, deleted, run_id, list_number, page_number)
            SELECT %(source)s, u.identifier, u.number, u.datestamp, u.deleted, %(run)s, %(list)s, %(page)s
            FROM unnest(%(identifiers)s::text[], %(numbers)s::text[], %(stamps)s::timestamptz[], %(deleted)s::bool[])
                AS u (identifier, number, datestamp, deleted)
            ON CONFLICT (source_id, identifier) DO UPDATE SET
                control_number = CASE WHEN e.control_number = '' THEN excluded.control_number ELSE e.control_number END,
                datestamp = excluded.datestamp, deleted = excluded.deleted, run_id = excluded.run_id,
                list_number = excluded.list_number, page_number = excluded.page_number,
                withdrawn_by_id = CASE WHEN excluded.deleted THEN e.withdrawn_by_id END
            """,
            {
                "source": source.pk,
                "run": run.pk,
                "list": run.list_number,
                "page": page_number,
                "identifiers": [r.identifier for r in records],
                "numbers": [number_of(source, r) for r in records],
                "stamps": [r.datestamp for r in records],
                "deleted": [r.deleted for r in records],
            },
        )


__all__ = ["SECOND", "collect", "latest", "number_of"]
