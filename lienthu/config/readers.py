"""Which rooms above the readers' keep things of a reader: each names a module with the functions of
`patrons.actions.owners.Owner`. They take part when readers are merged, parted, exported and erased.
"""

OWNERS: list[str] = [
    "lienthu.circulation.actions.owning",
    "lienthu.fees.actions.owning",
    "lienthu.notices.actions.owning",
    "lienthu.readinglists.actions.owning",
]
