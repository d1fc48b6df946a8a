"""Pages of the cataloguing desk."""
