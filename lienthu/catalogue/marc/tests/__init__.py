"""Tests of reading, writing and describing MARC records."""
