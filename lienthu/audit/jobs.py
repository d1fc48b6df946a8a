"""Work in the background."""

from lienthu.audit import anchors
from lienthu.kernel import jobs


@jobs.task(queue="maintenance", name="audit.anchor")
def anchor(timestamp: int) -> None:
    """Note the head of the chain outside the database (periodic; `timestamp` is the moment it was due)."""
    anchors.write()
