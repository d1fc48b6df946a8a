"""Who reacts to which event: the one table of upward news.

A reaction is called in the transaction of the event and may only enqueue: a job, or a row of a queue table.
"""

REACTIONS: dict[str, list[str]] = {
    "catalogue.import_requested": ["lienthu.catalogue.jobs.enqueue"],
    "catalogue.records_saved": ["lienthu.discovery.actions.queue_for_index"],
    "operations.backup_requested": ["lienthu.operations.jobs.enqueue_backup"],
    "operations.restore_test_requested": ["lienthu.operations.jobs.enqueue_restore_test"],
}
