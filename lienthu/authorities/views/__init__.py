"""Pages of the authority desk."""
