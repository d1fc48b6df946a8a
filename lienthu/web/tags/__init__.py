"""The tags and filters by kind; `templatetags/lienthu.py` gathers them."""
