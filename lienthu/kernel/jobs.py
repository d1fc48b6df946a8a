"""Background work: Procrastinate, whose queue lives in the same PostgreSQL, so that a job commits with its data.

    @jobs.task(queue="imports", name="catalogue.run_import")
    def run_import(batch_id: int) -> None: ...

    run_import.defer(batch_id=7)      # inside the transaction that made batch 7

A job takes ids, may run twice, and calls one action.
"""

from procrastinate.contrib.django import app as _app

task = _app.task
app = _app
