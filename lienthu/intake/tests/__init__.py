"""Tests of the file inspection."""
