"""The one table of what `lienthu serve` runs, in the order of starting and of stopping. The database outlives them all.

{python}, {host}, {port}, {workers} and {threads} in a command are filled in when it is started.
"""

from dataclasses import dataclass

from lienthu.server.language import gettext_noop

_DJANGO = ("{python}", "-P", "-m", "django")
# glibc gives each thread an area of memory of its own and hardly ever gives it back: with one for all of a process,
# everything at rest takes some 25 MB less (measured before ADR 17: 485 against 458 MB). Small objects of Python live
# elsewhere.
_ONE_AREA = (("MALLOC_ARENA_MAX", "1"),)


@dataclass(frozen=True, kw_only=True)
class Child:
    """A process that is kept running.

    essential: when it cannot be kept running, everything stops. health: the path that must answer 200 before the
    product is called ready. stop_seconds: how long it may take to finish its work after SIGTERM. wanted_by: it runs
    only when one of these variables of the environment is set (none: always). variables: set in its environment.
    preloaded: it comes out of the process that has loaded the application already, where that is possible.
    """

    name: str
    command: tuple[str, ...]
    essential: bool = False
    health: str = ""
    stop_seconds: float = 20.0
    wanted_by: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = _ONE_AREA
    preloaded: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """A command that runs to its end before the children start, and only again when its inputs have changed.

    inputs: patterns of files in the package. demonstration: left out by --empty. in_database: its effect is in the
    database, so another database needs it again.
    """

    name: str
    label: str
    command: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    demonstration: bool = False
    in_database: bool = True


MIGRATE = Step(
    name="migrate",
    label=gettext_noop("Chuẩn bị cơ sở dữ liệu"),
    command=(*_DJANGO, "migrate", "--no-input", "--verbosity", "0"),
    inputs=("*/migrations/*.py",),
)

STEPS = (
    MIGRATE,
    Step(
        name="static",
        label=gettext_noop("Chuẩn bị giao diện"),
        command=(*_DJANGO, "collectstatic", "--no-input", "--clear", "--verbosity", "0"),
        inputs=("*/static/**/*", "config/settings.py"),
        variables=(("LIENTHU_COLLECTING_STATIC", "1"),),
        in_database=False,
    ),
    Step(
        name="demo",
        label=gettext_noop("Nạp tỉnh trình diễn"),
        command=(*_DJANGO, "demo"),
        demonstration=True,
    ),
)

# It is started when the first child is to come out of it, and ends last.
PRELOADER = ("{python}", "-P", "-m", "lienthu.config.preloader")

CHILDREN = (
    Child(
        name="web",
        command=(
            *("{python}", "-P", "-m", "lienthu.config.web_process", "--host", "{host}", "--port", "{port}"),
            *("--interface", "wsgi", "--no-ws", "--log-level", "warning"),
            *("--workers", "{workers}", "--blocking-threads", "{threads}"),
            *("--respawn-failed-workers", "--workers-kill-timeout", "5", "lienthu.config.wsgi:application"),
        ),
        essential=True,
        health="/health",
        preloaded=True,
    ),
    Child(
        name="jobs", command=("{python}", "-P", "-m", "lienthu.config.job_process"), stop_seconds=30.0, preloaded=True
    ),
    # the threads of the search engine would wait for each other
    Child(name="indexer", command=(*_DJANGO, "indexer"), variables=(), preloaded=True),
    Child(
        name="sip2",
        command=(*_DJANGO, "sip2"),
        wanted_by=("LIENTHU_SIP2_PORT", "LIENTHU_SIP2_TLS_PORT"),
        preloaded=True,
    ),
)
