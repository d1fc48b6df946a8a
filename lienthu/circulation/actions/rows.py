"""The rows that a step at a desk writes: loan, custody, figure, step. Few statements, planned once a connection."""

import json
from typing import Any

from lienthu.circulation.actions.stage import Stage
from lienthu.circulation.models import FactEvent, Loan
from lienthu.circulation.queries.counting import Due, Terms
from lienthu.circulation.queries.readers import ReaderNow
from lienthu.kernel.postgresql.planned import as_models, ask, columns, tell

# One statement closes the row of the holder so far and adds the next.
_HAND_OVER = """
WITH closed AS (
    UPDATE circulation_custody SET until = %(at)s WHERE item_id = %(item)s AND until IS NULL RETURNING id
)
INSERT INTO circulation_custody (item_id, library_id, loan_id, transit_id, since)
SELECT %(item)s::bigint, %(library)s::bigint, %(loan)s::bigint, %(transit)s::bigint, %(at)s::timestamptz
FROM (SELECT count(*) FROM closed) AS done
"""
# One statement for a loan, who holds the copy from now on, and the figure that counts it.
_START = """
WITH loan AS (
    INSERT INTO circulation_loan (item_id, patron_id, library_id, branch_id, category, age_band, item_type, in_library,
        keep, started_at, due_at, due_on, terms, channel, ended_how)
    VALUES (%(item)s, %(patron)s, %(library)s, %(branch)s, %(category)s, %(age_band)s, %(item_type)s, %(in_library)s,
        %(keep)s, %(at)s, %(due_at)s, %(due_on)s, %(terms)s::jsonb, %(channel)s, '')
    RETURNING {loan}
), closed AS (
    UPDATE circulation_custody SET until = %(at)s WHERE item_id = %(item)s AND until IS NULL RETURNING id
), held AS (
    INSERT INTO circulation_custody (item_id, loan_id, since)
    SELECT loan.item_id, loan.id, %(at)s::timestamptz FROM loan, (SELECT count(*) FROM closed) AS done
), counted AS (
    INSERT INTO circulation_fact (event, "on", library_id, branch_id, item_library_id, category, age_band, item_type,
        channel)
    VALUES (%(event)s, %(today)s, %(library)s, %(branch)s, %(item_library)s, %(category)s, %(age_band)s, %(item_type)s,
        %(channel)s)
)
SELECT * FROM loan
"""
_COUNT = """
INSERT INTO circulation_fact (event, "on", library_id, branch_id, item_library_id, category, age_band, item_type,
    channel, count)
VALUES (%(event)s, %(today)s, %(library)s, %(branch)s, %(item_library)s, %(category)s, %(age_band)s, %(item_type)s,
    %(channel)s, %(times)s)
"""
_STEP = """
INSERT INTO circulation_step (action, item_id, library_id, loan_id, hold_id, transit_id, account_id, reader,
    request_key, result, at)
VALUES (%(action)s, %(item)s, %(library)s, %(loan)s, %(hold)s, %(transit)s, %(account)s, %(reader)s,
    %(key)s, %(result)s::jsonb, %(at)s)
"""
_END = """
UPDATE circulation_loan SET ended_at = %(ended)s, ended_how = %(how)s, patron_id = %(patron)s WHERE id = %(loan)s
"""


def add_loan(stage: Stage, reader: ReaderNow, *, terms: Terms, due: Due) -> Loan:
    """Begin a loan: its row, the copy in its custody, its figure. One statement."""
    event = FactEvent.IN_LIBRARY_USE if terms.in_library_only.value else FactEvent.LOAN
    values = _counted(stage) | {
        "event": str(event),
        "item": stage.scene.copy.item_id,
        "patron": reader.patron_id,
        "category": reader.category,
        "age_band": reader.age_band,
        "in_library": terms.in_library_only.value,
        "keep": reader.keep,
        "at": stage.at,
        "due_at": due.at,
        "due_on": due.on,
        # What the reader had then: a loan forgets its reader, and a draft of the rules is tried on old loans.
        "terms": json.dumps(terms.as_json() | {"out": stage.made.get("out", {})}),
    }
    (loan,) = as_models(Loan, ask(_START.format(loan=columns(Loan, "circulation_loan")), values))
    return loan


def end_loan(loan: Loan) -> None:
    """Write how a loan ended, and whom it still names."""
    values = {"loan": loan.pk, "ended": loan.ended_at, "how": str(loan.ended_how), "patron": loan.patron_id}
    tell(_END, values)


def hand_over(stage: Stage, *, library: int | None = None, loan: int | None = None, transit: int | None = None) -> None:
    """Note who holds the copy from now on."""
    values = {
        "item": stage.scene.copy.item_id,
        "library": library,
        "loan": loan,
        "transit": transit,
        "at": stage.at,
    }
    tell(_HAND_OVER, values)


def count(stage: Stage, event: object, *, category: str = "", age_band: str = "", times: int = 1) -> None:
    """Write one figure for the statistics, without the person."""
    about = {"event": str(event), "category": category, "age_band": age_band, "times": times}
    tell(_COUNT, _counted(stage) | about)


def _counted(stage: Stage) -> dict[str, Any]:
    """What every figure says: day, places, type, door."""
    return {
        "today": stage.today,
        "library": stage.library.pk,
        "branch": stage.branch_id,
        "item_library": stage.scene.copy.library_id,
        "item_type": stage.scene.copy.item_type,
        "channel": stage.channel,
    }


def note_step(stage: Stage, **result: object) -> None:
    """Remember the step: for the same request coming again, and to undo it."""
    made = stage.made
    known = {"was": made.get("was"), "becomes": made.get("becomes"), **made.get("before", {}), **result}
    tell(
        _STEP,
        {
            "action": str(stage.action),
            "item": stage.scene.copy.item_id,
            "library": stage.library.pk,
            "loan": made.get("loan_id"),
            "hold": made.get("hold_id"),
            "transit": made.get("transit_id"),
            "account": stage.actor.account_id,
            "reader": made.get("reader"),
            "key": stage.request_key,
            "result": json.dumps(known),
            "at": stage.at,
        },
    )
