"""Pages of the cataloguing desk."""

from lienthu.catalogue.views import history, imports

__all__ = ["history", "imports"]
