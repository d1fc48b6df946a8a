"""Spine labels, barcodes and catalogue cards as PDF."""
