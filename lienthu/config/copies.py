"""Which rooms above the catalogue know copies: each function gets ids of records and returns those that must stay."""

KEEPERS: list[str] = [
    "lienthu.circulation.queries.copies.records_with_history",
    "lienthu.rotation.queries.records_in_sets",
    "lienthu.stocktaking.queries.records_counted",
    "lienthu.weeding.queries.records_in_lists",
]
