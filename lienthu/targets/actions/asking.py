"""Asking one target, whatever it speaks: its row in, its records as MARC out."""

from dataclasses import dataclass

from lienthu.targets import sru, z3950
from lienthu.targets.answers import RawAnswer, RawFound
from lienthu.targets.conversion import Converted, convert
from lienthu.targets.models import Charset, Kind, Target
from lienthu.targets.policy.asking import Question
from lienthu.targets.problems import TargetProblem
from lienthu.targets.secrets import opened
from lienthu.targets.sru import cql
from lienthu.targets.z3950 import pqf

# What YAZ calls the charsets that words may have to be sent in; the others get UTF-8.
_QUERY_CHARSETS = {Charset.MARC8: "marc8", Charset.LATIN1: "iso-8859-1", Charset.CP1258: "cp1258"}


@dataclass(frozen=True, slots=True)
class Usable:
    """One record of an answer with what it says."""

    raw: RawFound
    converted: Converted


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer: `skipped` are records that came but could not be used."""

    hits: int
    records: tuple[Usable, ...]
    skipped: int


def ask_target(target: Target, question: Question) -> Asked:
    """Ask over the network and read what came. Needs no database. Raises TargetProblem."""
    raw = _ask(target, question)
    usable: list[Usable] = []
    problem: TargetProblem | None = None
    for found in raw.records:
        try:
            usable.append(Usable(found, convert(found, charset=target.charset)))
        except TargetProblem as error:
            problem = error
    if raw.records and not usable and problem is not None:
        raise problem
    return Asked(raw.hits, tuple(usable), raw.skipped + len(raw.records) - len(usable))


def _ask(target: Target, question: Question) -> RawAnswer:
    secret = opened(sealed=target.secret, name=target.secret_name)
    if Kind(target.kind).is_sru:
        query = cql.query_of(question, {**cql.DEFAULT_INDEXES, **target.indexes})
        server = sru.Server(
            url=target.address,
            version=Kind(target.kind).sru_version,
            schema=target.syntax,
            user=target.user,
            password=secret,
        )
        _need(query)
        return sru.ask(server, query=query, seconds=target.timeout, records=target.records)
    query = pqf.query_of(question, {**pqf.DEFAULT_INDEXES, **target.indexes})
    _need(query)
    return z3950.ask(_z3950(target, secret), query=query, seconds=target.timeout, records=target.records)


def _z3950(target: Target, secret: str) -> z3950.Server:
    return z3950.Server(
        host=target.address,
        port=target.port or 210,
        database=target.database or "Default",
        syntax=target.syntax,
        user=target.user,
        password=secret,
        query_charset=_QUERY_CHARSETS.get(Charset(target.charset), ""),
    )


def _need(query: str) -> None:
    if not query:
        raise TargetProblem("no_index")
