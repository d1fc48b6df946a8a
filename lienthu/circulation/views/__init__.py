"""Pages of the desk and of readers."""
