"""Loan rules as dated rows, resolved value by value, with the reason of every value."""
