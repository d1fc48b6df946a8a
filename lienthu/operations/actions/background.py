"""Background jobs that failed or were lost: running them again."""

from lienthu.audit.actions import writing
from lienthu.identity.access import Actor, require
from lienthu.kernel import clock, jobs
from lienthu.operations.access import RUN_BACKUP
from lienthu.operations.queries.background import failed_jobs


class NotFailed(LookupError):
    """There is no failed or lost job with this number."""


def retry_job(*, actor: Actor, job_id: int) -> None:
    """Queue a failed job again; it may run twice by contract. Raises Refused, and NotFailed for any other job."""
    require(actor, RUN_BACKUP)
    with writing(actor) as w:
        job = failed_jobs().filter(pk=job_id).first()
        if job is None:
            raise NotFailed(job_id)
        jobs.app.job_manager.retry_job_by_id(job_id=job_id, retry_at=clock.now())
        w.audit("operations.retry_job", target=("job", job_id), details={"task": job.task_name})
