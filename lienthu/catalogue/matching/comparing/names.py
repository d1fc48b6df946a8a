"""Persons, bodies and statements of responsibility."""

from collections.abc import Iterator

from lienthu.catalogue.matching import persons
from lienthu.catalogue.matching.comparing.found import Found
from lienthu.catalogue.matching.evidence import Evidence
from lienthu.catalogue.matching.wordlists import share_of
from lienthu.kernel.text import folded_key


def names(left: Evidence, right: Evidence) -> Iterator[Found]:
    """Persons and bodies of the headings, and of the statement of responsibility where a heading is missing."""
    best = _best_pair(left.names, right.names)
    if best is not None and best[0] in (persons.SAME, persons.COMPATIBLE):
        weight = 2.0 if best[0] == persons.SAME else 1.7
        yield Found(
            "name_same" if best[0] == persons.SAME else "name_compatible", weight, best[1], best[2], support=True
        )
        return
    stated = _stated(left.names, right.responsibility) or _stated(right.names, left.responsibility)
    if stated:
        yield Found("name_in_statement", 1.7, _shown(left), _shown(right), support=True)
        return
    # What one list takes for a person may be a body in another.
    body = _best_pair(left.bodies or left.names, right.bodies or right.names)
    if body is not None and body[0] in (persons.SAME, persons.COMPATIBLE) and not (left.names and right.names):
        yield Found("body_same", 1.5, body[1], body[2], support=True)
        return
    said, other_said = folded_key(left.responsibility), folded_key(right.responsibility)
    if said and said == other_said:
        yield Found("statement_same", 1.7, left.responsibility, right.responsibility, support=True)
    elif best is not None:
        code = "name_other_marks" if best[0] == persons.OTHER_MARKS else "name_different"
        yield Found(code, -4.0, _shown(left), _shown(right), doubt=True)
    elif left.bodies and right.bodies and not left.names and not right.names:
        yield Found("body_different", -2.0, left.bodies[0], right.bodies[0], doubt=True)
    elif (left.names and right.bodies) or (right.names and left.bodies):
        yield Found("name_against_body", -1.0, _shown(left), _shown(right))
    elif said and other_said:
        alike = share_of(said, other_said) >= 0.6
        yield Found("statement_near" if alike else "statement_different", 1.0 if alike else -2.0, left.responsibility,
                    right.responsibility, support=alike, doubt=not alike)  # fmt: skip


def _shown(evidence: Evidence) -> str:
    return "; ".join((evidence.names or evidence.bodies)[:2]) or evidence.responsibility


def _best_pair(lefts: tuple[str, ...], rights: tuple[str, ...]) -> tuple[str, str, str] | None:
    """The best comparison of any name with any name; None when a side names nobody."""
    if not lefts or not rights:
        return None
    common = [name for name in lefts if name in rights]
    if common:
        return persons.SAME, common[0], common[0]
    found = None
    for one in lefts:
        for other in rights:
            result = persons.compare_names(one, other)
            if result == persons.SAME:
                return result, one, other
            if found is None or _ORDER[result] < _ORDER[found[0]]:
                found = (result, one, other)
    return found


_ORDER = {persons.SAME: 0, persons.COMPATIBLE: 1, persons.OTHER_MARKS: 2, persons.DIFFERENT: 3}


def _stated(headings: tuple[str, ...], statement: str) -> bool:
    """Whether the statement of responsibility names one of the persons, with marks unless it bears none."""
    if not headings or not statement:
        return False
    words = set(statement.split())
    plain = set(folded_key(statement).split())
    for name in headings:
        mine = name.split()
        if len(mine) > 1 and all(word in words for word in mine):
            return True
        if len(mine) > 1 and statement.isascii() and all(word in plain for word in folded_key(name).split()):
            return True
        if len(mine) > 1 and name.isascii() and all(word in plain for word in mine):
            return True
    return False
