"""Liên Thư: the libraries of a province as one."""

__version__ = "0.1.0"
