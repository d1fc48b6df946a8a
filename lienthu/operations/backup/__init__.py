"""Backup files: how they are made, sealed and read, and how PostgreSQL is dumped and filled. No tables of its own."""
