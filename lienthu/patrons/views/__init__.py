"""Pages of the readers' desk."""
