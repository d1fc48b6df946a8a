"""The relations of an authority in words."""

from django.db.models import Q

from lienthu.authorities.models import Relation


def related_texts(authority_id: int) -> dict[str, list[str]]:
    """Preferred forms of related authorities: under "broader", "narrower" and "related"."""
    found: dict[str, list[str]] = {"broader": [], "narrower": [], "related": []}
    rows = Relation.objects.filter(Q(authority=authority_id) | Q(other=authority_id))
    for row in rows.select_related("authority", "other").order_by("pk"):
        outward = row.authority_id == authority_id
        other = row.other if outward else row.authority
        name = "related" if row.kind == "RELATED" else "broader" if outward else "narrower"
        found[name].append(other.text)
    return found
