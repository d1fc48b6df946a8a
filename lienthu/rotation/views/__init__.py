"""Pages of sets that travel."""
