"""Pages of libraries and administrative units."""
