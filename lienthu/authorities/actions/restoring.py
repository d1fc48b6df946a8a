"""Bringing authorities back to the state in which a change found them."""

from collections.abc import Mapping
from typing import Any

from lienthu.audit.actions import Writing
from lienthu.authorities.actions.state import keep_revision, replace_relations, write_forms
from lienthu.authorities.models import Authority, Change, Status
from lienthu.authorities.policy.forms import HeadingForm


def restore_states(w: Writing, authorities: Mapping[int, Authority], change: Change) -> None:
    """Write the states that a change keeps; what the change itself made is put out of use."""
    # Freed first, since a heading may go from one of them back to another.
    for authority in authorities.values():
        authority.forms.all().delete()
    relations: set[tuple[int, int, str]] = set()
    for before in change.before:
        authority, state = authorities[before["id"]], before["state"]
        if state is None:
            authority.status = Status.DELETED
            continue
        restore_words(authority, state)
        relations |= {(a, b, kind) for a, b, kind in state["relations"]}
    replace_relations(list(authorities), relations)
    for authority in authorities.values():
        keep_revision(w, authority, "REVERTED", change)


def restore_words(authority: Authority, state: Mapping[str, Any]) -> None:
    """Give an authority the forms and texts of a kept state; its relations and its revision are left to the caller."""
    authority.status, authority.merged_into_id = state["status"], state["merged_into"]
    authority.dates, authority.note, authority.sources = state["dates"], state["note"], state["sources"]
    forms = [
        HeadingForm(authority.kind, tuple((code, value) for code, value in one["subfields"]), one["indicators"])
        for one in state["forms"]
    ]
    write_forms(authority, forms[0], forms[1:])
