"""Background entries of the OAI-PMH repository."""

from lienthu.kernel import jobs
from lienthu.protocols.oaipmh.actions import stamp_all_changes


@jobs.task(queue="maintenance", name="oaipmh.stamp_changes")
def stamp_changes(timestamp: int | None = None) -> None:
    """Stamp what changed, so that the next harvester need not wait for it."""
    stamp_all_changes()
