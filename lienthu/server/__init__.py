"""Runs the product: embedded PostgreSQL, supervisor, command line. Free of Django, small in memory."""
