"""Tags and filters of every page: loaded by default (settings.TEMPLATES builtins), listed in lienthu/web/README.md."""

from lienthu.web.tags.blocks import dialog, notice, panel
from lienthu.web.tags.filters import highlighted, public_id, vn_date, vn_datetime, vn_duration, vn_number
from lienthu.web.tags.frame import asset, icon, link_to, network_name, province_name
from lienthu.web.tags.inputs import copy_text, facet_group, facet_panel, file_drop, search_box
from lienthu.web.tags.once import once
from lienthu.web.tags.registry import register
from lienthu.web.tags.shows import (
    badge,
    bar_chart,
    breadcrumbs,
    button,
    cover,
    definitions,
    empty_state,
    figures,
    line_chart,
    point_map,
    progress,
    steps,
    tabs,
    timeline,
)
from lienthu.web.tags.tables import data_table, pager

__all__ = [
    "asset",
    "badge",
    "bar_chart",
    "breadcrumbs",
    "button",
    "copy_text",
    "cover",
    "data_table",
    "definitions",
    "dialog",
    "empty_state",
    "facet_group",
    "facet_panel",
    "figures",
    "file_drop",
    "highlighted",
    "icon",
    "line_chart",
    "link_to",
    "network_name",
    "notice",
    "once",
    "pager",
    "panel",
    "point_map",
    "progress",
    "province_name",
    "public_id",
    "register",
    "search_box",
    "steps",
    "tabs",
    "timeline",
    "vn_date",
    "vn_datetime",
    "vn_duration",
    "vn_number",
]
