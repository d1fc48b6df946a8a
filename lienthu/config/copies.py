"""Which rooms above the catalogue know copies: each function gets ids of records and returns those that must stay."""

KEEPERS: list[str] = ["lienthu.circulation.queries.copies.records_with_history"]
