"""Single values of the rules for pages."""

from datetime import date

from lienthu.loanrules.queries import terms_for


def limit_of(*, library_id: int, category: str, on: date) -> int:
    """How many loans a reader of this category may have at once, whatever the item type."""
    return terms_for(library_id=library_id, branch_id=None, category=category, item_type="", on=on).max_loans.value
