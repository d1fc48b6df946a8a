"""`lienthu serve` with small children in the place of the real ones: HOME PORT [--empty] [--failing NAME]."""

import sys
from pathlib import Path

from lienthu.server.children import Child, Step
from lienthu.server.errors import ServerError
from lienthu.server.options import ServeOptions
from lienthu.server.services import Patience
from lienthu.server.supervisor import Supervisor

# a leader with workers that it ends itself, as web servers are
WEB = (
    "trap 'kill $worker $server' TERM; sleep 1000 & worker=$!; "
    "{python} -m http.server {port} --bind {host} & server=$!; wait"
)
CHILDREN = (
    Child(name="web", command=("/bin/sh", "-c", WEB), essential=True, health="/"),
    Child(name="jobs", command=("sleep", "1001")),
)
SHOW = "import os; print('database', os.environ['DATABASE_URL'], os.environ['LIENTHU_SECRET_KEY'][:4])"
STEPS = (
    Step(name="first", label="Bước một", command=("{python}", "-c", SHOW)),
    Step(name="demo", label="Bước trình diễn", command=("{python}", "-c", "print('loaded')"), demonstration=True),
)


def main() -> int:
    arguments = sys.argv[1:]
    failing = arguments[arguments.index("--failing") + 1] if "--failing" in arguments else ""
    children = [
        Child(name=child.name, command=("/bin/sh", "-c", "echo out of order; exit 3"), essential=child.essential)
        if child.name == failing
        else child
        for child in CHILDREN
    ]
    steps = [
        Step(name=step.name, label=step.label, command=("/bin/sh", "-c", "echo no table; exit 4"))
        if step.name == failing
        else step
        for step in STEPS
    ]
    options = ServeOptions(home=Path(arguments[0]), port=int(arguments[1]), empty="--empty" in arguments)
    patience = Patience(first_pause=0.05, most_failures=3)
    try:
        return Supervisor(options, children=tuple(children), steps=tuple(steps), patience=patience).run()
    except ServerError as error:
        print(f"lienthu: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
