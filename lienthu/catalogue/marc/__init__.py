"""MARC 21: reading, writing and describing records. Pure Python, no Django."""
