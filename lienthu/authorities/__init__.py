"""Headings as authority records: variants, references, changes that reach the linked records."""
