"""How fast the registry answers, against a plain Django REST API and against what is possible.

    make bench AGREEMENTS=100000
    DATA_DIR=/tmp/entente-bench .venv/bin/python -m benchmarks.run --agreements 100000

Builds the data in ``DATA_DIR`` (again only for another size or seed), starts three servers on it, and
asks them the same eight requests in turn. ``README.md`` beside this file says what they are.
"""

import argparse
import json
import os
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

CONCURRENCY = (1, 8)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agreements", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--institutions", type=Path, help="a ROR dump; without one they are invented")
    parser.add_argument("--rounds", type=int, default=3, help="slots of each request and server")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a slot")
    parser.add_argument("--only", help="keys of requests, with commas")
    parser.add_argument("--markdown", type=Path, help="write the table of the documentation here")
    options = parser.parse_args()

    from config.commands import database_for

    with database_for(["manage.py", "migrate"]):
        import django

        django.setup()
        from benchmarks.build import build

        build(options.agreements, options.seed, options.institutions)
        measure_all(options)


def measure_all(options: argparse.Namespace) -> None:
    """Start the servers, ask them, print what came of it."""
    from benchmarks import processes, questions, report

    logs = Path(os.environ["DATA_DIR"])
    with ExitStack() as stack:
        ports = {}
        for server, command in (
            (questions.PLAIN, lambda port: processes.bare("benchmarks.plain.wsgi", port)),
            (questions.OURS, processes.ours),
            (questions.LIMIT, lambda port: processes.bare("benchmarks.limit:application", port)),
        ):
            port = ports[server] = processes.free_port()
            log = logs / f"bench-{server.split()[0]}.log"
            stack.enter_context(processes.running(command(port), port, log))
        only = set(options.only.split(",")) if options.only else None
        drawn = questions.kinds(options.seed, lambda behind: cursors(ports[questions.OURS], behind), only)
        print(f"{options.agreements:,} agreements, seed {options.seed}; {report.machine()}", flush=True)
        for kind in drawn:
            prime(kind, ports)
            compare(kind, ports)
        print(report.HEAD)
        cells: report.Cells = {}
        for kind in drawn:
            for concurrency in CONCURRENCY:
                ask(kind, concurrency, ports, options, cells)
                print(report.text(kind.title, kind.key, concurrency, cells), flush=True)
    if options.markdown:
        titles = {kind.key: kind.title for kind in drawn}
        options.markdown.write_text(report.markdown(titles, options.agreements, options.seed, cells) + "\n")


def ask(kind, concurrency: int, ports: dict[str, int], options: argparse.Namespace, cells) -> None:
    """Ask one request of the servers in turn, round after round; the round before them warms up."""
    from benchmarks.load import measure
    from benchmarks.questions import OURS, SERVERS
    from benchmarks.report import Cell

    for place in range(options.rounds + 1):
        for server in SERVERS:
            paths = kind.paths[server]
            # Each round begins elsewhere, so that a slow server is asked more than the first few values.
            at = place * 13 % len(paths)
            slot = measure(
                ports[server], paths[at:] + paths[:at], concurrency=concurrency,
                seconds=options.seconds if place else options.seconds / 3, least=concurrency,
                headers=kind.headers if server == OURS else {}, again=kind.again and server == OURS,
            )  # fmt: skip
            if place:
                cells.setdefault((kind.key, server, concurrency), Cell()).slots.append(slot)


def prime(kind, ports: dict[str, int]) -> None:
    """Have every record made ready that will be answered: the first reader of one pays for the others."""
    from benchmarks.questions import LIMIT, OURS
    from partnerships.api.prepared import prepare

    for path in kind.paths[OURS]:
        fetched(ports[OURS], path)
    for path in kind.paths[LIMIT]:
        answer = fetched(ports[LIMIT], path)
        missing = [row["missing"] for row in answer.get("results", [answer]) if "missing" in row]
        if missing:
            prepare(missing)


def compare(kind, ports: dict[str, int]) -> None:
    """Say where the servers do not find the same number of agreements."""
    from benchmarks.questions import SERVERS

    if kind.key in ("detail", "detail 304", "deep"):
        return
    for place in range(min(3, len(kind.paths[SERVERS[0]]))):
        counts = {
            server: fetched(ports[server], kind.paths[server][place])["count"] for server in SERVERS
        }  # fmt: skip
        if len(set(counts.values())) > 1:
            asked = kind.paths[SERVERS[0]][place]
            print(f"  found by {asked}: " + ", ".join(f"{name} {found}" for name, found in counts.items()))


def cursors(port: int, behind: int) -> Iterator[str]:
    """Walk ours to the cursor behind so many agreements, then go on page by page."""
    size, cursor, passed = 100, "", 0
    while True:
        if passed >= behind:
            yield cursor
            size = 25
        step = min(size, behind - passed) if passed < behind else size
        query = urlencode({"cursor": cursor, "page_size": step, "fields": "id"})
        following = fetched(port, f"/api/v1/agreements/?{query}")["next"]
        if following is None:
            sys.exit("There are not enough agreements to read so deep.")
        cursor = parse_qs(urlsplit(following).query)["cursor"][0]
        passed += step


def fetched(port: int, path: str) -> dict:
    """The answer of a server, parsed."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
