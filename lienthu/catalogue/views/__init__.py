"""Pages of the cataloguing desk."""

from lienthu.catalogue.views import clusters, history, imports, reviewing, sharing

__all__ = ["clusters", "history", "imports", "reviewing", "sharing"]
