"""Periodic work: one line each. Procrastinate reads cron in UTC; Vietnam is seven hours ahead."""

from procrastinate import App

# (cron, task name); a sixth field, at the end, is the second
SCHEDULE: list[tuple[str, str]] = [
    ("17 17 * * *", "audit.anchor"),
    ("* * * * * */20", "catalogue.resume_imports"),
    ("* * * * *", "harvesting.tick"),
    ("*/5 * * * *", "operations.look_after"),
    ("* * * * * */20", "authorities.resume_changes"),
    ("* * * * * */20", "batchedit.resume_edits"),
    ("23 19 * * *", "authorities.note_headings"),
    ("* * * * *", "oaipmh.stamp_changes"),
    ("*/5 * * * *", "circulation.forget_steps"),
    ("* * * * *", "offlinedesk.resume"),
    ("29 20 * * *", "offlinedesk.forget"),
    ("19 20 * * *", "rotation.remind"),
    ("*/5 * * * *", "rotation.send_letters"),
    ("* * * * * */20", "stocktaking.resume_rounds"),
    ("* * * * * */20", "weeding.resume"),
    ("7 17 * * *", "circulation.expire_holds"),
    ("11 19 * * *", "fees.forget_books"),
    ("*/10 * * * *", "circulation.retarget"),
    ("11 18 * * *", "circulation.tell_the_day"),
    ("* * * * * */20", "notices.send"),
    ("47 20 * * *", "notices.purge"),
    ("33 20 * * *", "patrons.expire_requests"),
    ("* * * * * */20", "patrons.resume_rolls"),
    ("41 20 * * *", "operations.remove_old_jobs"),
    ("53 20 * * *", "targets.forget_searches"),
    ("7 21 * * *", "harvesting.remove_old_pages"),
]


def register(app: App) -> None:
    """Give Procrastinate the periodic tasks of SCHEDULE; called when the apps are ready."""
    for cron, name in SCHEDULE:
        app.periodic(cron=cron)(app.tasks[name])
