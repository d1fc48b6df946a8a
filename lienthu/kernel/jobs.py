"""Background work: Procrastinate, whose queue lives in the same PostgreSQL, so that a job commits with its data.

    @jobs.task(queue="imports", name="catalogue.run_import")
    def run_import(batch_id: int) -> None: ...

    run_import.defer(batch_id=7)      # inside the transaction that made batch 7

A job takes ids, may run twice, and calls one action. Queues: "imports", "default" and "maintenance" share a worker;
PROMPT has its own, for what a person waits for on a page.
"""

from procrastinate.contrib.django import app as _app

PROMPT = "prompt"

task = _app.task
app = _app
