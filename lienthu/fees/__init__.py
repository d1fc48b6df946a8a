"""Loans, holds, transits and custody of copies; the circulation desk."""
