"""What rooms above the catalogue say of copies, asked by rooms that must not know them.

KEEPERS: each function gets ids of records and returns those that must stay.
CLAIMS: each function gets the id of a library and returns its copies that must not leave stock now, each with the name
of what it is wanted for.
ABSENCES: the function that gets the id of a library and a number of rounds of stock-taking, and returns how many rounds
there were and the copies that were missing in each of their last ones.
"""

KEEPERS: list[str] = [
    "lienthu.circulation.queries.copies.records_with_history",
    "lienthu.rotation.queries.records_in_sets",
    "lienthu.stocktaking.queries.records_counted",
    "lienthu.weeding.queries.records_in_lists",
]
CLAIMS: list[str] = ["lienthu.rotation.queries.copies_in_sets"]
ABSENCES = "lienthu.stocktaking.queries.absences.missing_in_last"
