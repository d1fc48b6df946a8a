"""Who reacts to which event: the one table of upward news.

A reaction is called in the transaction of the event and may only enqueue: a job, or a row of a queue table.
"""

REACTIONS: dict[str, list[str]] = {
    "authorities.change_requested": ["lienthu.authorities.jobs.enqueue"],
    "authorities.upload_requested": ["lienthu.authorities.jobs.enqueue_upload"],
    "batchedit.work_requested": ["lienthu.batchedit.jobs.enqueue"],
    "catalogue.copies_moved": ["lienthu.discovery.actions.queue_copies"],
    "catalogue.headings_changed": ["lienthu.discovery.actions.queue_headings"],
    "catalogue.import_requested": ["lienthu.catalogue.jobs.enqueue"],
    "catalogue.sharing_changed": ["lienthu.catalogue.jobs.enqueue_sharing"],
    "catalogue.withdrawal_requested": ["lienthu.catalogue.jobs.enqueue_withdrawal"],
    "catalogue.records_saved": [
        "lienthu.discovery.actions.queue_for_index",
        "lienthu.protocols.oaipmh.actions.queue_for_harvest",
    ],
    "catalogue.import_reverted": ["lienthu.harvesting.jobs.enqueue_undo"],
    "circulation.hold_cancelled": ["lienthu.circulation.actions.notifying.on_hold_ended"],
    "circulation.hold_expired": ["lienthu.circulation.actions.notifying.on_hold_expired"],
    "circulation.hold_ready": ["lienthu.circulation.actions.notifying.on_hold_ready"],
    "circulation.loan_recalled": ["lienthu.circulation.actions.notifying.on_loan_recalled"],
    "circulation.loan_renewed": ["lienthu.circulation.actions.notifying.on_loan_over"],
    "circulation.loan_returned": ["lienthu.circulation.actions.notifying.on_loan_over"],
    "circulation.loan_started": ["lienthu.circulation.actions.notifying.on_loan_started"],
    "circulation.step_undone": ["lienthu.circulation.actions.notifying.on_step_undone"],
    "circulation.target_lost": ["lienthu.circulation.jobs.enqueue_retarget"],
    "harvesting.run_requested": ["lienthu.harvesting.jobs.enqueue"],
    "stocktaking.round_requested": ["lienthu.stocktaking.jobs.enqueue"],
    "weeding.work_requested": ["lienthu.weeding.jobs.enqueue"],
    "targets.check_requested": ["lienthu.targets.jobs.enqueue_check"],
    "targets.search_requested": ["lienthu.targets.jobs.enqueue_search"],
    "patrons.roll_requested": ["lienthu.patrons.jobs.enqueue"],
    "operations.backup_requested": ["lienthu.operations.jobs.enqueue_backup"],
    "operations.restore_test_requested": ["lienthu.operations.jobs.enqueue_restore_test"],
}
