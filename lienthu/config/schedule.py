"""Periodic work: one line each (cron in Asia/Ho_Chi_Minh)."""

from procrastinate import App

# (cron, task name); six fields begin with the second
SCHEDULE: list[tuple[str, str]] = [
    ("17 0 * * *", "audit.anchor"),
    ("*/20 * * * * *", "catalogue.resume_imports"),
    ("* * * * *", "harvesting.tick"),
    ("*/5 * * * *", "operations.look_after"),
    ("*/20 * * * * *", "authorities.resume_changes"),
    ("*/20 * * * * *", "batchedit.resume_edits"),
    ("23 2 * * *", "authorities.note_headings"),
    ("* * * * *", "oaipmh.stamp_changes"),
    ("*/5 * * * *", "circulation.forget_steps"),
    ("7 0 * * *", "circulation.expire_holds"),
    ("41 3 * * *", "operations.remove_old_jobs"),
    ("53 3 * * *", "targets.forget_searches"),
    ("7 4 * * *", "harvesting.remove_old_pages"),
]


def register(app: App) -> None:
    """Give Procrastinate the periodic tasks of SCHEDULE; called when the apps are ready."""
    for cron, name in SCHEDULE:
        app.periodic(cron=cron)(app.tasks[name])
