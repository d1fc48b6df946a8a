"""The examination of an installation: what is wrong, in a sentence, and what mends it. Also the health of the parts."""

from lienthu.operations.doctor.examination import examine, examine_quickly
from lienthu.operations.doctor.findings import Finding

__all__ = ["Finding", "examine", "examine_quickly"]
