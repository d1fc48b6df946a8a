"""Whose copies one may print labels for."""

from django.db.models import QuerySet

from lienthu.identity.access import Actor, scopes_with
from lienthu.libraries.queries import Library, libraries

EDIT = "catalogue.edit_record"


def own_libraries(actor: Actor) -> QuerySet[Library]:
    """Libraries whose copies this actor looks after."""
    return libraries().filter(scope__in=scopes_with(actor, EDIT)).select_related("scope").order_by("name_sort", "code")
