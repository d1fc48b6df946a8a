"""What harvesting does: sources, runs, collecting, importing, withdrawing."""
