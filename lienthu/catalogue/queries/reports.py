"""The report of an import, for people and for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lienthu.catalogue.models import Batch, BatchStatus
from lienthu.catalogue.wording import sentence

ALWAYS = ("read", "created", "updated", "merged", "unchanged", "rejected")
REJECTIONS_LISTED = 1000


@dataclass(frozen=True)
class Report:
    """What became of the records of one or more files. `rejections` lists at most REJECTIONS_LISTED of them."""

    files: list[str]
    imports: list[str]
    dry_run: bool
    counts: dict[str, int]
    rejections: list[dict[str, Any]] = field(default_factory=list)
    problem: str = ""
    encodings: dict[str, str] = field(default_factory=dict)
    """File -> how its text was read: "utf-8", "marc-8", or the old encoding that it was mostly in."""

    @classmethod
    def unopened(cls, name: str, reason: str) -> "Report":
        """The report of a file that could not even be opened."""
        return cls([name], [], False, dict.fromkeys(ALWAYS, 0), problem=reason)

    @classmethod
    def joined(cls, reports: Sequence["Report"]) -> "Report":
        """One report over several files."""
        counts: dict[str, int] = {}
        for report in reports:
            for key, value in report.counts.items():
                counts[key] = counts.get(key, 0) + value
        return cls(
            files=[name for r in reports for name in r.files],
            imports=[public_id for r in reports for public_id in r.imports],
            dry_run=any(r.dry_run for r in reports),
            counts=counts,
            rejections=[rejection for r in reports for rejection in r.rejections][:REJECTIONS_LISTED],
            problem="; ".join(r.problem for r in reports if r.problem),
            encodings={name: encoding for r in reports for name, encoding in r.encodings.items()},
        )

    def as_dict(self) -> dict[str, Any]:
        """The JSON form: the counts stand at the top, by the names that surfaces promise; `rejections` details them."""
        return {
            **self.counts,
            "files": self.files,
            "imports": self.imports,
            "dry_run": self.dry_run,
            "encodings": self.encodings,
            "rejections": self.rejections,
            "problem": self.problem or None,
        }

    def sentences(self) -> Iterator[str]:
        """The same in words."""
        if self.problem:
            yield f"Không đọc được {', '.join(self.files)}: {self.problem}"
            return
        counts = self.counts
        start = "Kiểm tra thử" if self.dry_run else "Đã nhập"
        yield (
            f"{start} {', '.join(self.files)}: đọc {counts['read']}, mới {counts['created']}, "
            f"cập nhật {counts['updated']}, gộp {counts['merged']}, không đổi {counts['unchanged']}, "
            f"từ chối {counts['rejected']}."
        )
        for name, encoding in self.encodings.items():
            if encoding not in ("", "utf-8"):
                yield f"  {name}: chữ được đọc theo bảng mã {encoding}."
        for rejection in self.rejections[:20]:
            yield f"  Biểu ghi số {rejection['number']} (byte {rejection['offset']}): {rejection['reason']}"
        if counts["rejected"] > 20:
            yield f"  … và {counts['rejected'] - 20} biểu ghi khác; xem trang Nhập biểu ghi."
        if not self.dry_run:
            yield f"  Hoàn tác được bằng: lienthu imports revert {self.imports[0]}"


def report_of(batch: Batch) -> Report:
    """The report of one import, or of its trial when it has not been committed."""
    trial = batch.dry_run if batch.status in {BatchStatus.CHECKED, BatchStatus.CHECKING} else None
    found = (trial or {}).get("counts") or batch.counts
    counts = dict.fromkeys(ALWAYS, 0) | found
    if trial is not None:
        rejections = trial.get("refused", [])
    else:
        rows = batch.rejections.order_by("number", "pk").values("kind", "number", "offset", "code", "params")
        rejections = list(rows[:REJECTIONS_LISTED])
    return Report(
        files=[batch.file_name],
        imports=[batch.public_id],
        dry_run=trial is not None,
        counts=counts,
        rejections=[{**r, "reason": sentence(r["code"], r["params"])} for r in rejections],
        problem=sentence(batch.problem["code"], batch.problem["params"]) if batch.problem else "",
        encodings={batch.file_name: batch.encoding} if batch.encoding else {},
    )
