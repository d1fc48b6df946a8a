"""What views hand to the component tags: small frozen values, already prepared, with no queries inside."""

from lienthu.web.components.charts import BarChart, ChartPoint, LineChart, Series
from lienthu.web.components.maps import Boundary, MapPoint, PointMap
from lienthu.web.components.tables import Column, Empty, Row, Table
from lienthu.web.components.values import (
    Crumb,
    FacetGroup,
    FacetOption,
    Figure,
    Link,
    Progress,
    Step,
    Tab,
    TimelineEntry,
)

__all__ = [
    "BarChart",
    "Boundary",
    "ChartPoint",
    "Column",
    "Crumb",
    "Empty",
    "FacetGroup",
    "FacetOption",
    "Figure",
    "LineChart",
    "Link",
    "MapPoint",
    "PointMap",
    "Progress",
    "Row",
    "Series",
    "Step",
    "Tab",
    "Table",
    "TimelineEntry",
]
