"""The permission of harvesting, and what each actor may see."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthu.harvesting.models import Run, Source
from lienthu.identity.access import Actor, require, scopes_with

MANAGE = "harvesting.manage"

AUDIT_LABELS = {
    "harvesting.source_added": _("Thêm một nguồn thu hoạch"),
    "harvesting.source_changed": _("Sửa một nguồn thu hoạch"),
    "harvesting.source_paused": _("Tạm dừng lịch của một nguồn thu hoạch"),
    "harvesting.run_started": _("Bắt đầu một lần thu hoạch"),
    "harvesting.page_kept": _("Giữ một trang dữ liệu thu hoạch"),
    "harvesting.collected": _("Lấy xong dữ liệu của một lần thu hoạch"),
    "harvesting.run_finished": _("Xong một lần thu hoạch"),
    "harvesting.run_stopped": _("Một lần thu hoạch dừng vì lỗi"),
    "harvesting.pages_removed": _("Xóa các trang dữ liệu cũ của một lần thu hoạch"),
    "harvesting.records_withdrawn": _("Rút biểu ghi của một nguồn thu hoạch"),
    "harvesting.records_restored": _("Đưa biểu ghi của một nguồn thu hoạch trở lại"),
}


def visible_sources(actor: Actor) -> QuerySet[Source]:
    """Sources of the libraries where this actor manages harvesting."""
    return Source.objects.filter(library__scope__in=scopes_with(actor, MANAGE)).select_related("library__scope")


def get_source(actor: Actor, source_id: int) -> Source:
    """One source; Source.DoesNotExist, or Refused."""
    source = Source.objects.select_related("library__scope").get(pk=source_id)
    require(actor, MANAGE, at=source.library.scope)
    return source


def get_run(actor: Actor, run_id: int) -> Run:
    """One run; Run.DoesNotExist, or Refused."""
    run = Run.objects.select_related("source__library__scope", "batch").get(pk=run_id)
    require(actor, MANAGE, at=run.source.library.scope)
    return run
