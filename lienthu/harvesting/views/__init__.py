"""Pages of the harvesting desk."""

from lienthu.harvesting.views import runs, sources

__all__ = ["runs", "sources"]
