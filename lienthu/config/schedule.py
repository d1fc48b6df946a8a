"""Periodic work: one line each (cron in Asia/Ho_Chi_Minh)."""

from procrastinate import App

SCHEDULE: list[tuple[str, str, str]] = [
    # (cron, queue, task name)
]


def register(app: App) -> None:
    """Give Procrastinate the periodic tasks of SCHEDULE; called when the apps are ready."""
    for cron, _queue, name in SCHEDULE:
        app.periodic(cron=cron)(app.tasks[name])
