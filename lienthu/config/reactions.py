"""Who reacts to which event: the one table of upward news.

A reaction is called in the transaction of the event and may only enqueue: a job, or a row of a queue table.
"""

REACTIONS: dict[str, list[str]] = {
    "catalogue.import_requested": ["lienthu.catalogue.jobs.enqueue"],
    "catalogue.records_saved": ["lienthu.discovery.actions.queue_for_index"],
}
