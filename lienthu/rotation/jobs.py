"""Work of rotation at fixed times."""

from lienthu.kernel import jobs
from lienthu.rotation.actions import remind_of_sets, send_letters


@jobs.task(queue="default", name="rotation.remind")
def remind(timestamp: int | None = None) -> None:
    """Lay letters ready about sets that are due back soon, or should be back."""
    remind_of_sets()


@jobs.task(queue="default", name="rotation.send_letters")
def send_due_letters(timestamp: int | None = None) -> None:
    """Send what is ready; what surely did not arrive waits and is tried again."""
    send_letters()
